import numpy as np
import pytest

from reduced.symmetry.group import Group
from reduced.symmetry.transforms import EvenOdd, Library


@pytest.mark.parametrize("kind", [EvenOdd, Library])
@pytest.mark.parametrize("p", [3, 5, 9, 37, 113])
def test_spectra_are_those_of_the_library_and_come_back(kind, p):
    transform = kind(Group((p,)))
    functions = np.random.default_rng(p).standard_normal((p, 4))
    out = np.empty((5, (p + 1) // 2, 2, 4))[2:3][0]
    transform.forward(functions[transform.order].copy(), out)
    expected = np.fft.rfft(functions, axis=0)
    assert np.abs(out[:, 0] + 1j * out[:, 1] - expected).max() < 1e-13 * p
    back = np.empty((p, 4))
    transform.inverse(out, back)
    assert np.abs(back - functions[transform.order]).max() < 1e-13
