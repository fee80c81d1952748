"""The optimal readout of a convex loss: damped Newton steps by conjugate gradients, ended by the duality gap.

With W2 in hand, M = −∇ℓ(HW2)/(2λ) is feasible for the dual problem, and the two sides are exactly λ‖W2 − HᵀM‖² apart
(:mod:`derivations.convex_loss`): no value of the cost is subtracted from another.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reduced.errors import ReadoutError
from reduced.inputs.arrays import without_overflow
from reduced.readout.convex_system import ConvexSystem, Preconditioner

Array = NDArray[np.float64]
#: Most Newton steps, conjugate-gradient iterations of each, and trials of a line search.
NEWTON_STEPS, ITERATIONS, TRIALS = 200, 400, 60
#: A Newton equation is solved to this share of its residual, in squares, times √(gap/cost); and no further than to this
#: share of the gap that is asked for.
FORCING, ENOUGH = 1e-2, 0.1
#: A trial step is taken when the slope along it is at most this share of the first one.
FLATTER = 0.5
#: The factored curvatures serve until one of them has changed by this factor.
CHANGED = 2.0
#: After this many Newton steps without halving the gap, rounding has the word; then this share of the cost is allowed.
PATIENCE, ROUNDING = 4, 1e-10
#: From one ridge to the next on the way down from a large one, and the share to which the gap is closed on the way.
DESCENT, ROUGH = 10.0, 0.1
EPSILON = float(np.finfo(float).eps)


@dataclass(frozen=True)
class Minimum:
    """The inner minimum, as far as it was found.

    Parameters
    ----------
    unknown : array
        U, see :mod:`reduced.readout.convex_system`; the next minimization starts from it.
    readout : (d_h, d_out) array
        W2.
    multiplier : (n, d_out) array
        M = −∇ℓ(HW2)/(2λ).
    cost : float
        ℓ + λ‖W2‖².
    gap : float
        Duality gap λ‖W2 − HᵀM‖²: the cost exceeds the minimum by no more.
    newton_steps, iterations : int
        Work: Newton steps, and conjugate-gradient iterations in all of them.
    """

    unknown: Array
    readout: Array
    multiplier: Array
    cost: float
    gap: float
    newton_steps: int
    iterations: int


def minimized(system: ConvexSystem, start: Array | None, share: float) -> Minimum:
    """Minimize until the gap is at most ``share`` of the cost.

    Parameters
    ----------
    system : ConvexSystem
        What to minimize.
    start : array or None
        Unknown to start from; zero without one.
    share : float
        Of the cost, positive. Where rounding does not allow it, a gap of 1e-10 of the cost passes.

    Raises
    ------
    ReadoutError
        If the gap does not get there.
    OverflowError
        If the loss or its gradient is not finite.
    """
    U = np.zeros(system.shape, order="F") if start is None else np.array(start, order="F")
    weights, solver = np.empty(0), None
    best, waited, iterations = np.inf, 0, 0
    for newton_steps in range(NEWTON_STEPS):
        outputs = system.outputs(U)
        residual = system.residual(U, outputs)
        image = system.outputs(residual)
        gap = abs(system.ridge * system.inner(residual, residual, image))  # negative by rounding alone
        cost = system.cost(U, outputs)
        without_overflow("the loss", (cost, gap))
        waited, best = (0, gap) if gap < best / 2 else (waited + 1, min(best, gap))
        if gap <= share * cost or (waited >= PATIENCE and gap <= ROUNDING * cost):
            M = system.multiplier(outputs)
            return Minimum(U, system.readout(U), M, cost, gap, newton_steps, iterations)
        fresh = system.curvatures(outputs)
        if solver is None or np.abs(np.log(fresh / weights)).max() > np.log(CHANGED):
            weights, solver = fresh, system.preconditioner(fresh)
        reduction = max(FORCING * np.sqrt(min(1.0, gap / cost)), ENOUGH * share * cost / gap)
        step, image, count = _newton_step(system, outputs, -residual, solver, reduction)
        iterations += count
        length = _line_search(system, U, outputs, step, image, cost)
        U += length * step
    raise ReadoutError(
        f"the readout's minimization stopped at a duality gap of {gap / cost:.1e} of the cost, asked for {share:.1e}: "
        "set a larger ridge, or take smaller steps"
    )


def minimized_from_zero(system: ConvexSystem, share: float) -> Minimum:
    """Minimize as :func:`minimized` does, from W2 = 0 through ever smaller ridges, each from the last one's minimum.

    A squared hinge takes hundreds of Newton steps without them; the other losses take as many with as without.
    """
    ridge, start = system.ridge, None
    larger = int(max(0.0, np.ceil(np.log(system.size / ridge) / np.log(DESCENT)))) if system.size > 0 else 0
    for power in range(larger, 0, -1):
        start = minimized(system.with_ridge(ridge * DESCENT**power), start, ROUGH).unknown
    return minimized(system, start, share)


def _newton_step(
    system: ConvexSystem, outputs: Array, right: Array, solver: Preconditioner, reduction: float
) -> tuple[Array, Array, int]:
    """Solve (1 + HᵀD H/(2λ)) P = right with D = ∇²ℓ, in the system's own scalar product with its slack.

    Returns
    -------
    step, image : arrays
        P, and its outputs.
    iterations : int
        How many were made until the preconditioned squared residual had fallen to ``reduction``, or the limit.
    """
    hessian, scale = system.loss.hessian(outputs, system.Y), 2 * system.ridge

    def seen_of(U: Array) -> Array:
        outputs = system.outputs(U)
        return outputs + system.slack * U if system.slack else outputs

    step, image = np.zeros_like(right), np.zeros_like(outputs)
    residual, lifted = right.copy(order="F"), solver(right)
    seen = seen_of(lifted)
    size = first = system.inner(residual, lifted, seen)
    direction, shown = lifted, seen
    iterations = 0
    while iterations < ITERATIONS:
        iterations += 1
        bent = hessian(shown) / scale
        curvature = system.inner(direction, direction, shown) + float(np.vdot(shown.T, bent.T))
        if not 0 < curvature < np.inf:
            break
        length = size / curvature
        step += length * direction
        image += length * shown
        residual -= length * (direction + system.pulled(bent))
        lifted = solver(residual)
        seen = seen_of(lifted)
        last, size = size, system.inner(residual, lifted, seen)
        if size <= reduction * first:
            break
        direction = lifted + (size / last) * direction
        shown = seen + (size / last) * shown
    return step, image - system.slack * step if system.slack else image, iterations


def _line_search(
    system: ConvexSystem, U: Array, outputs: Array, step: Array, image: Array, cost: float
) -> float:
    """How far to go: the whole step where the slope along it has flattened, else near the root of the slope.

    The slope grows along a line, so its root is bracketed, and the slope is exact to rounding where differences of the
    cost are not (W. W. Hager and H. Zhang, SIAM J. Optim. 16, 170 (2005)). The cost may not rise by more than rounding.
    """
    linear, square = system.inner(U, step, image), system.inner(step, step, image)

    def slope(t: float) -> float:
        along = system.loss.gradient(outputs + t * image, system.Y)
        return float(np.vdot(along.T, image.T)) + 2 * system.ridge * (linear + t * square)

    def rises(t: float) -> bool:
        moved = outputs + t * image
        squares = system.inner(U, U, outputs) + 2 * t * linear + t**2 * square
        return system.loss.value(moved, system.Y) + system.ridge * squares > cost * (1 + 1e3 * EPSILON)

    first = slope(0.0)
    if not first < 0:
        return 1.0  # within rounding of the minimum
    low, low_slope, high, high_slope, t = 0.0, first, np.inf, np.inf, 1.0
    for _ in range(TRIALS):
        here = slope(t)
        if here <= -FLATTER * first and not (here > 0 and rises(t)):
            return t
        high, high_slope = t, here
        secant = low - low_slope * (high - low) / (high_slope - low_slope) if high_slope < np.inf else np.nan
        t = min(max(secant, 0.1 * high), 0.9 * high) if np.isfinite(secant) else high / 2
    return t
