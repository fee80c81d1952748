"""What a careless caller may pass, and the two answers that are allowed: a reason in one line, or finite numbers."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy import sparse

from reduced import IntegrationError, SingularGramError
from reduced.errors import ReadoutError, RetractionError

#: What the library raises where the arguments are fine and the mathematics is not.
MATHEMATICAL = (SingularGramError, ReadoutError, IntegrationError, RetractionError, ArithmeticError)
ANYTHING = [None, "3", "x", 1j, object(), {}]
NUMBERS = [np.nan, np.inf, -np.inf, -1.0, -0.0, 1e-310, 1e308, True, [1.0, 2.0], np.ones((1, 1)), *ANYTHING]
COUNTS = [0, -1, 1.5, 2.0, np.nan, np.inf, 10**18, True, [1], *ANYTHING]
NAMES = ["", "nonsense", "re\nlu", 3, ["relu"], b"relu", None]
ENTRIES = st.sampled_from([0.0, 1.0, -1.0, 1e-310, 1e308, -1e308, np.inf, -np.inf, np.nan])


@dataclass(frozen=True)
class Call:
    """A call that succeeds; ``endless`` arguments decide how long it takes, so no huge number is tried there."""

    function: Callable[..., Any]
    arguments: dict[str, Any]
    endless: tuple[str, ...] = field(default=())

    def __call__(self, **replaced):
        with np.errstate(all="ignore"):
            return self.function(**self.arguments | replaced)


def hostile(value, endless=False):
    """Strategy of replacements for a valid argument, by its kind."""
    if isinstance(value, tuple):
        return st.one_of(
            pairs(value, endless), st.sampled_from([value[0], value[:1], (*value, value[0]), *ANYTHING])
        )
    if isinstance(value, np.ndarray):
        return matrices(value).filter(lambda bad: not (endless and immense(bad)))
    if isinstance(value, str):
        return st.sampled_from(NAMES)
    listed = COUNTS if isinstance(value, int) else NUMBERS
    return st.sampled_from([one for one in listed if not (endless and immense(one))])


def immense(value):
    """Whether a number in it is so large, or so small, that it stands for an immense time."""
    try:
        sizes = abs(np.asarray(np.real(value), dtype=float))
    except (TypeError, ValueError):
        return False
    return bool(((sizes > 1e3) & (sizes < np.inf) | (sizes > 0) & (sizes < 1e-3)).any())


def matrices(value):
    shaped = [
        value[None],
        value.ravel()[:, None],
        value.T,
        value[:0],
        value[..., :0],
        np.vstack([value, value]),
    ]
    typed = [
        value * 1j,
        value.astype(str),
        value.astype(object),
        value.real.astype("float32"),
        value.real > 0,
    ]
    spoilt = [
        np.where(np.arange(value.size).reshape(value.shape) == 1, bad, value)
        for bad in (np.nan, np.inf, 1e308)
    ]
    others = [
        [[1.0], [2.0, 3.0]],
        3.0,
        sparse.csr_array(np.atleast_2d(value).reshape(-1, value.shape[-1] if value.ndim else 1)),
        np.full(value.shape, None),
        *ANYTHING,
    ]
    return st.one_of(
        st.sampled_from([*shaped, *typed, *spoilt, *others]),
        arrays.arrays(
            float, arrays.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4), elements=ENTRIES
        ),
    )


def pairs(value, endless):
    places = st.integers(0, len(value) - 1)
    return places.flatmap(
        lambda place: hostile(value[place], endless).map(
            lambda bad: (*value[:place], bad, *value[place + 1 :])
        )
    )


def judge(call, name, bad):
    """Assert that the answer is a reason that names the argument, a mathematical one, or numbers of the right shape."""
    refused, result = answer(call, name, bad)
    if refused is None:
        assert all(np.isfinite(leaf).all() for leaf in leaves(result)), result
        if isinstance(call.arguments[name], float | int | str):
            assert [leaf.shape for leaf in leaves(result)] == [leaf.shape for leaf in leaves(call())]
        return
    assert "\n" not in str(refused)
    if not isinstance(refused, MATHEMATICAL):
        assert re.search(rf"\b{names(call, name)}\b", str(refused)), f"does not name {name}: {refused!r}"


def answer(call, name, bad):
    try:
        return None, call(**{name: bad})
    except (*MATHEMATICAL, ValueError, TypeError) as refused:
        return refused, None


def names(call, name):
    """A matrix or a state may also be refused by the name of what it does not fit, or of its layers."""
    if call.arguments[name] is None or isinstance(call.arguments[name], float | int | str):
        return name
    others = [other for other, value in call.arguments.items() if isinstance(value, np.ndarray | tuple)]
    return f"({'|'.join([*others, 'W1', 'W2', 'f', 'omega', 'X', 'times'])})"


def leaves(result):
    if isinstance(result, dict):
        result = tuple(result.values())
    elif is_dataclass(result):
        result = tuple(getattr(result, entry.name) for entry in fields(result))
    if isinstance(result, tuple | list):
        return [leaf for part in result for leaf in leaves(part)]
    return [np.asarray(result)] if np.asarray(result).dtype.kind in "bifc" else []
