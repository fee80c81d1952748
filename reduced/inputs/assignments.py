"""Numbers given by name on a command line."""

import math
from collections.abc import Iterable


def assigned(option: str, words: Iterable[str]) -> dict[str, float]:
    """Numbers by their names, from words like ``lam=0.1``.

    Parameters
    ----------
    option : str
        What messages call the option.
    words : iterable of str

    Raises
    ------
    ValueError
        If a word is no assignment, a number is not finite, or a name is given twice.

    Examples
    --------
    >>> assigned("set", ["lam=0.1", "y=-2"])
    {'lam': 0.1, 'y': -2.0}
    """
    found: dict[str, float] = {}
    for word in words:
        name, equals, text = word.partition("=")
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not equals or not name or not math.isfinite(value):
            raise ValueError(f"{option} {word!r}: must be a name and a finite number, as in lam=0.1")
        if name in found:
            raise ValueError(f"{option} {name}: is given twice")
        found[name] = value
    return found
