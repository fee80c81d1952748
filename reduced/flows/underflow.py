"""Numbers so small that their powers leave double precision: the minimum is checked again, or they are named."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from reduced.flows.cells import SmoothCell
from reduced.flows.polish import Minimum

#: Below this, fifth powers are zero in double precision.
SMALL = 1e-60
#: At a minimum the terms of the slope cancel to this share, and their sizes are above this.
CANCELLED, SIZE = 1e-6, 1e-290


@contextmanager
def naming_underflow(
    symbols: Sequence[Any], values: Sequence[float]
) -> Iterator[Callable[[Sequence[SmoothCell], Minimum], None]]:
    """Within it, a search for a minimum that fails, or a minimum that is none, is laid to what is too small.

    Parameters
    ----------
    symbols : sequence of Symbol
        Slow symbols and parameters.
    values : sequence of float
        Their numbers.

    Yields
    ------
    callable
        ``judge(cells, minimum)``, which does nothing where no number is small.

    Raises
    ------
    ArithmeticError
        If a number is neither 0 nor above 1e-60, and no minimum was found that can be told from others.
    """
    small = [
        f"{symbol} = {value:.3g}"
        for symbol, value in zip(symbols, values, strict=True)
        if 0 < abs(value) < SMALL
    ]

    def refuse() -> ArithmeticError:
        return ArithmeticError(
            f"{', '.join(small)}: so close to 0 that the minimum over the fast parameters is lost to underflow; "
            "state 0, or scale the loss"
        )

    def judge(cells: Sequence[SmoothCell], minimum: Minimum) -> None:
        if small and not any(_stationary(cell, minimum) for cell in cells):
            raise refuse()

    try:
        yield judge
    except ArithmeticError:
        if not small:
            raise
        raise refuse() from None


def _stationary(cell: SmoothCell, minimum: Minimum) -> bool:
    """Whether the slope's terms, ∂²L/∂b∂v · v over slow and fast values v, cancel visibly."""
    if cell.walls:
        return True
    at = cell.derivatives(minimum.fast, np.zeros(0))
    first = len(cell.slow)
    fast = slice(first, first + cell.size)
    if not at.gradient[fast].any() and not minimum.fast.any():
        return True
    sizes = np.abs(at.hessian[fast] * np.concatenate([cell.slow, minimum.fast])).sum(axis=1)
    return bool(((sizes > SIZE) & (np.abs(at.gradient[fast]) <= CANCELLED * sizes)).all())
