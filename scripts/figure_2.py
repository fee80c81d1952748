"""Figure 2: from four starts, three weights reach the plane of zero loss and move straight to its shortest vector."""

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from _cli import run
from _plot import CLOSED, STYLE, descended, explain_lines, resolved, save
from _pyplot import plt
from _ranges import OutPath

from derivations.toy_models import addition_loss, regularized, w
from reduced import solutions
from reduced.flows.scalar import gradient_flow
from reduced.inputs.ranges import Count, Positive
from reduced.plots.style import CYCLE

STARTS = np.array([[-1.0, 2.5, 0.5], [3.0, -1.0, -1.0], [0.0, 0.0, 3.5], [2.0, 2.0, -0.5]])


@dataclass(frozen=True)
class Options:
    """Gradient descent, gradient flow and closed form of the sample (1, 1, 1) -> 3."""

    ridge: Positive = 0.01
    """Ridge λ: the weight decay of the loss that is descended."""
    step: Positive = 0.05
    """Step size of gradient descent."""
    steps: Count = 6000
    """Number of gradient-descent steps."""
    out: OutPath = Path("figures/figure_2.png")
    """Where to save the figure."""


@plt.rc_context(STYLE)
def main(options: Options) -> None:
    """Draw the paths in space, and their distance from the shortest vector on a logarithmic axis."""
    flow = gradient_flow(regularized(addition_loss(3)), w, **{"lambda": options.ridge})
    closed_form = solutions.linear_regression(np.ones((1, 3)), np.array([3.0]), options.ridge)
    count = np.unique(np.geomspace(1, options.steps, 80).astype(int))
    at, worst = np.concatenate([[0], count]) * options.step, 0.0
    figure = plt.figure(figsize=(13, 6))
    space = figure.add_subplot(1, 2, 1, projection="3d", computed_zorder=False)
    away = figure.add_subplot(1, 2, 2)
    side = np.linspace(-1.5, 3.5, 2)
    first, second = np.meshgrid(side, side)
    space.plot_surface(first, second, 3 - first - second, alpha=0.15, color="0.5")
    space.text2D(0.0, 0.9, "grey: zero loss, $w_1 + w_2 + w_3 = 3$", transform=space.transAxes, color="0.3")
    space.text2D(0.0, 0.84, "star: its shortest vector, (1, 1, 1)", transform=space.transAxes)
    for start, color in zip(STARTS, CYCLE, strict=False):
        smooth, closed = resolved(flow, start, at), closed_form(at, start)
        descent = descended(flow, start, options.step, options.steps)[[0, *count]]
        worst = max(worst, float(abs(smooth - closed).max()))
        space.plot(*smooth.T, color=color, lw=2.5)
        space.plot(*closed.T, **CLOSED)
        space.scatter(*start, color=color, s=40)
        rest = 3 / (3 + options.ridge)
        shown = np.linalg.norm(descent - rest, axis=1)[1:]
        away.loglog(at[1:], np.linalg.norm(smooth - rest, axis=1)[1:], color=color, lw=4, alpha=0.45)
        away.loglog(at[1::3], shown[::3], "o", color=color, ms=6, mfc="none", mew=1.5)
        away.loglog(at[1:], np.linalg.norm(closed - rest, axis=1)[1:], **CLOSED)
    space.scatter(1, 1, 1, color="black", marker="*", s=200, zorder=6)
    space.set_box_aspect(None, zoom=0.92)
    space.set(xlabel="$w_1$", ylabel="$w_2$", zlabel="$w_3$")
    space.view_init(elev=18, azim=-20)
    away.set(xlabel="flow time $t$ (step size × steps)", ylabel="distance from the regularized minimum")
    explain_lines(away)
    save(
        figure,
        options.out,
        f"Every start falls onto the plane and slides to its shortest vector (λ = {options.ridge:g}; "
        f"flow and closed form differ by {worst:.0e})",
    )


if __name__ == "__main__":
    sys.exit(run(main, Options))
