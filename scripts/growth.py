"""Seconds and memory of the first-layer field against the modulus, directly and by iteration."""

import sys
import time
import tracemalloc
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from _cli import run
from _plot import STYLE, save
from _pyplot import plt
from _ranges import OutPath

from reduced.flows.first_layer import FirstLayerFlow
from reduced.flows.two_layer import first_layer_flow
from reduced.inputs.ranges import Modulus, Positive
from reduced.integration.solve import integrate
from reduced.network.problem import bind
from reduced.readout.iterated import CROSSING, direct_work, iteration_work
from reduced.runs.experiment import Experiment, draw
from reduced.runs.parallel import pinned_pool

#: Hidden units for each training sample, so that p = 113 has 5000.
WIDTH = 1.109
#: Moduli below this one are left out of the fits: there, calls cost more than arithmetic.
FITTED = 37
#: How the path is integrated, and the error of a velocity that is a tenth of what this lets pass.
PATH = {"method": "RK23", "rtol": 1e-2, "atol": 1e-4, "first_step": 1e-7}
TOLERANCE = 1e-3
DRAWN = {
    "seconds": "processor seconds per evaluation",
    "MiB": "peak of all arrays [MiB]",
}


@dataclass(frozen=True)
class Options:
    """Integrate the flow from its start, timing every evaluation; each modulus and way has a process of its own.

    70 % of the pairs train, and there are 1.109 hidden units a sample. The direct way costs the same everywhere and is
    timed on five evaluations. One BLAS thread, so that processor time is wall time on an idle machine.
    """

    moduli: tuple[Modulus, ...] = (11, 19, 29, 37, 53, 71, 89, 113)
    """Moduli p."""
    slow_time: Positive = 0.05
    """Length of the path."""
    out: OutPath = Path("figures/growth.png")
    """Where to save the figure."""


def measure(p: int, slow_time: float, iterate: bool) -> dict[str, float]:
    """Mean processor seconds and iterations of an evaluation, factorizations, and the peak of the arrays in MiB."""
    first_layer_flow(np.eye(2), np.eye(2))(0.0, np.eye(2))  # derives the field
    tracemalloc.start()
    flow, W1 = start(p, iterate)
    for scale in (1.0, 1.0 + 1e-6):
        flow(0.0, scale * W1)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    flow, W1 = start(p, iterate)
    seconds, saved = [], []

    def timed(tau: float, state: Any) -> Any:
        began = time.process_time()
        velocity = flow(tau, state)
        seconds.append(time.process_time() - began)
        saved.append(flow.saved())
        return velocity

    if iterate:
        integrate(timed, W1, (0.0, slow_time), t_eval=[slow_time], **PATH)
    else:
        for _ in range(6):
            timed(0.0, W1)
    samples = training_pairs(p)
    each = iteration_work(samples, W1.shape[1], p)
    renewed = [memory["solutions"] == 1 for memory in saved if memory]
    iterations = [memory["last"] / each - 1 for memory in saved if memory and memory["solutions"] > 1]
    return {
        "ratio": direct_work(samples, W1.shape[1]) / each,
        "seconds": float(np.mean(seconds[1:])),
        "evaluations": len(seconds),
        "iterations": float(np.mean(iterations)) if iterations else 0.0,
        "factorizations": float(np.sum(renewed)),
        "MiB": peak / 2**20,
    }


def start(p: int, iterate: bool) -> tuple[FirstLayerFlow, np.ndarray]:
    """The flow of addition modulo p, evaluated one way, and its first layer."""
    train, _, W1 = draw(Experiment(p=p, hidden=round(WIDTH * training_pairs(p))))
    return FirstLayerFlow(bind(train.X, train.Y), TOLERANCE, rule=lambda *_: iterate), W1


def training_pairs(p: int) -> int:
    """70 % of the pairs modulo p."""
    return round(0.7 * p * (p + 1) / 2)


def exponent(moduli: np.ndarray, values: np.ndarray) -> tuple[float, float]:
    """Slope and intercept of a straight line through the logarithms of the larger moduli."""
    chosen = moduli >= min(FITTED, moduli[-2])
    slope, intercept = np.polyfit(np.log(moduli[chosen]), np.log(values[chosen]), 1)
    return float(slope), float(intercept)


@plt.rc_context(STYLE)
def main(options: Options) -> None:
    """Measure, print a table, fit exponents, and draw."""
    moduli = np.array(options.moduli)
    rows: dict[str, list[dict[str, float]]] = {"direct": [], "by iteration": []}
    for p in options.moduli:
        for way, measured in rows.items():
            with pinned_pool(1) as pool:
                measured.append(pool.submit(measure, p, options.slow_time, way == "by iteration").result())
        direct, iterated = rows["direct"][-1], rows["by iteration"][-1]
        print(
            f"p = {p}: {direct['seconds']:.4f} s and {direct['MiB']:.0f} MiB directly, {iterated['seconds']:.4f} s and "
            f"{iterated['MiB']:.0f} MiB by {iterated['iterations']:.1f} iterations, "
            f"{iterated['factorizations']:.0f} factorizations in {iterated['evaluations']:.0f} evaluations; "
            f"a factorization is worth {direct['ratio']:.1f} iterations (rule: {CROSSING:g})"
        )
    figure, axes = plt.subplots(1, 2, figsize=(12, 5))
    fitted, exponents = moduli[moduli >= min(FITTED, moduli[-2])], []
    for axis, (quantity, label) in zip(axes, DRAWN.items(), strict=True):
        for way, measured in rows.items():
            values = np.array([row[quantity] for row in measured])
            slope, intercept = exponent(moduli, values)
            exponents.append(f"{slope:.2f}")
            line = axis.loglog(moduli, values, "o", label=f"{way}: $p^{{{slope:.2f}}}$")[0]
            axis.loglog(fitted, np.exp(intercept) * fitted**slope, color=line.get_color())
        axis.set(xlabel="modulus p", ylabel=label)
        axis.legend()
    crossing = float(np.interp(CROSSING, [row["ratio"] for row in rows["direct"]], moduli))
    axes[0].axvline(crossing, color="0.6", ls=":")
    time_direct, time_iterated, memory_direct, memory_iterated = exponents
    caption = (
        f"Exponents directly and by iteration: seconds {time_direct} and {time_iterated}, "
        f"memory {memory_direct} and {memory_iterated}; iteration is chosen above p = {crossing:.0f}"
    )
    save(figure, options.out, caption)


if __name__ == "__main__":
    sys.exit(run(main, Options))
