"""Every figure of a toy model runs at a small size, and its caption states a number that is pinned here."""

import re

import figure_1
import figure_2
import figure_3
import figure_4
import initial_scale
import pytest

from reduced import solutions
from reduced.console.answer import run


def caption(script, arguments, folder, capsys):
    path = folder / "figure.png"
    assert run(script.main, script.Options, [*arguments, "--out", str(path)]) == 0
    assert path.stat().st_size > 10_000
    return capsys.readouterr().out.splitlines()[0]


@pytest.mark.parametrize(
    ("script", "arguments", "largest"),
    [
        (figure_1, ["--ridges", "0.2", "--steps", "30"], 1e-11),
        (figure_2, ["--ridge", "0.1", "--steps", "60"], 1e-11),
        (figure_3, ["--ridge", "0.2", "--steps", "60"], 1e-9),
    ],
)
def test_flow_and_closed_form_lie_on_each_other(script, arguments, largest, tmp_path, capsys):
    printed = caption(script, arguments, tmp_path, capsys)
    assert float(re.search(r"differ by ([\d.e-]+)", printed)[1]) < largest


def test_a_wrong_closed_form_would_show(tmp_path, capsys, monkeypatch):
    right = solutions.two_weights
    monkeypatch.setattr(solutions, "two_weights", lambda decay: lambda t: 1.01 * right(decay)(t))
    printed = caption(figure_1, ["--ridges", "0.2", "--steps", "30"], tmp_path, capsys)
    assert "differ by 2e-02" in printed


def test_the_cosine_falls_linearly(tmp_path, capsys):
    printed = caption(figure_4, [], tmp_path, capsys)
    assert float(re.search(r"slope ([\d.]+)", printed)[1]) == pytest.approx(1, abs=1e-3)


def test_a_point_nearer_to_the_other_side_is_refused(tmp_path, capsys):
    assert (
        run(figure_4.main, figure_4.Options, ["--distances", "1.0", "--out", str(tmp_path / "none.png")]) == 2
    )
    assert "distances = 1: " in capsys.readouterr().err


def test_one_run_gives_the_grokking_times_of_others(tmp_path, capsys):
    arguments = ["--scales", "0.5", "2.0", "--step", "1e-3"]
    printed = caption(initial_scale, arguments, tmp_path, capsys)
    assert float(re.search(r"to ([\d.]+) in", printed)[1]) < 0.08


def test_a_run_that_never_generalizes_is_one_line(tmp_path, capsys):
    arguments = ["--p", "7", "--hidden", "40", "--out", str(tmp_path / "none.png")]
    assert run(initial_scale.main, initial_scale.Options, arguments) == 2
    assert "does not reach accuracy" in capsys.readouterr().err
