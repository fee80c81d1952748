import numpy as np
import pytest

from reduced.symmetry.group import Group
from reduced.symmetry.powers import ByPowers
from reduced.symmetry.transforms import EvenOdd, Library, transform

PERIODS = {5: (2, 4), 7: (2, 6), 37: (4, 6, 12, 36), 113: (8, 16), 499: (6,)}


TRANSFORMS = [
    *(one(Group((p,))) for one in (EvenOdd, Library, transform) for p in (3, 5, 9, 37, 113)),
    *(ByPowers(Group((p,)), q) for p, periods in PERIODS.items() for q in periods),
]


@pytest.mark.parametrize("one", TRANSFORMS, ids=lambda one: f"{type(one).__name__} {len(one.order)}")
def test_spectra_are_those_of_the_library_and_come_back(one):
    p = len(one.order)
    functions = np.random.default_rng(p).standard_normal((p, 4))
    out = np.empty((5, (p + 1) // 2, 2, 4))[2:3][0]
    one.forward(functions[one.order].copy(), out)
    expected = np.fft.rfft(functions, axis=0)[one.frequencies]
    assert np.abs(out[:, 0] + 1j * out[:, 1] - expected).max() < 1e-13 * p
    back = np.empty((p, 4))
    one.inverse(out, back)
    assert np.abs(back - functions[one.order]).max() < 1e-13


@pytest.mark.parametrize("one", TRANSFORMS, ids=lambda one: f"{type(one).__name__} {len(one.order)}")
def test_all_residues_and_one_of_each_pair_of_frequencies_are_there(one):
    assert sorted(one.order) == list(range(len(one.order)))
    assert sorted(one.frequencies) == list(range((len(one.order) + 1) // 2))
    assert one.order[0] == one.frequencies[0] == 0
