"""Options that are one of a few names."""

import difflib
from collections.abc import Collection


def one_of(parameter: str, value: str, choices: Collection[str]) -> str:
    """Return the value if it is one of the choices.

    Raises
    ------
    ValueError
        If it is not; the message lists the choices and suggests the nearest.

    Examples
    --------
    >>> one_of("method", "RK54", ["euler", "RK45"])
    Traceback (most recent call last):
        ...
    ValueError: method = 'RK54': choose one of euler, RK45; did you mean 'RK45'?
    """
    if isinstance(value, str) and value in choices:
        return value
    nearest = difflib.get_close_matches(str(value), choices, n=1, cutoff=0.0)[0]
    raise ValueError(
        f"{parameter} = {value!r}: choose one of {', '.join(choices)}; did you mean {nearest!r}?"
    )
