"""Contestants in processes of their own, one at work at a time: no library's waiting threads disturb another's."""

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from multiprocessing import get_context
from typing import Any
from unittest.mock import patch

import numpy as np
from _contestants import PEERS, Velocity
from numpy.typing import NDArray

from reduced.flows.two_layer import first_layer_flow
from reduced.integration.integrators import INTEGRATORS
from reduced.integration.solve import integrate
from reduced.network.observables import accuracy
from reduced.runs.experiment import Experiment, draw

Array = NDArray[np.float64]
#: Largest relative difference between contestants.
AGREEMENT = 1e-8
#: Seconds after which the threads of the contestant before have gone to sleep.
REST = 0.05
#: Seconds of calls before the one that is timed: threads that slept may share a core at first.
WARMING = 0.15
_bound: dict[str, Any] = {}


@contextmanager
def contestant(name: str, experiment: Experiment, threads: int) -> Iterator[Callable[..., Any]]:
    """Process that holds one contestant, as a caller of functions in it; its libraries see ``threads`` cores only."""
    limits = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), str(threads))
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:

        def call(function: Callable[..., Any], *arguments: Any) -> Any:
            return pool.submit(function, *arguments).result()

        with patch.dict(os.environ, limits):
            call(_bind, name, experiment, threads)
        yield call


def race(names: list[str], experiment: Experiment, threads: int, rounds: int) -> dict[str, Array]:
    """Seconds of one evaluation, each round and contestant, after all have agreed with the first to 1e-8.

    A round times everyone once, so that drifts of the machine hit all alike.

    Raises
    ------
    RuntimeError
        If a contestant computes something else.
    """
    with ExitStack() as stack:
        calls = {name: stack.enter_context(contestant(name, experiment, threads)) for name in names}
        expected = calls[names[0]](_evaluate)
        for name, call in calls.items():
            found = call(_evaluate)
            if found.shape == expected.shape and _apart(found, expected) > AGREEMENT:
                raise RuntimeError(
                    f"{name} differs from {names[0]} by {_apart(found, expected):.1e}: not timed"
                )
        seconds: dict[str, Array] = {name: np.empty(rounds) for name in names}
        for i in range(rounds):
            for name, call in calls.items():
                time.sleep(REST)
                seconds[name][i] = call(_time)
    return seconds


def euler_run(name: str, experiment: Experiment, threads: int, steps: int) -> float:
    """Seconds of the paper's Euler steps by one contestant, nothing observed."""
    with contestant(name, experiment, threads) as call:
        return float(call(_euler, steps))


def resolved_run(experiment: Experiment, threads: int, share: float) -> tuple[float, int]:
    """Seconds and evaluations of the resolved flow, test accuracy at every step included."""
    with contestant("generated field", experiment, threads) as call:
        seconds, evaluations = call(_resolve, share)
    return float(seconds), int(evaluations)


def _bind(name: str, experiment: Experiment, threads: int) -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])
    if "PyTorch" in name:
        import torch

        torch.set_num_threads(threads)
    train, test, start = draw(experiment)
    velocity: Velocity = PEERS[name](train.X, train.Y)
    W1 = start + 1e-3 * first_layer_flow(train.X, train.Y)(0.0, start)
    _bound.update(velocity=velocity, train=train, test=test, start=start, W1=W1, experiment=experiment)


def _evaluate() -> Array:
    return np.array(_bound["velocity"](_bound["W1"]))


def _time() -> float:
    """A few calls as in a long integration, until threads and caches are awake, and one to time."""
    awake = time.perf_counter() + WARMING
    while time.perf_counter() < awake:
        _bound["velocity"](_bound["W1"])
    began = time.perf_counter()
    _bound["velocity"](_bound["W1"])
    return time.perf_counter() - began


def _euler(steps: int) -> float:
    W1, step = _bound["start"], _bound["experiment"].step
    began = time.perf_counter()
    for _ in range(steps):
        W1 = W1 + step * _bound["velocity"](W1)
    return time.perf_counter() - began


def _resolve(share: float) -> tuple[float, int]:
    train, test, end = _bound["train"], _bound["test"], _bound["experiment"].slow_time
    flow = first_layer_flow(train.X, train.Y)
    path = integrate(
        flow,
        _bound["start"],
        (0.0, end),
        method=INTEGRATORS["resolved"].method,
        step=share,
        t_eval=[end],
        observe=lambda _, W1: {"test": accuracy(W1, flow.readout(W1), test)},
    )
    return path.seconds, path.nfev


def _apart(found: Array, expected: Array) -> float:
    return float(np.linalg.norm(found - expected) / np.linalg.norm(expected))
