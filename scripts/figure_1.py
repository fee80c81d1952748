"""Figure 1: two weights fit one sample at once, then drift along the line of zero loss to the one that generalizes."""

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

START = np.array([-1.0, 1.0])


@dataclass(frozen=True)
class Options:
    """Gradient descent, gradient flow and closed form of the sample (1, 1) -> 2 from (-1, 1)."""

    ridges: tuple[Positive, ...] = (0.01, 0.1, 0.2)
    """Ridges λ: the weight decays of the loss that is descended."""
    step: Positive = 0.1
    """Step size of gradient descent; the paper gives none."""
    steps: Count = 2000
    """Number of gradient-descent steps."""
    out: OutPath = Path("figures/figure_1.png")
    """Where to save the figure."""


def losses(weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Training loss, and expected test loss over standard normal inputs labelled with their sum."""
    return (weights.sum(axis=1) - 2) ** 2, np.square(weights - 1).sum(axis=1)


@plt.rc_context(STYLE)
def main(options: Options) -> None:
    """Draw the weight plane and the losses, with the largest difference of flow and closed form."""
    figure, (plane, curves) = plt.subplots(1, 2, figsize=(13, 5.6))
    plane.axline((0, 2), (2, 0), color="0.75", lw=5, label="zero loss")
    count = np.unique(np.geomspace(1, options.steps, 60).astype(int))
    at, worst, worst_step = np.concatenate([[0], count]) * options.step, 0.0, 0.0
    for ridge, color in zip(options.ridges, ("tab:blue", "tab:orange", "tab:green"), strict=False):
        flow = gradient_flow(regularized(addition_loss(2)), w[:2], **{"lambda": ridge})
        smooth = resolved(flow, START, at)
        descent = descended(flow, START, options.step, options.steps)[[0, *count]]
        closed = solutions.two_weights(ridge)(at)
        iterates = solutions.two_weights_descent(ridge, options.step)([0, *count])
        worst = max(worst, float(abs(smooth - closed).max()))
        worst_step = max(worst_step, float(abs(descent - iterates).max()))
        plane.plot(*smooth.T, color=color, lw=2.5, label=f"λ = {ridge:g}")
        for test, alpha in ((1, 1.0), (0, 0.45)):
            curves.loglog(at[1:], losses(smooth)[test][1:], color=color, alpha=alpha, lw=3)
            curves.loglog(at[1:], losses(descent)[test][1:], ".", color=color, alpha=alpha, ms=6)
            curves.loglog(at[1:], solutions.two_weights_losses(ridge)(at)[test][1:], **CLOSED)
        plane.plot(*descent.T, ".", color=color, ms=5)
        plane.plot(*closed.T, **CLOSED)
    plane.plot(1, 1, "*", color="black", ms=14, zorder=5)
    plane.set(xlabel="$w_1$", ylabel="$w_2$", aspect="equal", xlim=(-1.3, 1.3), ylim=(0.7, 3.3))
    plane.legend(loc="upper right")
    curves.set(
        xlabel="flow time $t$ (step size × steps)",
        ylabel="loss: test (full color), training (pale)",
        ylim=(1e-5, 10),
    )
    explain_lines(curves)
    save(
        figure,
        options.out,
        f"Flow and closed form differ by {worst:.0e} at most, gradient descent (dots) and its own by {worst_step:.0e}",
    )


if __name__ == "__main__":
    sys.exit(run(main, Options))
