"""Numbers that are quoted from the paper and cannot be derived: as printed there, and said to be not checked."""

import sympy as sp

from derivations import toy_models
from derivations.paper import QUOTED_NUMBERS, chapters


def test_the_leaky_slope_of_figure_3_is_the_printed_one():
    assert (
        toy_models.leaky_loss().subs({toy_models.w[0]: -1, toy_models.w[1]: 0}) == sp.Rational(-21, 10) ** 2
    )


def test_quoted_numbers_are_listed_as_not_checked():
    assert dict(QUOTED_NUMBERS)["Fig. 3"] == "slope 1/10 of the leaky ReLU for negative inputs"
    remarks = [remark for chapter in chapters() for remark in chapter.remarks]
    assert set(QUOTED_NUMBERS) <= set(remarks)
