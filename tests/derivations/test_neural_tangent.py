import pytest

from derivations import neural_tangent
from derivations.steps import run_checks


@pytest.mark.parametrize("step", neural_tangent.steps(), ids=lambda step: step.title)
def test_every_statement_holds_exactly(step):
    assert all(check.passed and check.tolerance == 0 for check in run_checks(step))


def test_the_kernel_check_sees_a_changed_kernel(monkeypatch):
    right = neural_tangent.kernel()
    monkeypatch.setattr(neural_tangent, "kernel", lambda: right.xreplace({neural_tangent.rate_ratio: 1}))
    (kernel_step,) = (
        step for step in neural_tangent.steps() if step.title.startswith("Neural tangent kernel, J")
    )
    assert not run_checks(kernel_step)[0].passed
