"""Packages that only some of the commands need."""

from importlib.util import find_spec


def require(package: str, extra: str) -> None:
    """Refuse to go on without a package, and say how to get it.

    Raises
    ------
    ValueError
        If it is not installed.

    Examples
    --------
    >>> require("numpy", "none")
    >>> require("no_such_package", "explore")
    Traceback (most recent call last):
        ...
    ValueError: the package no_such_package is not installed: get it with pip install 'grokking-reduced[explore]'
    """
    if find_spec(package) is None:
        raise ValueError(
            f"the package {package} is not installed: get it with pip install 'grokking-reduced[{extra}]'"
        )
