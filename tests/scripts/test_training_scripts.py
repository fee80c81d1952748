import conjugate_gradients
import counterfactual
import cross_entropy
import figure_5_7
import generalization_times
import ladder
import memorization
import numpy as np
import paper_size
import pytest
import small_training
import step_sizes
import theorems

from reduced.studies.generalization import accuracy_curves


@pytest.fixture
def figure(tmp_path):
    path = tmp_path / "figure.png"
    yield path
    assert path.stat().st_size > 10_000


def test_training_against_predictions(figure):
    numbers = figure_5_7.draw(
        figure_5_7.Options(p=5, hidden=24, steps=1000, every=200, networks=1, out=figure)
    )
    assert numbers["largest mean cosine"] == pytest.approx(0.8629, abs=1e-3)
    assert numbers["last mean cosine, sliding"] > 0.99
    assert numbers["last cosine, tanh"] == pytest.approx(1, abs=1e-4)


def test_ladder(figure, monkeypatch):
    monkeypatch.setattr(ladder, "RIDGES", np.array([0.1, 0.03]))
    monkeypatch.setattr(ladder, "RATE_RATIOS", np.array([0.03, 0.01]))
    table = ladder.draw(ladder.Options(p=3, hidden=16, slow_time=0.1, activations=("quadratic",), out=figure))
    assert table["quadratic"][:2] == pytest.approx((1, 1), abs=0.1)


def test_counterfactual(figure):
    table = counterfactual.draw(
        counterfactual.Options(p=5, hidden=24, slow_time=0.5, step=0.1, seeds=1, out=figure)
    )
    norms = {name: row[3] for name, row in table.items()}
    assert min(norms, key=norms.get) == "norm descent"
    assert norms["norm descent"] == pytest.approx(8.257, abs=1e-2)


def test_generalization_times(figure):
    at_start = accuracy_curves(0, p=5, hidden=24, slow_time=0.1)[:, 0]
    assert len(set(at_start)) == 1
    table = generalization_times.draw(
        generalization_times.Options(p=5, hidden=24, slow_time=0.1, seeds=1, out=figure)
    )
    assert {name: row[0] for name, row in table.items()} == dict.fromkeys(generalization_times.NAMES, 0)


def test_memorization(figure):
    numbers = memorization.draw(memorization.Options(p=5, hidden=24, steps=400, seeds=1, out=figure))
    assert numbers["smallest λ that never memorizes"] == pytest.approx(1.1068, abs=1e-3)


def test_theorems(figure, monkeypatch):
    monkeypatch.setattr(theorems, "RIDGES", np.array([0.1, 0.03]))
    monkeypatch.setattr(theorems, "WIDTHS", (2, 4))
    table = theorems.draw(theorems.Options(p=3, hidden=16, activations=("gelu",), seeds=1, out=figure))
    distance, loss, ratio, tilt, _ = table["gelu"]
    assert (distance, loss, tilt) == pytest.approx((1, 2, 1), abs=0.05)
    assert ratio == pytest.approx(0.980, abs=2e-3)
    assert set(table["reached, relu"]) == {0, 12}


def test_paper_size(figure):
    table = paper_size.draw(
        paper_size.Options(sizes=((5, 24, 12),), ridges=(0.3, 0.1), slow_time=0.5, step=0.05, out=figure)
    )
    residuals = {name.split(",")[0]: residual for name, (_, residual, _) in table.items()}
    assert residuals["zero-loss flow"] < 1e-8
    assert residuals["training"] > 1e-2


def test_conjugate_gradients(capsys):
    conjugate_gradients.main(conjugate_gradients.Options(p=5, hidden=24))
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0] for line in lines[:2]] == ["std, both layers", "std, readout alone"]
    assert all(float(line.rsplit(" ", 1)[1]) <= 1e-8 for line in lines)


def test_step_sizes(capsys):
    step_sizes.main(step_sizes.Options(sizes=((5, 24, 12),), step=0.05, slow_time=0.5, max_steps=2))
    step, half, tight, controlled = capsys.readouterr().out.splitlines()
    assert step.startswith("p = 5, step 0.05, velocity to 0.01: |W1|^2 = 12.43")
    assert step.endswith("state 0.00 of 6.72 from the first")
    assert half.startswith("p = 5, step 0.025, velocity to 0.01")
    assert tight.startswith("p = 5, step 0.05, velocity to 1e-06")
    assert controlled.endswith("reached max_steps = 2")


def test_small_training(capsys, monkeypatch):
    monkeypatch.setattr(small_training, "SETTINGS", ((1.0, 1e-3),))
    small_training.main(small_training.Options(p=5, hidden=24, steps=100, networks=2))
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("2 networks, 200 steps")
    assert second.startswith("learning rate 1, decay 0.001: cosine 0.")


def test_cross_entropy(figure, monkeypatch):
    small = {
        "p": 5,
        "hidden": 24,
        "slow_time": 0.1,
        "seeds": 1,
        "small": 3,
        "json": figure.with_suffix(".json"),
    }
    numbers = cross_entropy.draw(cross_entropy.Options(**small, out=figure))
    monkeypatch.setattr(cross_entropy, "run", None)
    assert cross_entropy.draw(cross_entropy.Options(**small, out=figure)) == numbers
    assert numbers["cross_entropy: least training accuracy"] == 1
    assert numbers["squared: slope over the last four"] == pytest.approx(1, abs=0.15)
    assert numbers["cross_entropy: slope over the last four"] == pytest.approx(1, abs=0.15)
    margins = numbers["cross_entropy: margin for λ = 1e-1 … 1e-7"]
    assert margins == sorted(margins)
    assert margins[-1] < numbers["largest margin of any readout, between"][1]
