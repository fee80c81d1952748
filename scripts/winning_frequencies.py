"""Which frequency wins in each template, and from when on that can be told."""

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from _cli import run as run_command
from _plot import STYLE, save
from _pyplot import plt
from _ranges import OutPath
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits
from tqdm import tqdm

from reduced.inputs.ranges import Count, Fraction, Modulus, Positive
from reduced.studies.classes import Generalization, generalization

COLORS = ("tab:purple", "tab:blue", "tab:green", "tab:orange", "tab:red")


@dataclass(frozen=True)
class Options:
    """Follow the shares of frequencies in the templates of equivariant ReLU networks until they generalize."""

    p: Modulus = 113
    """Modulus, odd."""
    share: Fraction = 0.7
    """Share of the classes that trains."""
    ratio: Positive = 2.0
    """Templates over training classes."""
    seeds: Count = 5
    """Seeds of classes and initial templates."""
    slow_time: Positive = 4.0
    """Slow time."""
    out: OutPath = Path("figures/winning_frequencies.png")
    """Figure."""


def main(options: Options) -> None:
    """Run, draw, and print how many templates keep the frequency that led at the start."""
    with threadpool_limits(1):
        runs = [
            generalization(options.p, options.share, options.ratio, seed, options.slow_time, to_the_end=True)
            for seed in tqdm(range(options.seeds), desc="seeds", disable=None)
        ]
    with plt.rc_context(STYLE):
        figure, (left, middle, right) = plt.subplots(1, 3, figsize=(16, 4.8))
        for seed, (one, color) in enumerate(zip(runs, COLORS, strict=False)):
            kept = told(one)
            left.plot(one.tau, np.median(one.largest, axis=1), color=color, label=f"seed {seed}")
            for edge in np.quantile(one.largest, [0.1, 0.9], axis=1):
                left.plot(one.tau, edge, color=color, lw=0.8, alpha=0.7)
            left.axvline(one.time, color=color, ls=":", lw=1)
            middle.plot(one.tau, kept, color=color)
            middle.axvline(one.time, color=color, ls=":", lw=1)
            counts = np.sort(np.bincount(one.leading[-1], minlength=(options.p + 1) // 2)[1:])[::-1]
            right.step(np.arange(1, len(counts) + 1), counts, color=color, where="mid")
            half = one.tau[np.argmax(kept >= 0.5)]
            print(
                f"seed {seed}: 95 % at tau = {one.time:.2f}; median largest share {np.median(one.largest[0]):.2f} "
                f"at the start, {np.median(one.largest[-1]):.2f} at {one.end:g}; the last leader led at the start in "
                f"{kept[0]:.2f} of {one.templates} templates, in half of them from tau = {half:.2f}; "
                f"{np.count_nonzero(counts)} of {len(counts)} frequencies lead some template"
            )
        left.set(xlabel=r"slow time $\tau$", ylabel="largest share of one frequency", ylim=(0, 1))
        left.set_title("median template; thin: 10 % and 90 %")
        left.legend()
        middle.axhline(2 / (options.p - 1), color="0.6", ls="--", lw=1)
        middle.set(xlabel=r"slow time $\tau$", ylabel="share of the templates", ylim=(0, 1.02))
        middle.set_title("led by the frequency that leads at the end")
        right.set(xlabel="frequency, by rank", ylabel="templates that it leads at the end")
        right.set_title("frequencies used")
        right.yaxis.set_major_locator(MaxNLocator(integer=True))
        caption = (
            f"p = {options.p}, {options.share:g} of the classes, {options.ratio:g} templates a class, ReLU"
        )
        save(figure, options.out, f"{caption}, ridge 0; dotted: 95 % test accuracy, dashed: chance")


def told(one: Generalization) -> NDArray[np.float64]:
    """Share of the templates whose leading frequency is that of the end, at each look."""
    return np.asarray((one.leading == one.leading[-1]).mean(axis=1))


if __name__ == "__main__":
    sys.exit(run_command(main, Options))
