"""Theorem 5.1 as a tool: replace the fast parameters of any scalar loss by their optimum."""

from collections.abc import Iterable
from typing import Any

import sympy as sp

from derivations.bounded import Budget
from derivations.branches import fast_optimum
from derivations.decoupled import Decoupled
from derivations.domains import edges, exact, opaque, real_copies, without_jumps
from derivations.kinks import Cell, cells


def decouple(loss: Any, slow: Any, fast: Any, seconds: float = 20.0) -> Decoupled:
    """Decouple the slow parameters of a loss from the fast ones, Theorem 5.1.

    Parameters
    ----------
    loss : sympy expression
        L_λ, weight decay included. All symbols are taken as real; decimals as the fractions they show; signs that
        symbols declare, logarithms and square roots bound the fast parameters. Kinks (``Abs``, ``Max``, ``Min``,
        continuous ``Piecewise``) are allowed, jumps are not.
    slow, fast : symbol or sequence of symbols
        θ₁, whose flow is wanted, and θ₂, taken as optimal for θ₁.
    seconds : float
        Processor time for the symbolic search. What it does not solve is left implicit: ``reduced.decoupled``
        finds the minimum numerically.

    Returns
    -------
    Decoupled
        ``.fast_optimum``, ``.cost``, ``.flow`` (flow time t), ``.optimum.conditions`` and more. ``print`` shows them
        with the verdict: a minimum is called global only where that is proved.

    Raises
    ------
    ValueError
        If a parameter does not occur in the loss, is declared an integer or not real, or is both slow and fast; if
        the loss jumps; if it has no minimum in the fast parameters, or does not bend in one of their directions.

    Examples
    --------
    >>> a, b = sp.symbols("a b")
    >>> decay = sp.Symbol("lambda", positive=True)
    >>> network = decouple((a * b - 1) ** 2 + decay * (a**2 + b**2), slow=a, fast=b)
    >>> network.fast_optimum
    {b: a/(a**2 + lambda)}
    >>> network.limit(decay).flow
    {a: -(a - 1)*(a + 1)*(a**2 + 1)/a**3}
    >>> print(decouple(sp.log(b) ** 2 + a * b, slow=a, fast=b))
    b = argmin_b(a)
    numerical minimum: the stationary points have no closed form with square roots; found by a numerical search
    note: that a minimum exists is not proved: how a*b + log(b)**2 behaves for large b is not decided
    """
    budget = Budget(seconds)
    loss = exact(loss)
    slow, fast = _symbols(slow, "slow", loss), _symbols(fast, "fast", loss)
    shared = set(slow) & set(fast)
    if shared:
        raise ValueError(f"{_names(shared)} cannot be both slow and fast: put each parameter on one side")
    copies = real_copies(loss, (*slow, *fast))
    real, real_fast = loss.xreplace(copies), tuple(copies[variable] for variable in fast)
    without_jumps(real, (*(copies[variable] for variable in slow), *real_fast))
    domain = edges(real, real_fast)
    rooms = tuple(Cell(room.loss, (*room.walls, *domain)) for room in cells(real, real_fast))
    hidden = opaque(real, real_fast)
    back = {symbol: part for part, symbol in hidden.items()}
    optimum = fast_optimum(
        real.xreplace(hidden),
        real_fast,
        tuple(room.xreplace(hidden) for room in rooms),
        budget,
    )
    given = {known: symbol for symbol, known in copies.items()}
    return Decoupled(
        loss, slow, fast, optimum.xreplace(back).xreplace(given), rooms, domain, copies, budget.seconds
    )


def _symbols(given: Any, role: str, loss: Any) -> tuple[Any, ...]:
    symbols = tuple(given) if isinstance(given, Iterable) else (given,)
    known = [symbol for symbol in symbols if isinstance(symbol, sp.Symbol) and symbol in loss.free_symbols]
    if len(known) < len(symbols) or not symbols or len(set(symbols)) < len(symbols):
        strangers = {str(symbol) for symbol in symbols if symbol not in known}
        alike = strangers & {str(symbol) for symbol in loss.free_symbols}
        hint = " (symbols of one name but other assumptions are different)" if alike else ""
        raise ValueError(
            f"{role}={_names(symbols)} must be one or more different symbols of the loss, "
            f"which holds {_names(loss.free_symbols)}{hint}"
        )
    return symbols


def _names(symbols: Iterable[Any]) -> str:
    return "{" + ", ".join(sorted(map(str, symbols))) + "}"
