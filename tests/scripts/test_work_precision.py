import numpy as np
import pytest
import work_precision

from reduced.runs.experiment import Experiment
from reduced.studies.work_precision import errors, integrated

SMALL = Experiment(p=5, hidden=24, activation="quadratic", slow_time=0.5)


@pytest.mark.parametrize("method", ["relative_euler", "relative_legendre"])
def test_the_errors_of_relative_steps_shrink_in_proportion(method):
    reference = integrated(SMALL, "DOP853", 1e-9)
    shares = np.array([0.04, 0.02, 0.01])
    found = [errors(integrated(SMALL, method, share), reference).state for share in shares]
    assert np.polyfit(np.log(shares), np.log(found), 1)[0] == pytest.approx(1, abs=0.1)


def test_what_does_not_get_on_is_given_up_and_says_where():
    work = integrated(SMALL, "euler", 1e-4, max_seconds=0.0)
    assert len(work.states) == len(work.accuracies) == 0
    assert 0 < work.reached < 0.5


def test_the_figure_holds_every_method_against_its_reference(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(work_precision, "PANELS", {"small": (SMALL, ("DOP853", 1e-8, 1e-7))})
    monkeypatch.setattr(work_precision, "SETTINGS", {"relative_euler": (0.005,), "RK23": (1e-2,)})
    work_precision.main(work_precision.Options(out=tmp_path / "figure.png"))
    assert (tmp_path / "figure.png").stat().st_size > 10_000
    printed = capsys.readouterr().out
    assert "relative_euler       0.005" in printed
    assert printed.count("state") == 3
