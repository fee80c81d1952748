"""Names in generated source: every symbol gets one that is its own and shadows nothing."""

import builtins
import keyword
import re
import unicodedata
from collections.abc import Collection, Iterable
from typing import Any

#: What generated source refers to besides its arguments; an argument of such a name would shadow it.
RESERVED = frozenset({"numpy", "scipy", "math"})


def own_labels(wanted: Iterable[str], taken: Collection[str] = ()) -> dict[str, str]:
    """Identifiers for functions of generated source, each its own and as wanted or near it.

    Parameters
    ----------
    wanted : iterable of str
        Any texts.
    taken : collection of str
        Names of arguments, intermediate results and kernels of the same source.

    Examples
    --------
    >>> own_labels(["relu", "abs", "my act", "my_act", "H"], taken=["H"])
    {'relu': 'relu', 'abs': 'abs_', 'my act': 'my_act', 'my_act': 'my_act_', 'H': 'H_'}
    """
    used = {*RESERVED, *keyword.kwlist, *vars(builtins), *taken}
    labels = {}
    for text in wanted:
        label = re.sub(r"\W", "_", unicodedata.normalize("NFKC", text))
        label = label if label.isidentifier() else f"_{label}"
        while label in used or re.fullmatch(r"[Tx]\d+", label):
            label += "_"
        used.add(label)
        labels[text] = label
    return labels


def own_names(symbols: Iterable[Any], taken: Collection[str] = ()) -> dict[Any, Any]:
    """Symbols to print in place of the given ones, where their names would clash or are no identifiers.

    Parameters
    ----------
    symbols : iterable of sympy.Symbol
        Different symbols; several may have one name (with other assumptions, or as ``Dummy``).
    taken : collection of str
        More names that are not free.

    Returns
    -------
    dict
        Symbol -> symbol of the same assumptions with a name of its own; symbols that can stay are left out.

    Examples
    --------
    >>> import sympy as sp
    >>> own_names([sp.Symbol("lambda"), sp.Symbol("lambda_"), sp.Symbol("w")])
    {lambda: lambda__}
    """
    import sympy as sp

    symbols = list(symbols)
    plain = [s.name for s in symbols if not isinstance(s, sp.Dummy)]
    used = {
        *RESERVED,
        *taken,
        *(name for name in plain if name.isidentifier() and not keyword.iskeyword(name)),
    }
    kept: set[str] = set()
    renamed = {}
    for symbol in symbols:
        free = symbol.name.isidentifier() and not keyword.iskeyword(symbol.name)
        if free and symbol.name not in kept | RESERVED | set(taken) and not isinstance(symbol, sp.Dummy):
            kept.add(symbol.name)
            continue
        base = re.sub(r"\W", "_", symbol.name)
        name = base = base if base.isidentifier() else f"_{base}"
        while name in used | kept or keyword.iskeyword(name):
            name += "_"
        kept.add(name)
        renamed[symbol] = sp.Symbol(name, **symbol._assumptions_orig)
    return renamed
