"""Figure 3: zero-loss sets that are curved, that cross themselves, and of a leaky ReLU, whose flow has a kink."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from _cli import run
from _plot import CLOSED, STYLE, descended, resolved, save
from _pyplot import plt
from _ranges import OutPath

from derivations.toy_models import leaky_loss, product_loss, regularized, w, x, y
from reduced import solutions
from reduced.flows.scalar import gradient_flow
from reduced.inputs.ranges import Count, Positive

CURVED = np.array([[3.0, 2.0], [2.5, -0.5], [-0.4, 1.8], [-2.5, -2.0]])
SINGULAR = np.array([[2.5, 1.5], [-0.8, 2.0], [-2.0, -2.0], [1.5, -2.2]])
LEAKY = np.array([[2.8, 1.0], [-1.0, 2.5], [-2.5, 0.5], [1.0, -2.8]])
Solution = Callable[[np.ndarray, np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Options:
    """Gradient descent, gradient flow and closed forms on three zero-loss sets."""

    ridge: Positive = 0.05
    """Ridge λ: the weight decay of the loss that is descended."""
    step: Positive = 0.05
    """Step size of gradient descent."""
    steps: Count = 1200
    """Number of gradient-descent steps."""
    out: OutPath = Path("figures/figure_3.png")
    """Where to save the figure."""


def product(target: float, ridge: float) -> Solution:
    """The product of two weights, x = 1, as one array of both."""
    factory = solutions.product_full(1.0, target, ridge) if target else solutions.product_cross(1.0, ridge)
    return lambda t, start: np.stack(factory(t, tuple(start)), axis=-1)


@plt.rc_context(STYLE)
def main(options: Options) -> None:
    """Draw three weight planes, each with its zero-loss set."""
    figure, axes = plt.subplots(1, 3, figsize=(16, 6.2), sharex=True, sharey=True)
    panels = (
        (
            axes[0],
            "curved: $w_1 w_2 = 1$",
            product_loss().subs({x: 1, y: 1}),
            CURVED,
            product(1.0, options.ridge),
            lambda u, v: u * v - 1,
        ),
        (
            axes[1],
            "singular: $w_1 w_2 = 0$",
            product_loss().subs({x: 1, y: 0}),
            SINGULAR,
            product(0.0, options.ridge),
            np.multiply,
        ),
        (
            axes[2],
            "leaky ReLU of $w_1 + w_2$",
            leaky_loss(),
            LEAKY,
            solutions.leaky_weights(options.ridge),
            lambda u, v: u + v - 2,
        ),
    )
    line, worst = np.linspace(-3.2, 3.2, 401), 0.0
    grid = np.meshgrid(line, line)
    at = np.concatenate([[0], np.geomspace(0.01, options.step * options.steps, 80)])
    for axis, title, loss, starts, closed_form, residual in panels:
        axis.contour(*grid, residual(*grid), levels=[0], colors="0.75", linewidths=5)
        flow = gradient_flow(regularized(loss), w[:2], **{"lambda": options.ridge})
        for start, color in zip(starts, ("tab:blue", "tab:orange", "tab:green", "tab:red"), strict=True):
            smooth, closed = resolved(flow, start, at), closed_form(at, start)
            worst = max(worst, float(abs(smooth - closed).max()))
            axis.plot(*smooth.T, color=color, lw=3)
            axis.plot(*descended(flow, start, options.step, options.steps)[::3].T, ".", color=color, ms=7)
            axis.plot(*closed.T, **CLOSED)
            axis.plot(*start, "o", color=color, ms=9)
        axis.set(title=title, xlabel="$w_1$", box_aspect=1)
    axes[0].set_ylabel("$w_2$")
    save(
        figure,
        options.out,
        f"λ = {options.ridge:g}: flow (color) and closed form (dashed) differ by {worst:.0e} at most; "
        f"dots: gradient descent, every third step of {options.step:g}",
    )


if __name__ == "__main__":
    sys.exit(run(main, Options))
