"""Refuse what cannot fit before allocating it."""

import os


def refuse_beyond_memory(what: str, numbers: float) -> None:
    """Compare an estimate with the memory of this machine.

    Parameters
    ----------
    what : str
        Names the parameters that decide the size, e.g. ``"p = 5000"``.
    numbers : float
        Numbers in double precision that will be held at once.

    Raises
    ------
    ValueError
        If they take more than this machine has.

    Examples
    --------
    >>> refuse_beyond_memory("p = 7", 10**6)
    """
    available = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    if 8 * numbers > available:
        raise ValueError(
            f"{what}: needs about {8 * numbers / 2**30:.3g} GiB, and this machine has {available / 2**30:.3g} GiB"
        )
