"""Where each result of the paper's document is computed, and which claim measures it.

Names of files and functions, and the words of claims; a test looks each of them up.
"""

from derivations.matter import References

_FLOWS = "reduced/flows/two_layer.py"
_ZERO_LOSS = "reduced/flows/zero_loss.py: zero_loss_flow"
_PRODUCT = "reduced/solutions/product.py"
_REGRESSION = "reduced/solutions/regression.py"
_NEURONS = "reduced/solutions/neurons.py"
_LINEAR = "reduced/solutions/linear_network.py"
_SYMMETRY = "reduced/symmetry/flow.py"

REFERENCES = {
    "(3), two layers": References((f"{_FLOWS}: full_flow",)),
    "(4)": References((), ("training stays at a distance O(λ) from the zero-loss set: slope (gelu)",)),
    "Where training rests: at a distance O(λ) from a regular zero-loss set, O(λ^{1/3}) from a singular one": References(
        (),
        (
            "F = w₁w₂, whose zero-loss set is regular: the distance of training from it is O(λ): slope",
            "F = (w₁w₂ − 1)², singular at every point of the set: the distance is O(λ^(1/3)): slope",
        ),
    ),
    "(5)": References(
        (),
        ("the gradient turns orthogonal to the zero-loss set, in proportion to the distance: slope (relu)",),
    ),
    "(15)": References(
        (f"{_FLOWS}: optimal_readout",),
        ("the residual HW2 − Y is −λK⁻¹Y and the loss λ²‖K⁻¹Y‖² (relu)",),
    ),
    "(16)": References((f"{_FLOWS}: reduced_cost",)),
    "(17)": References((f"{_FLOWS}: first_layer_flow",), ("d(R/λ)/dτ = −2‖dW1/dτ‖² (relu, λ = 0.01)",)),
    "(18)": References((f"{_FLOWS}: optimal_readout",)),
    "(19)": References((f"{_FLOWS}: reduced_cost",)),
    "(20)": References(
        (f"{_FLOWS}: first_layer_flow",),
        (
            "d(R/λ)/dτ = −2‖dW1/dτ‖² (relu, λ → 0)",
            "the first-layer flow with λ > 0 is off λ → 0 by the first power of λ (random tanh network)",
            "the network generalizes: final test accuracy",
        ),
    ),
    "(29)": References(
        (_ZERO_LOSS,),
        (
            "the zero-loss flow is −Pθ, P from a dense pseudo-inverse (gelu, in τ)",
            "training differs from the zero-loss flow by O(λ): slope (gelu, τ ≤ 1/2)",
        ),
    ),
    "Zero-loss flow of a homogeneous network in closed form": References((_ZERO_LOSS,)),
    "A readout that learns 1/ε times faster: ε = 1 is the zero-loss flow, ε → 0 the first-layer flow (20)": References(
        (_ZERO_LOSS,),
        (
            "a readout 1/ε times faster differs from the first-layer flow by O(ε): slope (gelu, λ → 0, τ ≤ 1/2)",
        ),
    ),
    "Decay elimination: W1(τ) = αe^{−τ}V(S), where V moves without decay from the start of the unscaled run": (
        References(
            ("reduced/flows/scaling.py: rescaled_time",),
            ("starting from 1.5 E₀ is the run from E₀ with its time and size rescaled (relu, λ → 0)",),
        )
    ),
    "Norm law of every neuron: half the rate of ‖w1_j‖², for every λ": References(
        (), ("each neuron: d‖w1‖²/dτ = 2(q‖w2‖² − ‖w1‖²) (relu, λ → 0)",)
    ),
    "First-layer flow of any convex loss in slow time τ = 2λt": References((f"{_FLOWS}: first_layer_flow",)),
    "Readout of any convex loss": References(("reduced/flows/convex.py: exact_minimum",)),
    "Laws that do not know the loss": References(
        (), ("each neuron: ‖w1‖² − q‖w2‖² decays as e^(−4λt) in the full flow (relu)",)
    ),
    "Neural tangent kernel, J Jᵀ M with the rates of the layers": References(
        ("reduced/network/neural_tangent.py: linearize",)
    ),
    "Reduced cost of a three-layer network over λ": References(("reduced/flows/deep.py: hidden_cost",)),
    "Flow of W1 in a three-layer network": References(("reduced/flows/deep.py: hidden_flow",)),
    "Flow of W2 in a three-layer network": References(("reduced/flows/deep.py: hidden_flow",)),
    "First-layer flow of the templates in slow time τ = 2λt": References(
        (f"{_SYMMETRY}: equivariant_flow", f"{_SYMMETRY}: equivariant_readout")
    ),
    "Reduced cost of the templates": References((f"{_SYMMETRY}: equivariant_cost",)),
    "linear regression, one singular direction of the inputs": References(
        (f"{_REGRESSION}: linear_regression",),
        ("linear regression, λ → 0: the same without weight decay",),
    ),
    "linear regression, three weights on two samples": References(
        (f"{_REGRESSION}: linear_regression",), ("linear regression, λ = 0.1: three weights on two samples",)
    ),
    "two weights, one sample (1, 1) -> 2, from (−1, 1)": References(
        (f"{_REGRESSION}: two_weights",), ("two weights of Fig. 1, λ = 0.1",)
    ),
    "Fig. 1: training loss and expected test loss": References(
        (f"{_REGRESSION}: two_weights_losses",), ("training and expected test loss of Fig. 1, λ = 0.1",)
    ),
    "Fig. 1 by gradient descent: e^{−2at} becomes (1 − 2ηa)^k": References(
        (f"{_REGRESSION}: two_weights_descent",),
        ("gradient descent of Fig. 1, 300 steps of 0.05, is (1 − 2ηa)^k",),
    ),
    "product of two weights, zero-loss flow": References(
        (f"{_PRODUCT}: product_zero_loss",), ("product of two weights, zero-loss flow in τ",)
    ),
    "product of two weights with target 0, full flow with any weight decay": References(
        (f"{_PRODUCT}: product_cross",),
        ("product of two weights with target 0, full flow in t, λ = 0.25, from (2.0, -0.5)",),
    ),
    "product of two weights, first-layer flow": References(
        (f"{_PRODUCT}: product_first_layer",), ("product of two weights, first-layer flow in τ, λ → 0",)
    ),
    "product of two weights, first-layer flow with ridge κ = λ/a": References(
        (f"{_PRODUCT}: product_first_layer",),
        ("product of two weights, first-layer flow in τ, λ = 9: above the threshold λ = as",),
    ),
    "product of two weights, readout 1/ε times faster": References(
        (f"{_PRODUCT}: product_two_rates",),
        ("product of two weights in τ, readout faster by 1/ε, ε = 0.1",),
    ),
    "product of two weights, full flow with any weight decay: r = (w_1 − w_2)/(w_1 + w_2)": References(
        ("reduced/solutions/kummer.py: product_full",),
        ("product of two weights, full flow in t, λ = 0.25, from (2.0, -0.5)",),
    ),
    "linear network, first-layer flow, one output, G_0 and Q not commuting": References(
        (f"{_LINEAR}: one_output_gram",),
        ("linear network, first-layer flow in τ, one output, nothing commutes",),
    ),
    "linear network, first-layer flow, isotropic targets: the square of G": References(
        (f"{_LINEAR}: isotropic_gram",),
        ("linear network, first-layer flow in τ, isotropic targets from any start",),
    ),
    "linear network, first-layer flow: the trace of G²": References(
        (f"{_LINEAR}: gram_trace",),
        ("linear network, first-layer flow in τ: Tr G² for any start and targets",),
    ),
    "balanced linear network: P = QQᵀ, Q = [W1; W2ᵀ], obeys a Riccati equation, which is solved": References(
        ("reduced/solutions/balanced.py: balanced_network",),
        ("linear network, full flow in t, balanced start, λ = 0.2",),
    ),
    "one sample, one active neuron of degree q": References(
        (f"{_NEURONS}: one_neuron",), ("one active neuron, degree 2, in τ",)
    ),
    "one sample, several active ReLU neurons: N = Σz²": References(
        (f"{_NEURONS}: relu_neurons",), ("three active ReLU neurons share a sample, in τ",)
    ),
    "one sample, several active neurons of degree q ≥ 2: the largest takes all": References(
        (f"{_NEURONS}: winner_takes_all",), ("three neurons of degree 2: the largest takes all, in τ",)
    ),
    "orthogonal samples, every ReLU neuron active on at most one: each sample on its own": References(
        (f"{_NEURONS}: orthogonal_samples",), ("ReLU neurons on orthogonal samples, in τ",)
    ),
    "Fig. 4: the cosine between the gradient and the tangent of the zero-loss set": References(
        ("reduced/solutions/parabola.py: gradient_cosine",),
        ("cosine between the gradient and the tangent at distance 0.4",),
    ),
}
