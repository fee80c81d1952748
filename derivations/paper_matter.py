"""What the document on the paper says around its chains: notation, questions, and where results are measured."""

import sympy as sp

from derivations import neural_tangent as nt
from derivations import two_layer as eq
from derivations.convex_loss import G, M
from derivations.ledger import STATEMENTS
from derivations.matter import Matter, Notation
from derivations.paper_references import REFERENCES
from derivations.tangent_steps import J, P
from derivations.two_layer_meaning import PHI, RHO, TAU, Z

MOVES, WAY, FAST, GROKS, WRONG = (
    "What moves?",
    "Which way?",
    "How fast?",
    "When does it grok?",
    "What is wrong in print?",
)

NOTATION = (
    Notation(eq.X, "n × d_in", "inputs, one sample a row"),
    Notation(eq.Y, "n × d_out", "targets"),
    Notation(eq.W1, "d_in × d_h", "first layer; in modular arithmetic the embedding"),
    Notation(eq.W2, "d_h × d_out", "second layer, the readout"),
    Notation(Z, "n × d_h", "pre-activations XW1"),
    Notation(eq.H, "n × d_h", "hidden activations σ(Z), σ elementwise"),
    Notation(sp.Symbol("lambda"), "number ≥ 0", "weight decay; the ridge of the readout"),
    Notation(sp.Symbol("L"), "number", "training loss ‖HW2 − Y‖²"),
    Notation(sp.Symbol("L_lambda"), "number", "regularized loss, L + λ × squared norm of all parameters"),
    Notation(PHI, "d_h × d_out", "optimal readout of a given first layer"),
    Notation(eq.K, "n × n", "Gram matrix of the hidden activations with its ridge, HHᵀ + λI"),
    Notation(eq.B, "n × d_out", "dual readout K⁻¹Y, so that φ = HᵀB"),
    Notation(sp.Symbol("R"), "number", "reduced cost: L_λ at the optimal readout"),
    Notation(RHO, "number", "R/λ less ‖W1‖²"),
    Notation(sp.Symbol("t"), "number", "flow time of dθ/dt = −∇L_λ"),
    Notation(TAU, "number", "slow time 2λt"),
    Notation(sp.Symbol("theta"), "d", "all parameters in one column; θ₁ the slow part, θ₂ the fast part"),
    Notation(sp.Symbol("F"), "km", "outputs of all k samples, m each, in one column"),
    Notation(J, "km × d", "Jacobian ∇F"),
    Notation(P, "d × d", "projector I − J⁺J on the tangent space of the zero-loss set L = 0"),
    Notation(G, "n × d_out", "gradient ∇ℓ of a convex loss at the outputs"),
    Notation(M, "n × d_out", "its multiplier −G/(2λ), in place of B"),
    Notation(nt.V1, "d_in × d_h", "direction in the first layer; V2 in the second"),
    Notation(sp.Symbol("q"), "number", "degree of σ where σ(cz) = c^q σ(z) for c > 0"),
    Notation(sp.Symbol("epsilon"), "number > 0", "learning rate of the first layer over that of the readout"),
    Notation(eq.squared_norm(eq.H), "number", "sum of squared entries, Tr(HᵀH)"),
    Notation(sp.HadamardProduct(eq.H, Z), "n × d_h", "entry by entry"),
)

QUESTIONS = {
    "Toy models": MOVES,
    "Regularized gradient flow": MOVES,
    "Zero-loss set": MOVES,
    "Isolated dynamics": MOVES,
    "Two-layer networks": MOVES,
    "Gradient orthogonality": WAY,
    "(11)": WAY,
    "(17)": WAY,
    "(20)": WAY,
    "(28)": WAY,
    "(29)": WAY,
    "Every convex loss": WAY,
    "Neural tangent kernel of a two-layer network": WAY,
    "Zero-loss flow of a two-layer network": WAY,
    "Deeper networks": WAY,
    "Decay elimination: W1(τ) = αe^{−τ}V(S), where V moves without decay from the start of the unscaled run": GROKS,
    "Solvable cases": FAST,
    "Norm law of every neuron: half the rate of ‖w1_j‖², for every λ": FAST,
    "Norm laws of the hidden layers: half the rate of ‖W_i‖², for every λ": FAST,
    "Laws that do not know the loss": FAST,
    "Modular addition in frequency space": GROKS,
    "Fig. 1: training loss and expected test loss": GROKS,
    "Errata": WRONG,
    "Slips of the pen": WRONG,
}

PAPER = Matter(
    title="Derivations of the decoupled dynamics",
    introduction="Every line follows from the one before by the rule that stands above it, and is decided by "
    "machine: what is printed is what was checked. A grey bar marks a line, a brown one a result; the time is "
    "flow time t or slow time τ = 2λt, as it says.",
    notation=NOTATION,
    questions=QUESTIONS,
    references=REFERENCES,
    ledger=STATEMENTS,
)
