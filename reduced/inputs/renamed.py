"""Old names of parameters, refused with the new one."""

from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")
Class = TypeVar("Class", bound=type)


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
            refuse_renamed(options, names, function.__name__)
            return function(*arguments, **options)

        return checked

    return decorate


def renamed_options(**names: str) -> Callable[[Class], Class]:
    """Class decorator: as :func:`renamed`, for the options of a dataclass.

    Examples
    --------
    >>> from dataclasses import dataclass
    >>> @renamed_options(operation="task")
    ... @dataclass
    ... class Options:
    ...     task: str = "add"
    >>> Options(operation="multiply")
    Traceback (most recent call last):
    ...
    ValueError: operation is now called task; write Options(task=...)
    """

    def decorate(made: Class) -> Class:
        begin: Any = made.__init__  # type: ignore[misc]  # of this class itself, not of one below it

        @wraps(begin)
        def checked(self: Any, *arguments: Any, **options: Any) -> None:
            refuse_renamed(options, names, made.__name__)
            begin(self, *arguments, **options)

        setattr(made, "__init__", checked)  # noqa: B010  (mypy forbids the assignment)
        return made

    return decorate


def refuse_renamed(options: Iterable[str], names: Mapping[str, str], owner: str) -> None:
    """Refuse an old name among those of some options.

    Raises
    ------
    ValueError
        With the new name.
    """
    for old in options:
        if old in names:
            raise ValueError(f"{old} is now called {names[old]}; write {owner}({names[old]}=...)")
