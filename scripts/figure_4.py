"""Figure 4: the closer to the zero-loss set y = x², the closer to orthogonal the gradient of (y − x²)²."""

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from _cli import run
from _plot import CLOSED, STYLE, save
from _pyplot import plt
from _ranges import OutPath

from derivations.toy_models import parabola_loss, x, y
from reduced import solutions
from reduced.flows.scalar import gradient_flow
from reduced.inputs.ranges import Finite, Positive


@dataclass(frozen=True)
class Options:
    """Three points with one projection on the parabola, ever closer, and the cosine of gradient and tangent."""

    foot: Finite = 0.6
    """Abscissa of the common projection."""
    distances: tuple[Positive, ...] = (0.5, 0.05, 0.005)
    """Distances from the parabola, one a panel."""
    out: OutPath = Path("figures/figure_4.png")
    """Where to save the figure."""


@plt.rc_context(STYLE)
def main(options: Options) -> None:
    """Draw one magnification for each distance, and the measured cosine against the distance with its fitted slope."""
    for distance in options.distances:
        if (
            abs(
                solutions.parabola_projection(solutions.parabola_point(options.foot, distance)) - options.foot
            )
            > 1e-9
        ):
            raise ValueError(
                f"distances = {distance:g}: that point is nearer to the other side; take a smaller one"
            )
    foot, tangent = np.array([options.foot, options.foot**2]), np.array([1.0, 2 * options.foot])
    descent = gradient_flow(parabola_loss(), (x, y))
    panels = len(options.distances)
    figure, axes = plt.subplots(1, panels + 1, figsize=(4.4 * (panels + 1), 5))
    for axis, distance in zip(axes[:-1], options.distances, strict=True):
        point = solutions.parabola_point(options.foot, distance)
        arrow = descent(0.0, point) / np.linalg.norm(descent(0.0, point)) * distance
        across = foot[0] + np.linspace(-1.6, 1.6, 201) * distance
        axis.plot(across, across**2, color="0.75", lw=5)
        axis.plot(*np.stack([foot, point]).T, color="0.4", ls=":", lw=2)
        axis.annotate(
            "", point + arrow, point, arrowprops={"color": "tab:red", "width": 2.5, "headwidth": 11}
        )
        axis.plot(*point, "o", color="tab:blue", ms=9)
        reach = 1.6 * distance
        axis.set(xlim=foot[0] + [-reach, reach], ylim=foot[1] + [-reach / 2, 1.5 * reach], aspect="equal")
        axis.set(title=f"distance {distance:g}", xlabel="$x$")
        axis.locator_params(nbins=4)
    axes[0].set_ylabel("$y$")
    distances = np.geomspace(1e-4, 1e-1, 13)
    gradients = np.array([-descent(0.0, solutions.parabola_point(options.foot, d)) for d in distances])
    cosines = abs(gradients @ tangent) / np.linalg.norm(gradients, axis=1) / np.linalg.norm(tangent)
    closed = solutions.gradient_cosine(options.foot, distances)
    slope = np.polyfit(np.log(distances[:5]), np.log(cosines[:5]), 1)[0]
    axes[-1].loglog(distances, cosines, "o", color="tab:red", ms=8, label="measured")
    axes[-1].loglog(distances, closed, **CLOSED, label="closed form")
    axes[-1].set(title="|cosine| of gradient and tangent", xlabel="distance")
    axes[-1].legend()
    worst = float(abs(cosines / closed - 1).max())
    save(
        figure,
        options.out,
        f"One foot, arrows along −gradient; measured cosine: slope {slope:.4f} below 1e-3, "
        f"off the closed form by {worst:.0e} relative at most",
    )


if __name__ == "__main__":
    sys.exit(run(main, Options))
