"""The two kinds of networks whose grokking times are compared: dense ones, and ones tied to templates."""

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from reduced.flows.two_layer import first_layer_flow
from reduced.flows.zero_loss import retracted, zero_loss_flow
from reduced.flows.zero_loss_set import tangent_part
from reduced.network.losses import get_loss
from reduced.network.observables import predictions
from reduced.network.parameters import Pair, norm
from reduced.network.problem import bind
from reduced.predictors.runs import Setting
from reduced.runs.equivariant import equivariant_start
from reduced.studies.ladder import start_on_set
from reduced.symmetry.accuracy import outputs_of, right_classes
from reduced.symmetry.classes import held_out
from reduced.symmetry.evaluation import bind_classes
from reduced.symmetry.flow import equivariant_flow
from reduced.symmetry.tangent import Tangent
from reduced.symmetry.workspace import Workspace
from reduced.symmetry.zero_loss import equivariant_zero_loss_flow
from reduced.tasks.modular import modular_addition
from reduced.training.equivariant import equivariant_train
from reduced.training.gradient_descent import train, uniform_start

Array = NDArray[np.float64]
#: Retracted Euler steps of the dense zero-loss flow; relative ones of the flow in frequency space, which relaxes.
RETRACTED, RELATIVE = 0.05, 0.01
#: Relative residual of the zero-loss flow's linear solve; a retraction or the relaxation takes its error out again.
LOOSE = 1e-2
#: Relative residual of the solve for the contraction, and of the readout in the first-layer flow.
EXACT, READOUT = 1e-8, 5e-4


class Network(Protocol):
    """Data and start of a setting, with what can be done to them."""

    #: How often each entry of the state stands in the dense network.
    copies: int

    def accuracies(self, state: Pair) -> tuple[float, float]:
        """On the training and on the test set."""

    def contraction(self, state: Pair) -> float:
        """κ = −½ d ln‖θ‖²/dτ of the path at a memorized state."""

    def train(self, **options: Any) -> Any:
        """Gradient descent on both layers from the start of training."""

    def zero_loss(self) -> tuple[Any, Pair, dict[str, Any]]:
        """The zero-loss flow, its start, and how to integrate it."""

    def first_layer(self) -> tuple[Any, Array]:
        """The first-layer flow and its start."""


def network_of(setting: Setting) -> Network:
    """The network of a setting, drawn from its seed."""
    return Dense(setting) if setting.space == "dense" else Tied(setting)


class Dense:
    """A dense network on random pairs."""

    copies = 1

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.pairs, self.test = modular_addition(setting.p, setting.train_fraction, setting.seed)
        targets = get_loss(setting.loss).from_one_hot(self.pairs.Y)
        self.problem = bind(self.pairs.X, targets, setting.activation)

    def accuracies(self, state: Pair) -> tuple[float, float]:
        """On the training and on the test set."""
        sets = self.pairs, self.test
        outputs = [predictions(*state, one.X, self.setting.activation).argmax(axis=1) for one in sets]
        first, second = (float(np.mean(out == one.labels)) for out, one in zip(outputs, sets, strict=True))
        return first, second

    def contraction(self, state: Pair) -> float:
        """κ = −½ d ln‖θ‖²/dτ of the path at a memorized state."""
        if self.setting.path == "first-layer flow":
            speed = float(np.linalg.norm(self.first_layer()[0](0.0, state[0])))
        else:
            speed = norm(tangent_part(self.problem, state, state))
        return (speed / norm(state)) ** 2

    def train(self, **options: Any) -> Any:
        """Gradient descent on both layers from the start of training."""
        s = self.setting
        first, second = uniform_start(s.p, s.hidden, s.p, s.seed)
        start = s.init_factor * first, s.init_factor * second
        given = self.problem.X, self.problem.Y, start
        return train(*given, activation=s.activation, loss=s.loss, **options)

    def _on_the_set(self) -> Pair:
        W1, _ = start_on_set(self.problem, self.setting.hidden, self.setting.seed)
        W1 = self.setting.init_factor * W1
        return W1, self.first_layer()[0].at(W1).readout

    def zero_loss(self) -> tuple[Any, Pair, dict[str, Any]]:
        """The zero-loss flow, its start, and how to integrate it."""
        given = self.problem.X, self.problem.Y, self.problem.activation
        sliding = retracted(self.problem, zero_loss_flow(*given, tolerance=LOOSE), RETRACTED)
        how = {"method": "euler", "step": RETRACTED, "observe_every": RETRACTED}
        return sliding, self._on_the_set(), how

    def first_layer(self) -> tuple[Any, Array]:
        """The first-layer flow and its start."""
        s, given = self.setting, (self.problem.X, self.problem.Y, self.problem.activation)
        W1, _ = start_on_set(self.problem, s.hidden, s.seed)
        return first_layer_flow(*given, tolerance=READOUT), s.init_factor * W1


class Tied:
    """A network tied to templates, on whole difference classes; its state is (f, ω), both (m, p)."""

    def __init__(self, setting: Setting) -> None:
        s = self.setting = setting
        self.copies = s.p
        self.classes, self.f = equivariant_start(
            s.p, s.train_fraction, s.hidden, s.init_factor * s.p**-0.5, s.seed
        )
        self._given = bind_classes(s.p, self.classes, s.activation)
        self._sets = [
            Workspace(bind_classes(s.p, which, s.activation), s.hidden)
            for which in (self.classes, held_out(s.p, self.classes))
        ]

    def accuracies(self, state: Pair) -> tuple[float, float]:
        """On the training and on the test set."""
        fitted, tested = (float(right_classes(outputs_of(one, *state)).mean()) for one in self._sets)
        return fitted, tested

    def contraction(self, state: Pair) -> float:
        """κ = −½ d ln‖θ‖²/dτ of the path at a memorized state."""
        if self.setting.path == "first-layer flow":
            speed = float(np.linalg.norm(self.first_layer()[0](0.0, state[0])))
            return (speed / norm(state)) ** 2
        tangent = Tangent(self._given, state, 1.0)
        normal = tangent.adjoint(tangent.solve(tangent.output_change(state), EXACT))
        return 1 - (norm(normal) / norm(state)) ** 2

    def train(self, **options: Any) -> Any:
        """Gradient descent on both layers from the start of training."""
        s = self.setting
        rng = np.random.default_rng([s.seed, 1])
        omega = s.init_factor * s.hidden**-0.5 * s.p**-0.5 * rng.standard_normal(self.f.shape)
        return equivariant_train(s.p, self.classes, (self.f, omega), activation=s.activation, **options)

    def zero_loss(self) -> tuple[Any, Pair, dict[str, Any]]:
        """The zero-loss flow, its start, and how to integrate it."""
        given = self.setting.p, self.classes, self.setting.activation
        flow = equivariant_zero_loss_flow(*given, tolerance=LOOSE)
        start = self.f, self.first_layer()[0].readout(self.f)
        return flow, start, {"method": "relative_euler", "step": RELATIVE}

    def first_layer(self) -> tuple[Any, Array]:
        """The first-layer flow and its start."""
        given = self.setting.p, self.classes, self.setting.activation
        return equivariant_flow(*given, tolerance=READOUT), self.f
