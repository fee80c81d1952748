"""What is known of a run: how it was set, and the few numbers along it that the laws ask for."""

from dataclasses import dataclass
from typing import Annotated

from reduced.inputs.ranges import Count, Fraction, Modulus, NonNegative, OneOf, Positive, Seed
from reduced.network.activations import ACTIVATIONS, get_activation

#: What may be run from a start: gradient descent on both layers, and the two reduced flows at λ → 0.
PATHS = ("training", "zero-loss flow", "first-layer flow")
SPACES = ("dense", "frequency")


@dataclass(frozen=True)
class Setting:
    """How a run of modular addition is set.

    Parameters
    ----------
    path : str
        ``"training"``, ``"zero-loss flow"`` or ``"first-layer flow"``.
    space : str
        ``"dense"``: random pairs; ``"frequency"``: networks tied to templates, whole difference classes.
    loss : str
        Of training, averaged as libraries do; the flows are those of the squared loss.
    p : int
        Modulus.
    hidden : int
        Hidden width; in frequency space the number of templates.
    train_fraction : float
        Share of the pairs, or of the classes, that trains.
    activation : str
        σ.
    learning_rate, weight_decay, momentum : float
        Of training, in the units of :func:`reduced.train`; the flows have none.
    init_factor : float
        α, the factor of the initial layers; in the flows of the first, whose readout is then optimal.
    slow_time : float
        Length in slow time τ.
    seed : int
        Draws the pairs or classes and the start.
    """

    path: Annotated[str, OneOf(lambda: PATHS)] = "training"
    space: Annotated[str, OneOf(lambda: SPACES)] = "dense"
    loss: str = "squared"
    p: Modulus = 13
    hidden: Count = 128
    train_fraction: Fraction = 0.8
    activation: Annotated[str, OneOf(lambda: ACTIVATIONS)] = "relu"
    learning_rate: Positive = 2.0
    weight_decay: NonNegative = 1e-4
    momentum: NonNegative = 0.9
    init_factor: Positive = 1.0
    slow_time: Positive = 8.0
    seed: Seed = 0

    @property
    def degree(self) -> float:
        """Degree q of the activation; NaN where it is not homogeneous."""
        degree = get_activation(self.activation).degree
        return float("nan") if degree is None else float(degree)


@dataclass(frozen=True)
class Measured:
    """What was measured along a run, in slow time τ = 2λt; squared norms are ‖θ‖² over both layers.

    Parameters
    ----------
    squared_norm_start : float
        At the start.
    memorized : float
        τ at which the training accuracy is 1; 0 in the flows, which start on the zero-loss set.
    squared_norm_memorized, contraction : float
        There, ‖θ‖² and κ = −½ d ln‖θ‖²/dτ: for training with the squared loss 1 − ‖P_Nθ‖²/‖θ‖² with P_N the
        projector on the normal space, in the flows the squared speed over ‖θ‖², for another loss the slope of the
        run over the next 0.2 of slow time.
    generalized, squared_norm_generalized : float
        τ at which the test accuracy reaches 0.95, NaN if it does not, and ‖θ‖² there.
    squared_norm_end, squared_distance : float
        ‖θ‖² at the end, and the squared distance from the memorized state to the last.
    accuracy_end : float
        Test accuracy at the end.
    """

    squared_norm_start: float
    memorized: float
    squared_norm_memorized: float
    contraction: float
    generalized: float
    squared_norm_generalized: float
    squared_norm_end: float
    squared_distance: float
    accuracy_end: float


@dataclass(frozen=True)
class Run:
    """A setting with what was measured."""

    setting: Setting
    measured: Measured
