"""Whatever a person types, a script answers with a result or with one line."""

import contextlib
import io
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reduced.commands import simulate, sweep
from reduced.console.answer import run
from reduced.errors import RetractionError

TINY = ["--p", "5", "--hidden", "30", "--slow-time", "0.02", "--step", "1e-2"]
numbers = st.sampled_from(
    ["0", "-1", "1", "2", "4", "0.5", "1e-9", "1e18", "nan", "inf", "-inf", "1e400", "", "x", "１"]
)
options = st.sampled_from(
    ["--p", "--hidden", "--train-fraction", "--ridge", "--step", "--slow-time", "--seed", "--init-factor"]
)
words = st.sampled_from(
    [
        "relu",
        "cubic",
        "gelu",
        "resolved",
        "paper-euler",
        "var",
        "add",
        "multiply",
        "logistic",
        "Add",
        "--",
        "\x00",
    ]
)
named = st.sampled_from(["--activation", "--method", "--init-scale", "--task", "--loss", "--nothing"])
typed = st.lists(st.one_of(st.tuples(options, numbers), st.tuples(named, words)), min_size=1, max_size=3)


@pytest.mark.parametrize("script", [simulate, sweep], ids=["simulate", "sweep"])
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=typed)
def test_anything_typed_is_answered(script, typed, tmp_path, monkeypatch):
    monkeypatch.setattr("reduced.plots.run.draw", lambda *_: None)
    extra = ["--dry-run"] if script is sweep else []
    error = io.StringIO()
    arguments = [*TINY, *(part for pair in typed for part in pair), *extra, "--out", str(tmp_path)]
    with contextlib.redirect_stderr(error), contextlib.redirect_stdout(io.StringIO()):
        status = run(script.main, script.Options, arguments)
    assert status in (0, 1, 2)
    assert error.getvalue().count("\n") == (status != 0)


@pytest.mark.parametrize(
    "error", [OverflowError("the flow is not finite here"), RetractionError("residual 1")]
)
def test_a_computation_that_stops_is_one_line(error, capsys):
    @dataclass(frozen=True)
    class Options:
        """None."""

    def main(options):
        raise error

    assert run(main, Options, []) == 1
    assert capsys.readouterr().err.strip().endswith(str(error))
