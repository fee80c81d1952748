"""The norm-separation law (arXiv:2603.13331): its finding that plain descent does not grok, and its order.

Translation: their γ = ηλ is η·decay of :func:`reduced.train`; their hyperparameters are not ours.
"""

from functools import cache, partial

import numpy as np

from reduced.claims.claim import Claim
from reduced.claims.neighbours.measuring import GROUP, printed
from reduced.predictors.errors import errors, kind, median
from reduced.predictors.law import laws
from reduced.predictors.runs import Measured, Setting
from reduced.predictors.table import stored
from reduced.studies.timing import timed

SOURCE = "Truong et al., arXiv:2603.13331; abstract read"
PLAIN = Setting(p=13, train_fraction=0.9, momentum=0.0, slow_time=4.0)
HOW = "addition modulo 13, 128 ReLU units, 90 % train, full batch, η = 2, decay 10⁻⁴, no momentum"


def claims() -> list[Claim]:
    """Plain descent generalizes here, twice measured; the order of the delay on the stored runs."""
    return [
        printed(
            "stochastic gradient descent fails where AdamW groks, read of plain full-batch descent: test accuracy",
            SOURCE,
            lambda: _plain(0).accuracy_end,
            1 / 13,
            0.2,
            "chance, and one of 9 pairs; their claim is of their own settings, which we did not run",
            f"{HOW}, seed 0, τ = 4",
        ),
        printed(
            "the same, another seed",
            SOURCE,
            lambda: _plain(1).accuracy_end,
            1 / 13,
            0.2,
            "chance, and one of 9 pairs",
            f"{HOW}, seed 1, τ = 4",
            quick=False,
        ),
        printed(
            "the same at p = 23 without momentum, a stored run: test accuracy",
            SOURCE,
            partial(_stored, 23),
            1 / 23,
            0.2,
            "chance",
            "addition modulo 23, 256 ReLU units, 80 % train, of the stored table",
        ),
        Claim(
            GROUP,
            "the delay is of the order of ln(‖θ_mem‖²/‖θ_post‖²)/(ηλ): median error of the proportionality",
            SOURCE,
            _order,
            0.0,
            None,
            "printed with Θ: an order, not a value; it says nothing where ‖θ_mem‖ is the smaller, as in most training",
            method="stored runs that start on the zero-loss set; constant from one reference of each kind",
        ),
    ]


@cache
def _plain(seed: int) -> Measured:
    return timed(Setting(**{**PLAIN.__dict__, "seed": seed}))


def _stored(p: int) -> float:
    (run,) = (
        run
        for run in stored()
        if run.setting.p == p and run.setting.path == "training" and run.setting.momentum == 0
    )
    return run.measured.accuracy_end


def _order() -> float:
    runs = [run for run in stored() if kind(run.setting)[0] != "training"]
    error = median(errors([laws()["norm separation"]], runs))[0]
    return float(np.round(error, 6))
