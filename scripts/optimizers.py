"""Which optimizers follow the theory? The motion of PyTorch's heavy ball, Adam and AdamW against both flows."""

import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from _cases import map_cases
from _cli import run as run_command
from _curves import reporting, save, thin_and_mean
from _pyplot import plt
from _ranges import OutPath

from reduced.errors import RetractionError
from reduced.flows.two_layer import first_layer_flow
from reduced.flows.zero_loss_set import retract, tangent_part
from reduced.inputs.ranges import Count, Modulus
from reduced.network.observables import accuracy
from reduced.network.parameters import Pair, cosine, moved
from reduced.network.problem import bind
from reduced.plots.style import PALETTE, STYLE
from reduced.readout.orthogonal import IllConditionedWarning
from reduced.studies.alignment import all_but_seven
from reduced.training.gradient_descent import uniform_start

#: PyTorch's class and options, and the colour of each optimizer; learning rate · decay · steps is alike for heavy ball
#: over 1 - momentum and for AdamW, and is a slow time for the heavy ball alone.
OPTIMIZERS: dict[str, tuple[str, dict[str, float], str]] = {
    "heavy ball": ("SGD", {"lr": 1.0, "momentum": 0.9, "weight_decay": 1e-4}, PALETTE["orange"]),
    "Adam, decay in the gradient": ("Adam", {"lr": 1e-3, "weight_decay": 1e-4}, PALETTE["purple"]),
    "AdamW": ("AdamW", {"lr": 1e-3, "weight_decay": 1.0}, PALETTE["black"]),
}
#: Steps over which the motion is taken: an average over the oscillations of adaptive steps.
SPAN = 50
ACTIVATION = "tanh"


@dataclass(frozen=True)
class Options:
    """Train networks with PyTorch's optimizers and compare their motion with the zero-loss and the first-layer flow."""

    p: Modulus = 11
    """Modulus of the addition; all pairs but seven train."""
    hidden: Count = 128
    """Hidden width."""
    steps: Count = 6000
    """Steps of each optimizer."""
    every: Count = 200
    """Steps between comparisons."""
    seeds: Count = 5
    """Number of seeds of split and start."""
    out: OutPath = Path("figures/optimizers.png")
    """Where to save the figure."""


def stepper(name: str, X: Any, Y: Any, state: Pair) -> Callable[[int], Pair]:
    """Function that takes so many steps of an optimizer of PyTorch on the mean-squared error and returns the layers."""
    try:
        import torch
    except ImportError:
        raise ValueError("PyTorch is not installed: pip install 'grokking-reduced[bench]'") from None

    kind, options, _ = OPTIMIZERS[name]
    torch.set_num_threads(1)
    inputs, targets = torch.from_numpy(np.array(X)), torch.from_numpy(np.array(Y))
    layers = [torch.tensor(layer, requires_grad=True) for layer in state]
    optimizer = getattr(torch.optim, kind)(layers, **options)

    def take(steps: int) -> Pair:
        for _ in range(steps):
            optimizer.zero_grad()
            error = torch.tanh(inputs @ layers[0]) @ layers[1] - targets
            (error**2).mean().backward()
            optimizer.step()
        first, second = (layer.detach().numpy().copy() for layer in layers)
        return first, second

    return take


def measured(case: tuple[str, int], p: int, hidden: int, steps: int, every: int) -> dict[str, Any]:
    """Accuracies, norm and cosines along one run of one optimizer; NaN where no point of zero loss is found nearby."""
    name, seed = case
    train, test = all_but_seven(p, seed)
    problem, first_layer = bind(train.X, train.Y, ACTIVATION), first_layer_flow(train.X, train.Y, ACTIVATION)
    take = stepper(name, train.X, train.Y, uniform_start(p, hidden, p, seed))
    rows = []
    # The Gram matrix of saturated tanh units is nearly singular; a cosine needs few of the digits that are left.
    warnings.simplefilter("ignore", IllConditionedWarning)
    for step in range(every, steps + 1, every):
        before, state = take(every - SPAN), take(SPAN)
        update = moved(state, before, by=-1.0)
        first = update[0], np.zeros_like(update[1])
        try:
            foot = retract(problem, state, 1e-10)
            along = cosine(update, tangent_part(problem, foot, (-foot[0], -foot[1])))
        except RetractionError:
            along = np.nan
        rows.append(
            {
                "step": step,
                "train_accuracy": accuracy(*state, train, ACTIVATION),
                "test_accuracy": accuracy(*state, test, ACTIVATION),
                "squared_norm": float(np.sum(state[0] ** 2) + np.sum(state[1] ** 2)),
                "zero_loss_cosine": along,
                "first_layer_cosine": cosine(first, (first_layer(0.0, state[0]), first[1])),
            }
        )
    return {key: np.array([row[key] for row in rows]) for key in rows[0]}


#: Title and variable of each panel.
PANELS = {
    "test accuracy": "test_accuracy",
    r"$\|\theta\|^2$": "squared_norm",
    "cosine with the zero-loss flow": "zero_loss_cosine",
    r"cosine of $W_1$ with the first-layer flow": "first_layer_cosine",
}


def draw(options: Options) -> dict[str, float]:
    """Draw four panels over steps; returns the mean cosines over the last half of each optimizer, and the spread."""
    if options.every <= SPAN:
        raise ValueError(
            f"every = {options.every}: must exceed {SPAN}, the steps over which the motion is taken"
        )
    if options.steps < options.every:
        raise ValueError(f"steps = {options.steps}: must be at least every = {options.every}")
    cases = [(name, seed) for name in OPTIMIZERS for seed in range(options.seeds)]
    sizes = {"p": options.p, "hidden": options.hidden, "steps": options.steps, "every": options.every}
    runs = dict(zip(cases, map_cases(partial(measured, **sizes), cases), strict=True))
    found: dict[str, float] = {}
    with plt.rc_context(STYLE):
        figure, axes = plt.subplots(2, 2, figsize=(12, 8), sharex=True)
        for name, (_, _, color) in OPTIMIZERS.items():
            mine = [runs[name, seed] for seed in range(options.seeds)]
            for axis, (title, key) in zip(axes.flat, PANELS.items(), strict=True):
                curves = np.array([one[key] for one in mine])
                thin_and_mean(axis, mine[0]["step"], curves, name, color)
                axis.set_title(title)
                late = curves[:, curves.shape[1] // 2 :].mean(axis=1)
                found[f"{name}: {key}, last half"] = float(late.mean())
                found[f"{name}: {key}, last half, least seed"] = float(late.min())
                found[f"{name}: {key}, last half, largest seed"] = float(late.max())
                found[f"{name}: {key}, at the end"] = float(curves[:, -1].mean())
                found[f"{name}: {key}, largest mean"] = float(curves.mean(axis=0).max())
        for axis in axes[1]:
            axis.axhline(0, color="0.6", ls=":", lw=1)
            axis.set(xlabel="steps", ylim=(-0.6, 1.05))
        axes[0, 1].set_yscale("log")
        axes[1, 1].legend(loc="lower right")
        save(figure, options.out)
    return found


main = reporting(draw)


if __name__ == "__main__":
    sys.exit(run_command(main, Options))
