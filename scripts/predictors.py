"""Which law of the grokking time is right: all of them on common runs, predicted against measured times."""

import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from _pyplot import plt

from reduced.console.answer import run as run_command
from reduced.console.ranges import OutPath
from reduced.errors import IntegrationError, ReadoutError, RetractionError, SingularGramError
from reduced.inputs.ranges import Positive
from reduced.integration.atomic import replacing
from reduced.plots.style import MEANING, PALETTE, STYLE
from reduced.predictors.errors import CHANGES, Error, errors, median
from reduced.predictors.law import laws
from reduced.predictors.runs import Run
from reduced.predictors.table import read_file, written
from reduced.studies.timing import timed
from reduced.studies.timing_cases import cases

TABLE = Path("reduced/predictors/runs.csv")
#: Colours and marks of the runs: by path, and cross-entropy apart.
MARKS = {"dense": "o", "frequency": "^"}
CROSS_ENTROPY = PALETTE["purple"]


@dataclass(frozen=True)
class Options:
    """Compare laws of the grokking time on common runs: predicted against measured times.

    Runs that the table holds are not made again; name another table to make all anew. An interrupted run goes on.
    """

    table: OutPath = TABLE
    """Table of the runs, one a row; those that are missing are made and added."""
    minutes: Positive = 30.0
    """Time after which no further run is begun."""
    out: OutPath = Path("figures/predictors.png")
    """Where to save the figure."""


def main(options: Options) -> int:
    """Make the missing runs, draw the figure and print the errors."""
    runs = complete(options.table, 60 * options.minutes)
    left = len(cases()) - len(runs)
    found = errors(laws().values(), runs)
    draw(found, options.out)
    generalized = sum(bool(np.isfinite(run.measured.generalized)) for run in runs)
    print(f"{len(runs)} runs, {generalized} of them generalized; {left} were not made")
    print_errors(found)
    return int(left > 0)


def complete(path: Path, seconds: float) -> list[Run]:
    """The runs of all cases, in their order; each is written as soon as it is made."""
    known = {run.setting: run for run in read_file(path)}
    began = time.perf_counter()
    for number, setting in enumerate(cases(), start=1):
        if setting in known or time.perf_counter() - began > seconds:
            continue
        try:
            known[setting] = Run(setting, timed(setting))
        except (IntegrationError, ReadoutError, RetractionError, SingularGramError) as failed:
            print(f"{number}: {setting}: {failed}", file=sys.stderr)
            continue
        runs = [known[one] for one in cases() if one in known]
        with replacing(path) as temporary:
            temporary.write_text(written(runs), encoding="utf-8")
        print(f"{number}/{len(cases())}  {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)
    return [known[one] for one in cases() if one in known]


def draw(found: list[Error], out: Path) -> None:
    """One panel a law: predicted over measured time, and a line where they agree."""
    shown = [name for name in laws() if any(np.isfinite(one.predicted) for one in found if one.law == name)]
    with plt.rc_context(STYLE):
        figure, axes = plt.subplots(2, 5, figsize=(21, 9), sharex=True, sharey=True)
        for axis, name in zip(axes.flat, shown, strict=True):
            panel(axis, name, [one for one in found if one.law == name])
        for axis in axes[-1]:
            axis.set_xlabel("measured τ of 95 % test accuracy")
        for axis in axes[:, 0]:
            axis.set_ylabel("predicted τ")
        handles, names = legend(axes[0, 0])
        figure.legend(handles, names, ncols=6, loc="outside lower center")
        out.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(out, dpi=90)
        plt.close(figure)


def panel(axis: Any, name: str, found: list[Error]) -> None:
    """One law."""
    axis.plot([0.3, 10], [0.3, 10], color=MEANING["closed form"], lw=1)
    for one in found:
        setting = one.run.setting
        colour = CROSS_ENTROPY if setting.loss != "squared" else MEANING[setting.path]
        full = one.changed == "init_factor"
        predicted = float(np.clip(one.predicted, 0.01, 30))
        axis.plot(
            one.run.measured.generalized,
            predicted,
            MARKS[setting.space],
            ms=7,
            mec=colour,
            mfc=colour if full else "none",
            alpha=0.8,
        )
    error, made, asked = median(found)
    axis.set(xscale="log", yscale="log", xlim=(0.3, 10), ylim=(0.009, 33))
    axis.set_title(f"{name}\nmedian error {100 * error:.0f} %, {made} of {asked} runs", fontsize=13)


def legend(axis: Any) -> tuple[list[Any], list[str]]:
    """What colours and marks mean."""
    looks: dict[str, dict[str, Any]] = {
        path: {"color": MEANING[path]} for path in ("training", "zero-loss flow", "first-layer flow")
    }
    looks["training, cross-entropy"] = {"color": CROSS_ENTROPY}
    looks["filled: another initial scale"] = {"color": "0.4"}
    handles = [axis.plot([], [], "o", ms=8, **look)[0] for look in looks.values()]
    handles.append(axis.plot([], [], "^", ms=8, color="0.4", mfc="none")[0])
    return handles, [*looks, "triangles: frequency space"]


def print_errors(found: list[Error]) -> None:
    """Median relative error of each law, over all runs and by what was changed; how many it says something of."""
    print("median |predicted/measured − 1|, (runs that the law says something of)")
    for name in laws():
        mine = [one for one in found if one.law == name]
        parts = [cell("all", mine)]
        parts += [cell(change, [one for one in mine if one.changed == change]) for change in CHANGES]
        print(f"{name:33}" + "  ".join(parts))


def cell(label: str, found: list[Error]) -> str:
    """One entry of the table."""
    error, made, asked = median(found)
    return f"{label} {error:.2f} ({made}/{asked})" if made else f"{label} – (0/{asked})"


if __name__ == "__main__":
    sys.exit(run_command(main, Options))
