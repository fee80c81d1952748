import numpy as np
import pytest

from reduced import SingularGramError, equivariant_flow, equivariant_flows, equivariant_readout, integrate
from reduced.symmetry import several

CLASSES = {
    7: [(0, 2), (1, 3), (2, 3)],
    113: [(0, 5, 9), (1, 2, 50), (7, 30, 56)],
    (3, 5): [(0, 3), (1, 7), (2, 6)],
}


def draw(p, m=6):
    return np.random.default_rng(m).standard_normal((3, m, int(np.prod(p))))


@pytest.mark.parametrize("together", [1, 10**6])
@pytest.mark.parametrize("activation", ["relu", "gelu", "quadratic"])
@pytest.mark.parametrize("ridge", [0.0, 0.3])
@pytest.mark.parametrize("p", CLASSES)
def test_each_network_moves_as_it_does_alone(p, activation, ridge, together, monkeypatch):
    monkeypatch.setattr(several, "TOGETHER", together)
    f = draw(p)
    flow = equivariant_flows(p, CLASSES[p], activation, ridge)
    velocities, readouts = flow(0.0, f), flow.readout(f)
    for one, classes, velocity, readout in zip(f, CLASSES[p], velocities, readouts, strict=True):
        how = p, classes, activation, ridge
        alone, expected = equivariant_flow(*how)(0.0, one), equivariant_readout(*how)(one)
        assert np.abs(velocity - alone).max() < 1e-10 * np.abs(alone).max()
        assert np.abs(readout - expected).max() < 1e-10 * np.abs(expected).max()


def test_classes_of_another_network_would_be_seen():
    f = draw(7)
    swapped = equivariant_flows(7, CLASSES[7][::-1])(0.0, f)
    assert np.abs(swapped[0] - equivariant_flows(7, CLASSES[7])(0.0, f)[0]).max() > 0.01


def test_a_stack_is_integrated_as_one_state():
    f, how = draw(7), {"t_eval": [0.5], "rtol": 1e-9, "atol": 1e-10}
    together = integrate(equivariant_flows(7, CLASSES[7], "gelu", 0.5), f, (0.0, 0.5), **how).y[-1]
    alone = [
        integrate(equivariant_flow(7, classes, "gelu", 0.5), one, (0.0, 0.5), **how).y[-1]
        for classes, one in zip(CLASSES[7], f, strict=True)
    ]
    assert np.abs(together - alone).max() < 1e-6


def test_one_singular_network_is_said():
    f = draw(7)
    f[1] = 0
    with pytest.raises(SingularGramError, match="one network"):
        equivariant_flows(7, CLASSES[7])(0.0, f)


@pytest.mark.parametrize(
    ("classes", "templates", "message"),
    [
        ([], 6, "at least one network"),
        ([(0,), (1, 2), (2, 3)], 6, "from 1 to 2 classes"),
        ([(0, 9), (1, 2), (2, 3)], 6, "classes holds 9"),
        (CLASSES[7], 1, "1 templates a network, less than the 2"),
        (CLASSES[7][:2], 6, "f has shape"),
    ],
)
def test_what_does_not_fit_is_refused(classes, templates, message):
    with pytest.raises(ValueError, match=message):
        equivariant_flows(7, classes)(0.0, draw(7, templates))
