"""Old names of parameters, refused with the new one."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


def renamed(**names: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Decorator: a call with an old parameter name is told the new one.

    Parameters
    ----------
    **names : str
        New name of each old one.

    Examples
    --------
    >>> @renamed(decay="ridge")
    ... def flow(ridge=0.0):
    ...     return ridge
    >>> flow(decay=0.1)
    Traceback (most recent call last):
    ...
    ValueError: decay is now called ridge; write flow(ridge=...)
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @wraps(function)
        def checked(*arguments: P.args, **options: P.kwargs) -> R:
            for old in options.keys() & names.keys():
                raise ValueError(
                    f"{old} is now called {names[old]}; write {function.__name__}({names[old]}=...)"
                )
            return function(*arguments, **options)

        return checked

    return decorate
