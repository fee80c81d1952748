import pytest

from derivations.steps import Check, Line, Step, line_name, one_line, run_checks


@pytest.mark.parametrize(("residual", "passed"), [(0.0, True), (2e-9, False), (float("nan"), False)])
def test_a_check_passes_only_within_its_tolerance(residual, passed):
    assert Check("by hand", residual, tolerance=1e-9).passed is passed


def test_a_line_without_checks_says_why():
    with pytest.raises(ValueError, match="the reason why it has none"):
        one_line("(1)", "nothing", None, "none", ())
    assert run_checks(Step("(7)", "split", (Line(None, "assumed", unchecked="an assumption"),), "none")) == ()


def test_a_step_without_lines_is_refused():
    with pytest.raises(ValueError, match="has no line"):
        Step("(1)", "nothing", (), "none")


def test_a_line_is_called_by_its_step_its_number_and_its_rule():
    line = Line(None, "push-through identity", unchecked="here")
    assert line_name(Step("(20)", "flow", (line, line), "none"), 1) == "(20), line 2: push-through identity"
    assert line_name(Step("", "flow", (line,), "none"), 0) == "flow: push-through identity"
