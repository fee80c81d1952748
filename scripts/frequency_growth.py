"""Seconds of the field in frequency space against the modulus, beside the dense field and its own bare calls."""

import sys
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import scipy.fft
from _cli import run as run_command
from _plot import STYLE, save
from _pyplot import plt
from _ranges import OutPath
from scipy.linalg.blas import zherk
from scipy.linalg.lapack import zposv
from threadpoolctl import threadpool_limits

from reduced.flows.two_layer import first_layer_flow
from reduced.inputs.ranges import Modulus
from reduced.symmetry.classes import class_pairs
from reduced.symmetry.flow import equivariant_flow
from reduced.symmetry.templates import expand_templates

#: Share of the classes, and templates a class.
SHARE, RATIO = 0.7, 1.3
#: Evaluations that are timed take at least this many seconds together, and there are at least so many of them.
LONG, LEAST = 0.5, 5
#: Share of its norm by which a step of the dense field moves the first layer.
STEP = 0.02
#: Moduli below this one are left out of the fit: there, calls cost more than arithmetic.
FITTED = 97


@dataclass(frozen=True)
class Options:
    """Time the field on one thread, in processor seconds, medians; dense where it takes seconds and not minutes."""

    moduli: tuple[Modulus, ...] = (23, 37, 59, 97, 113, 151, 251, 349, 499)
    """Moduli, odd."""
    dense: tuple[Modulus, ...] = (23, 37, 59, 97, 113)
    """Moduli at which the dense field of equal size is timed in the same run."""
    out: OutPath = Path("figures/frequency_growth.png")
    """Figure."""


def main(options: Options) -> None:
    """Measure, print a table, and draw."""
    rows = []
    with threadpool_limits(1):
        for p in options.moduli:
            rows.append(measured(p, p in options.dense))
            row = rows[-1]
            dense = (
                f", dense {row['dense']:.3g} s, {row['dense'] / row['field']:.0f} times"
                if row["dense"]
                else ""
            )
            print(
                f"p = {p}: {row['classes']:.0f} classes, {row['templates']:.0f} templates, {row['field']:.3g} s, "
                f"{row['field'] / row['bare']:.2f} of the bare calls ({row['bare']:.3g} s){dense}; {row['MiB']:.0f} MiB"
            )
    moduli = np.array(options.moduli)
    with plt.rc_context(STYLE):
        figure, (left, right) = plt.subplots(1, 2, figsize=(12, 5))
        for name, color in (("field", "tab:purple"), ("bare", "tab:blue"), ("dense", "tab:orange")):
            values = np.array([row[name] for row in rows])
            left.loglog(moduli[values > 0], values[values > 0], "o-", color=color, label=LABELS[name])
        memory = np.array([row["MiB"] for row in rows])
        right.loglog(moduli, memory, "o-", color="tab:purple")
        slopes = [exponent(moduli, np.array([row[name] for row in rows])) for name in ("field", "MiB")]
        left.set(xlabel="modulus p", ylabel="processor seconds per evaluation")
        right.set(xlabel="modulus p", ylabel="peak of all arrays [MiB]")
        left.legend(loc="upper left", fontsize="small")
        left.set_ylim(top=30 * left.get_ylim()[1])
        for axis in (left, right):
            axis.set_xticks(moduli[::2], [str(p) for p in moduli[::2]])
            axis.minorticks_off()
        caption = (
            f"{SHARE:g} of the classes, {RATIO:g} templates a class, ReLU: seconds grow as p^{slopes[0]:.2f}"
        )
        save(figure, options.out, f"{caption}, memory as p^{slopes[1]:.2f} from p = {FITTED}")


LABELS = {
    "field": "in frequency space",
    "bare": "its transforms, products and factors alone",
    "dense": "dense",
}


def measured(p: int, dense: bool) -> dict[str, float]:
    """Seconds of the field, of its bare calls and of the dense field, and the peak of the field's arrays in MiB."""
    rng = np.random.default_rng(0)
    number = round(SHARE * (p + 1) / 2)
    classes = np.sort(rng.permutation((p + 1) // 2)[:number])
    f = p**-0.5 * rng.standard_normal((round(RATIO * number), p))
    equivariant_flow(3, [0], ridge=1.0)(0.0, np.ones((1, 3)))  # derives the activation
    tracemalloc.start()
    flow = equivariant_flow(p, classes)
    velocity = flow(0.0, f)
    peak = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    row = {"classes": number, "templates": len(f), "MiB": peak, "dense": 0.0}
    row |= {"field": seconds(lambda: flow(0.0, f)), "bare": bare(p, number, len(f))}
    if dense:
        data, W1 = class_pairs(p, classes), expand_templates(f)
        field = first_layer_flow(data.X, data.Y)
        off = np.abs(field(0.0, W1) - expand_templates(velocity)).max() / np.abs(velocity).max()
        print(f"p = {p}: the two fields differ by {off:.0e}")
        row["dense"] = along(field, W1)
    return row


def along(field: Callable[[float, Any], Any], W1: Any) -> float:
    """Median processor seconds of a call along relative Euler steps; its readout may start from the last one."""
    taken: list[float] = []
    while len(taken) <= LEAST or sum(taken) < LONG:
        began = time.process_time()
        velocity = field(0.0, W1)
        taken.append(time.process_time() - began)
        W1 = W1 + STEP * np.linalg.norm(W1) / np.linalg.norm(velocity) * velocity
    return float(np.median(taken[1:]))


def bare(p: int, classes: int, m: int) -> float:
    """Transforms there and back by the faster of two ways, Gram blocks by the faster of two, and factors."""
    rng, half = np.random.default_rng(1), (p + 1) // 2
    matrix, columns, out = (
        rng.random((half, half)),
        rng.random((half, classes * m)),
        np.empty((half, classes * m)),
    )
    functions = rng.random((p, classes * m))
    stacked = rng.random((half, 2 * classes, m))
    interleaved = stacked[:, :classes] + 1j * stacked[:, classes:]
    blocks = [np.asfortranarray(one @ one.conj().T + np.eye(classes)) for one in interleaved]
    ones = np.ones(classes, complex)
    transforms = min(
        4 * seconds(lambda: np.matmul(matrix, columns, out=out)),
        2 * seconds(lambda: scipy.fft.rfft(functions, axis=0)),
    )
    grams = min(
        seconds(lambda: np.matmul(stacked, stacked.transpose(0, 2, 1))),
        seconds(lambda: [zherk(1.0, one.T, trans=2) for one in interleaved]),
    )
    return transforms + grams + seconds(lambda: [zposv(block, ones) for block in blocks])


def seconds(call: Callable[[], Any]) -> float:
    """Median processor seconds of a call, after one that warms up."""
    call()
    taken: list[float] = []
    while len(taken) < LEAST or sum(taken) < LONG:
        began = time.process_time()
        call()
        taken.append(time.process_time() - began)
    return float(np.median(taken))


def exponent(moduli: np.ndarray, values: np.ndarray) -> float:
    """Slope of a straight line through the logarithms of the larger moduli."""
    chosen = moduli >= min(FITTED, moduli[-2])
    return float(np.polyfit(np.log(moduli[chosen]), np.log(values[chosen]), 1)[0])


if __name__ == "__main__":
    sys.exit(run_command(main, Options))
