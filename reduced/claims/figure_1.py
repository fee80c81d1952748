"""Figure 1 with drawn test samples: how many steps the training loss takes, and how many the test loss."""

from functools import partial

import numpy as np
from numpy.typing import NDArray

from reduced import solutions
from reduced.claims.claim import Claim

GROUP = "paper's claims"
#: The paper gives no learning rate; with this one its words fit.
STEP = 0.05
HOW = "gradient descent in closed form, λ = 0.1, learning rate 0.05, which the paper does not give"


def claims() -> list[Claim]:
    """Steps of training and of test loss, and what drawing a hundred samples changes."""
    return [
        Claim(
            GROUP,
            "Figure 1: the training loss is tiny after about 10 steps: steps until it is a hundredth",
            "Figure 1",
            partial(_steps_until_a_hundredth, 0),
            10.0,
            5.0,
            "read off a curve",
            printed=True,
            method=HOW,
        ),
        Claim(
            GROUP,
            "Figure 1: the test loss needs a few hundred steps: steps until it is a hundredth",
            "Figure 1",
            partial(_steps_until_a_hundredth, 1),
            250.0,
            150.0,
            "read off a curve",
            printed=True,
            method=f"{HOW}; mean over 100 drawn inputs, seed 0",
        ),
        Claim(
            GROUP,
            "Figure 1: the loss on 100 drawn samples over its expectation, largest deviation from 1 in 300 steps",
            "closed form",
            _drawn_against_expected,
            0.0,
            0.6,
            "four standard deviations of a mean of 100 squares of normal numbers, √2/10 each",
            method=f"{HOW}; seeds 0 to 4",
        ),
    ]


def _losses(steps: NDArray[np.int64], seed: int, ridge: float = 0.1) -> tuple[NDArray[np.float64], ...]:
    """Training loss, mean loss on 100 drawn inputs, and its expectation, after so many steps."""
    w = solutions.two_weights_descent(ridge, STEP)(steps)
    X = np.random.default_rng(seed).standard_normal((100, 2))
    train = (w.sum(axis=1) - 2) ** 2
    drawn = np.mean(((w - 1) @ X.T) ** 2, axis=1)
    return train, drawn, np.sum((w - 1) ** 2, axis=1)


def _steps_until_a_hundredth(which: int) -> float:
    steps = np.arange(2000)
    loss = _losses(steps, 0)[which]
    rest = loss[-1]
    return float(steps[np.argmax(loss - rest <= (loss[0] - rest) / 100)])


def _drawn_against_expected() -> float:
    return max(
        float(np.max(np.abs(drawn / expected - 1)))
        for _, drawn, expected in (_losses(np.arange(300), seed) for seed in range(5))
    )
