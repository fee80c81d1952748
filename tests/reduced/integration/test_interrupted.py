"""Ctrl-C, and whatever else stops an integration, leaves what was computed."""

import numpy as np
import pytest

from reduced.errors import IntegrationError, ReadoutError, Stopped
from reduced.integration.solve import integrate


def stops_at(call, error):
    """y' = −y, which raises an error at one of its calls."""
    calls = iter(range(10_000))

    def flow(t, y):
        if next(calls) == call:
            raise error
        return -y

    return flow


@pytest.mark.parametrize("error", [KeyboardInterrupt(), ReadoutError("not found")])
def test_stored_states_are_kept(error):
    expected = Stopped if isinstance(error, KeyboardInterrupt) else IntegrationError
    with pytest.raises(
        expected, match=r"^stopped at t = 0\.3 after 3 steps: (interrupted|not found)$"
    ) as stopped:
        integrate(
            stops_at(3, error), [1.0], (0, 1), method="euler", step=0.1, observe=lambda t, y: {"y": y[0]}
        )
    path = stopped.value.trajectory
    assert path.t == pytest.approx([0, 0.1, 0.2, 0.3])
    assert path.y[:, 0] == pytest.approx(0.9 ** np.arange(4))
    assert path.observed["y"] == pytest.approx(0.9 ** np.arange(4))
    assert path.notes == (str(stopped.value),)


def test_an_interruption_while_observing_is_no_different():
    def observe(t, y):
        if t > 0.25:
            raise KeyboardInterrupt
        return {"y": y[0]}

    with pytest.raises(Stopped, match="interrupted") as stopped:
        integrate(lambda t, y: -y, [1.0], (0, 1), method="euler", step=0.1, observe=observe)
    assert len(stopped.value.trajectory.t) == 3


def test_times_of_storage_are_kept_with_the_last_state():
    with pytest.raises(Stopped) as stopped:
        integrate(
            stops_at(7, KeyboardInterrupt()), [1.0], (0, 1), method="euler", step=0.1, t_eval=[0.0, 0.5, 1.0]
        )
    assert stopped.value.trajectory.t == pytest.approx([0.0, 0.5, 0.7])


def test_an_interruption_before_the_first_step_leaves_the_start():
    with pytest.raises(Stopped) as stopped:
        integrate(stops_at(0, KeyboardInterrupt()), [1.0], (0, 1), method="RK45")
    assert stopped.value.trajectory.t == pytest.approx([0.0])
