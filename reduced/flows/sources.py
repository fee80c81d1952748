"""The NumPy source that goes with each derived flow, for the document."""

from derivations import toy_models, two_layer_steps
from reduced.codegen.functions import scalar_function
from reduced.flows import deep
from reduced.network import equations
from reduced.network.activations import get_activation
from reduced.network.equations import Quantity

KERNELS_IN_WORDS = {
    "product": "product(A, B) is the matrix product AB",
    "gram": "gram(A, ridge) is AAᵀ + ridge × I, of which only the lower triangle is filled",
    "cholesky": "cholesky(K) is the lower triangular L with LLᵀ = K; a K that is not positive definite is refused",
    "solve": "solve(L, B) is K⁻¹B, with the Cholesky factor L of K",
    "apply": "apply(f, Z) is f of every entry of Z",
    "hadamard": "hadamard(A, f, Z) is A ⊙ f(Z), entry by entry",
    "inner": "inner(A, B) is Tr(AᵀB)",
    "logsumexp": "logsumexp(A) is log Σ exp along the last axis, which stays",
}
"""What generated source calls, each kernel writing into a buffer that the next evaluation reuses."""


def sources() -> dict[str, str]:
    """Title of a step -> generated source of its flow, with ReLU where an activation is needed.

    Examples
    --------
    >>> print(sources()["Fig. 3: the product model's w₁ in the zero-loss regime"])
    def product_zero_loss(w_1, x, y):
        x0 = w_1**2*x
        return -(x0 - y)*(x0 + y)/((w_1*w_1*w_1)*x**2)
    """
    relu = get_activation("relu")
    titles = {step.label: step.title for step in two_layer_steps.steps()}
    hidden_flow = str(deep.generated("hidden_flow", 2, relu))
    product = toy_models.decoupled_product()
    w1, x, y, decay = toy_models.w[0], toy_models.x, toy_models.y, toy_models.decay
    zero_loss = product.limit(decay).flow[w1]
    return {
        titles["(3), two layers"]: str(equations.generated(Quantity.FULL_FLOW, relu)),
        titles["(17)"]: str(equations.generated(Quantity.FIRST_LAYER_FLOW_PRIMAL, relu)),
        titles["(20)"]: str(equations.generated(Quantity.FIRST_LAYER_FLOW, relu)),
        "Flow of W1 in a three-layer network": hidden_flow,
        "Flow of W2 in a three-layer network": hidden_flow,
        "Fig. 3: the product model's w₁ with w₂ optimal, λ > 0": str(
            scalar_function("product_decoupled", [w1, x, y, decay], product.flow[w1])
        ),
        "Fig. 3: the product model's w₁ in the zero-loss regime": str(
            scalar_function("product_zero_loss", [w1, x, y], zero_loss)
        ),
    }
