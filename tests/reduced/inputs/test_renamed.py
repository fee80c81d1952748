"""Old names of parameters are refused with the new one."""

import numpy as np
import pytest

from reduced import full_flow, solutions, train, zero_loss_flow
from reduced.console.answer import RENAMED, run


@pytest.mark.parametrize(
    ("call", "old", "new"),
    [
        (lambda **old: full_flow(np.eye(1), np.eye(1), **old), "weight_decay", "ridge"),
        (lambda **old: zero_loss_flow(np.eye(1), np.eye(1), **old), "lag", "rate_ratio"),
        (lambda **old: train(np.eye(1), np.eye(1), None, **old), "error", "reduction"),
        (lambda **old: train(np.eye(1), np.eye(1), None, **old), "lag", "rate_ratio"),
        (lambda **old: solutions.two_weights(**old), "decay", "ridge"),
    ],
)
def test_an_old_parameter_is_told_the_new_name(call, old, new):
    with pytest.raises(ValueError, match=f"{old} is now called {new}"):
        call(**{old: 1.0})


@pytest.mark.parametrize("old", RENAMED)
def test_an_old_option_is_told_the_new_name(old, capsys):
    from reduced.commands import simulate

    assert run(simulate.main, simulate.Options, [old, "1"]) == 2
    assert f"{old} is now called {RENAMED[old]}" in capsys.readouterr().err
