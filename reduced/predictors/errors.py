"""How far each law is from the stored runs, and which setting was changed where it fails."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields

import numpy as np

from reduced.predictors.law import Law
from reduced.predictors.runs import Run, Setting

#: What a run may have changed against its reference, the first that differs; a run that changes none is another seed.
CHANGES = (
    "p",
    "hidden",
    "train_fraction",
    "init_factor",
    "weight_decay",
    "momentum",
    "learning_rate",
    "seed",
)


@dataclass(frozen=True)
class Error:
    """A law's prediction of one run.

    Parameters
    ----------
    law : str
    run : Run
    changed : str
        One of :data:`CHANGES`.
    predicted : float
        Slow time; NaN where the law says nothing.
    """

    law: str
    run: Run
    changed: str
    predicted: float

    @property
    def relative(self) -> float:
        """Predicted over measured time, minus 1."""
        return self.predicted / self.run.measured.generalized - 1


def kind(setting: Setting) -> tuple[str, str, str]:
    """Runs of one kind share path, space and loss, and a reference."""
    return setting.path, setting.space, setting.loss


def references(runs: Sequence[Run]) -> dict[tuple[str, str, str], Run]:
    """Of each kind the run from which the others differ in the fewest settings."""
    found: dict[tuple[str, str, str], Run] = {}
    for one in {kind(run.setting) for run in runs}:
        same = [run for run in runs if kind(run.setting) == one]
        found[one] = min(same, key=lambda run: sum(_differing(run.setting, other.setting) for other in same))
    return found


def _differing(one: Setting, other: Setting) -> int:
    return sum(getattr(one, field.name) != getattr(other, field.name) for field in fields(Setting))


def changed(setting: Setting, reference: Setting) -> str:
    """Which setting a run changes against its reference.

    Examples
    --------
    >>> changed(Setting(momentum=0.5), Setting())
    'momentum'
    """
    differing = (name for name in CHANGES if getattr(setting, name) != getattr(reference, name))
    return next(differing, "seed")


def errors(laws: Iterable[Law], runs: Sequence[Run]) -> list[Error]:
    """Every law on every run that generalized, but not on its own reference."""
    known = references(runs)
    found = []
    for run in runs:
        reference = known[kind(run.setting)]
        if run is reference or not np.isfinite(run.measured.generalized):
            continue
        where = changed(run.setting, reference.setting)
        found += [Error(law.name, run, where, law(run, reference)) for law in laws]
    return found


def median(found: Iterable[Error]) -> tuple[float, int, int]:
    """Median |relative error| of the predictions made, how many were made, and how many were asked for."""
    relative = np.array([error.relative for error in found])
    made = relative[np.isfinite(relative)]
    return float(np.median(np.abs(made))) if len(made) else float("nan"), len(made), len(relative)
