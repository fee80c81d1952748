import growth
import numpy as np
import pytest

from reduced.console.answer import run


def test_growth_measures_both_ways_and_draws_them(tmp_path, capsys):
    arguments = ["--moduli", "29", "37", "--slow-time", "1e-6", "--out", str(tmp_path / "growth.png")]
    assert run(growth.main, growth.Options, arguments) == 0
    assert (tmp_path / "growth.png").stat().st_size > 10_000
    printed = capsys.readouterr().out
    assert "a factorization is worth 2.3 iterations" in printed
    assert "a factorization is worth 3.0 iterations" in printed


def test_the_exponent_of_a_power_law_is_its_slope():
    moduli = np.array([11, 37, 53, 113])
    values = np.where(moduli < growth.FITTED, 1.0, 3.0 * moduli**2.5)
    assert growth.exponent(moduli, values) == pytest.approx((2.5, np.log(3.0)))
