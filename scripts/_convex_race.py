"""The readout of cross-entropy along one run, against PyTorch's L-BFGS on the same first layers to the same gap."""

import time
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from reduced.flows.convex import ConvexFlow
from reduced.integration.solve import integrate
from reduced.network.problem import bind
from reduced.runs.experiment import Experiment, bound_flow, draw, method_options, readout_tolerance

Array = NDArray[np.float64]
#: Numbers of the calls along the run at which a window of successive calls begins; its first one warms up.
WINDOWS, LENGTH = (0.02, 0.3, 0.6, 0.9), 5
#: Three Legendre stages of a step h err by this share of h times the change of the field over the step.
STEP_ERROR = 7 / 24
#: Iterations of L-BFGS between looks at the gap, and most of them for one readout.
BETWEEN, MOST = 10, 20_000


def accuracy_along(experiment: Experiment) -> dict[str, float]:
    """Largest gap, and largest error of the field as a share of the step's own, over every step of a run.

    The field at both ends of a step is held against one whose gap is closed to 1e-13 of the cost.
    """
    train, _, W1 = draw(experiment)
    flow = bound_flow(experiment, train)
    bound = bind(train.X, train.Y, experiment.activation, experiment.ridge, experiment.loss)
    exact = ConvexFlow(bound, 3e-7)
    rows: list[tuple[float, float, Array]] = []

    def look(tau: float, W1: Array) -> dict[str, Any]:
        optimum, velocity = flow.at(W1), exact(tau, W1)
        rows.append((optimum.duality_gap, float(np.linalg.norm(optimum.velocity - velocity)), velocity))
        return {}

    with threadpool_limits(1):
        integrate(flow, W1, (0.0, experiment.slow_time), observe=look, **method_options(experiment))
    own = [STEP_ERROR * np.linalg.norm(b[2] - a[2]) for a, b in pairwise(rows)]
    shares = [row[1] / error for row, error in zip(rows, own, strict=False)]
    relative = [row[1] / float(np.linalg.norm(row[2])) for row in rows]
    return {
        "steps": len(own),
        "largest gap": max(row[0] for row in rows),
        "largest relative error of the field": max(relative),
        "largest share of the step's own error": float(max(shares)),
    }


def whole_run(experiment: Experiment) -> tuple[float, list[Array]]:
    """Seconds of the flow alone on one thread, and the first layers at which it was called."""
    train, _, W1 = draw(experiment)
    flow, called = bound_flow(experiment, train), []

    def followed(tau: float, W1: Array) -> Array:
        called.append(W1.copy())
        return flow(tau, W1)

    with threadpool_limits(1):
        path = integrate(
            followed,
            W1,
            (0.0, experiment.slow_time),
            t_eval=[experiment.slow_time],
            **method_options(experiment),
        )
    return path.seconds, called


def readouts(experiment: Experiment, called: Sequence[Array]) -> dict[str, Array]:
    """Seconds of each contestant on the first layers of the windows, in turns, each from its own last one."""
    train, _, _ = draw(experiment)
    share = readout_tolerance(experiment, len(train.X)) ** 2
    seconds: dict[str, list[float]] = {"duality gap by Newton": [], "L-BFGS, PyTorch": []}
    for place in WINDOWS:
        begin = int(place * len(called))
        flow = bound_flow(experiment, train)
        rivals: dict[str, Callable[[Array], Any]] = {
            "duality gap by Newton": lambda W1, flow=flow: flow(0.0, W1),
            "L-BFGS, PyTorch": lbfgs(train.X, train.labels, experiment.ridge, share),
        }
        for i, W1 in enumerate(called[begin : begin + LENGTH]):
            for name, solve in rivals.items():
                with threadpool_limits(1):
                    began = time.perf_counter()
                    solve(W1)
                    taken = time.perf_counter() - began
                if i > 0:
                    seconds[name].append(taken)
    return {name: np.array(taken) for name, taken in seconds.items()}


def lbfgs(X: Any, labels: Array, ridge: float, share: float) -> Callable[[Array], float]:
    """Readout of softmax and ReLU by PyTorch's L-BFGS with strong Wolfe line search, from the last one.

    Returns
    -------
    callable
        W1 -> the gap as a share of the cost, at most ``share``.
    """
    import torch

    torch.set_num_threads(1)
    inputs, classes = torch.from_numpy(np.asarray(X)), torch.from_numpy(np.asarray(labels))
    kept: dict[str, Any] = {}

    def solve(W1: Array) -> float:
        H = torch.relu(inputs @ torch.from_numpy(W1))
        start = kept.get("W2", torch.zeros(H.shape[1], int(classes.max()) + 1, dtype=torch.float64))
        W2 = start.clone().requires_grad_()
        method = torch.optim.LBFGS(
            [W2],
            max_iter=BETWEEN,
            history_size=20,
            line_search_fn="strong_wolfe",
            tolerance_grad=0.0,
            tolerance_change=0.0,
        )

        def closure() -> Any:
            method.zero_grad()
            cost = torch.nn.functional.cross_entropy(H @ W2, classes, reduction="sum") + ridge * (W2**2).sum()
            cost.backward()
            return cost

        for _ in range(MOST // BETWEEN):
            cost = float(closure().detach())
            gap = float((W2.grad**2).sum()) / (4 * ridge)
            if gap <= share * cost:
                kept["W2"] = W2.detach()
                return gap / cost
            method.step(closure)
        raise RuntimeError(f"L-BFGS stopped at a gap of {gap / cost:.1e} of the cost")

    return solve
