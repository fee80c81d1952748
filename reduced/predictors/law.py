"""What a law of the grokking time declares about itself, in the one file where it is defined."""

import importlib
import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from reduced.predictors.runs import Run


class Needs(StrEnum):
    """What a law must know of the run that it predicts, besides its settings."""

    NOTHING = "nothing"
    START = "the start"
    MEMORIZATION = "the state at memorization"
    RUN = "the run"


@dataclass(frozen=True)
class Law:
    """A law that says when a network generalizes.

    Parameters
    ----------
    name : str
        Short name, unique.
    formula : str
        In the units of this package.
    source : str
        Where it is from, and how we know it: from the paper, its abstract, or our notes alone.
    needs : Needs
        What it must know of the run.
    calibrated : str
        Which constants it takes from one reference run; empty where it has none.
    scope : str
        Where it is exact, or what it assumes.
    predict : callable
        ``predict(run, reference) -> slow time of generalization``; it must not read what ``needs`` does not grant.
        NaN where the law says nothing.
    units : str
        Time in which the law is stated here, and its own.
    """

    name: str
    formula: str
    source: str
    needs: Needs
    calibrated: str
    scope: str
    predict: Callable[[Run, Run], float]
    units: str

    def __call__(self, run: Run, reference: Run) -> float:
        """Predicted slow time of generalization; NaN where the law says nothing or its logarithm does not exist."""
        try:
            predicted = float(self.predict(run, reference))
        except (ValueError, ZeroDivisionError, OverflowError):
            return float("nan")
        return predicted if math.isfinite(predicted) else float("nan")


#: Every law, by its name, in the order in which they are declared.
LAWS: dict[str, Law] = {}


def declare(law: Law) -> Law:
    """Register a law.

    Raises
    ------
    ValueError
        If its name is taken.
    """
    if law.name in LAWS:
        raise ValueError(f"name = {law.name!r}: another law has it")
    LAWS[law.name] = law
    return law


def laws() -> dict[str, Law]:
    """Every law by its name; the files of :mod:`reduced.predictors.laws` declare them.

    Examples
    --------
    >>> sorted(laws())[0]
    'decay elimination'
    """
    importlib.import_module("reduced.predictors.laws")
    return dict(LAWS)
