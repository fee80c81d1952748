"""Compare two or more stored runs: a table of what differs and of what came of it, and a picture."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import tyro

from reduced.console.ranges import RESULTS, OutPath
from reduced.runs.provenance import stored_experiments
from reduced.runs.quantities import learned, learned_at

if TYPE_CHECKING:
    import xarray as xr

    from reduced.runs.experiment import Experiment

#: Last values in the table: their variables, and what they are called there.
LAST = {
    "train_accuracy": "train",
    "test_accuracy": "test",
    "train_error": "train error",
    "test_error": "test error",
    "squared_norm_W1": "|W1|^2",
    "squared_norm_W2": "|W2|^2",
}


@dataclass(frozen=True)
class Options:
    """Print the options in which runs differ, when each generalizes, and how each ends; draw them.

    Of several seeds, the mean and the standard deviation.

    Example: grokking-reduced compare first-run/result.nc second-run/result.nc --out both.png
    """

    files: Annotated[tuple[Path, ...], tyro.conf.Positional, tyro.conf.arg(metavar="RESULT.nc")]
    """Two results of simulate, or more."""
    out: Annotated[OutPath, tyro.conf.arg(metavar="FILE.png")] = RESULTS / "comparison.png"
    """Picture of the accuracies and of the norms; its folder is made if it is missing."""


def main(options: Options) -> int:
    """Read the runs, print the table and draw the picture."""
    if len(options.files) < 2:
        raise ValueError(f"files = {', '.join(map(str, options.files))}: name two results or more")
    if len(set(options.files)) < len(options.files):
        raise ValueError(f"files = {', '.join(map(str, options.files))}: names one result twice")
    experiments = [stored_experiments(path) for path in options.files]
    results = dict(zip(labels(options.files), map(opened, options.files), strict=True))
    rows = [
        {"run": label, **differing, **outcome(result)}
        for (label, result), differing in zip(results.items(), differences(experiments), strict=True)
    ]
    print(table(rows))

    from reduced.plots.comparison import draw

    draw(results, options.out)
    print(f"wrote {options.out}")
    return 0


def opened(path: Path) -> "xr.Dataset":
    """What a result file holds."""
    import xarray as xr

    return xr.load_dataset(path, engine="h5netcdf")


def labels(files: "tuple[Path, ...]") -> list[str]:
    """A short name for each file: its folder where the file has the usual name; the whole path where two are alike.

    Examples
    --------
    >>> labels((Path("a/result.nc"), Path("b/other.nc")))
    ['a', 'other']
    >>> labels((Path("x/a/result.nc"), Path("y/a/result.nc")))
    ['x/a/result.nc', 'y/a/result.nc']
    """
    short = [
        path.parent.name if path.name == "result.nc" and path.parent.name else path.stem for path in files
    ]
    return short if len(set(short)) == len(short) else [str(path) for path in files]


def differences(runs: "list[list[Experiment]]") -> list[dict[str, str]]:
    """Of each run, the options in which the runs are not all alike; its seeds are one of them."""
    options = [asdict(seeds[0]) | {"seed": ", ".join(str(one.seed) for one in seeds)} for seeds in runs]
    differing = [name for name in options[0] if len({str(one[name]) for one in options}) > 1]
    return [{name: str(one[name]) for name in differing} for one in options]


def outcome(result: "xr.Dataset") -> dict[str, str]:
    """When a run generalizes, and its accuracies and norms at the end."""
    found = {}
    if "test_accuracy" in result or "test_error" in result:
        level = learned(result, "test")[0].removeprefix("accuracy ")
        found[f"tau of test {level}"] = spread(
            [learned_at(result.isel(seed=i), "test") for i in range(result.sizes["seed"])]
        )
    last = result.isel(tau=-1)
    found["end tau"] = f"{float(last.tau):.4g}"
    return found | {label: spread(last[name].values) for name, label in LAST.items() if name in result}


def spread(values: Any) -> str:
    """A number, or mean and standard deviation of several; those that never were are counted out.

    Examples
    --------
    >>> spread([1.5]), spread([1.0, 2.0]), spread([1.0, np.nan]), spread([np.nan])
    ('1.5', '1.5 ± 0.5', '1 (1 of 2)', 'never')
    """
    numbers = np.asarray(values, dtype=float)
    there = numbers[np.isfinite(numbers)]
    if not there.size:
        return "never"
    text = f"{there.mean():.4g}" + (f" ± {there.std():.2g}" if np.ptp(there) else "")
    return text if there.size == numbers.size else f"{text} ({there.size} of {numbers.size})"


def table(rows: list[dict[str, str]]) -> str:
    """Rows under their names, in columns as wide as they need; a dash where a row has no value.

    Examples
    --------
    >>> print(table([{"run": "a", "p": "7"}, {"run": "other", "p": "11"}]))
    run     p
    a       7
    other  11
    """
    names = list(dict.fromkeys(name for row in rows for name in row))
    lines = [names, *([row.get(name, "–") for name in names] for row in rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(names))]
    return "\n".join(
        "  ".join(
            [line[0].ljust(widths[0])]
            + [word.rjust(width) for word, width in zip(line[1:], widths[1:], strict=True)]
        ).rstrip()
        for line in lines
    )
