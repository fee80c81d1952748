"""PyTorch's optimizers beside the flows; PyTorch's heavy ball is also the referee of this package's."""

import numpy as np
import optimizers
import pytest

from reduced.studies.alignment import all_but_seven
from reduced.training.gradient_descent import train, uniform_start

pytest.importorskip("torch")


def test_the_heavy_ball_of_pytorch_is_that_of_train():
    training, _ = all_but_seven(7, 0)
    start = uniform_start(7, 20, 7, 0)
    _, options, _ = optimizers.OPTIMIZERS["heavy ball"]
    mine = train(
        training.X,
        training.Y,
        start,
        steps=40,
        learning_rate=options["lr"],
        weight_decay=options["weight_decay"],
        momentum=options["momentum"],
        activation="tanh",
    )
    for layer, theirs in zip(
        mine.y, optimizers.stepper("heavy ball", training.X, training.Y, start)(40), strict=True
    ):
        assert layer[0] == pytest.approx(theirs, rel=1e-9, abs=1e-12)


def test_a_small_figure_is_drawn_with_a_number_for_each_optimizer(tmp_path):
    options = optimizers.Options(p=5, hidden=20, steps=200, every=100, seeds=1, out=tmp_path / "figure.png")
    found = optimizers.draw(options)
    assert (tmp_path / "figure.png").stat().st_size > 10_000
    for name in optimizers.OPTIMIZERS:
        assert np.isfinite(found[f"{name}: squared_norm, at the end"])
        assert -1 <= found[f"{name}: first_layer_cosine, at the end"] <= 1
