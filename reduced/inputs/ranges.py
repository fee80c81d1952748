"""What an option may be, stated where it is declared: ``Annotated[int, AtLeast(2)]``."""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, get_args, get_type_hints

from reduced.inputs.choices import one_of
from reduced.inputs.scalars import between_0_and_1, finite, non_negative, positive, whole


class Range:
    """What an option may be; a subclass says so by refusing everything else."""

    def __call__(self, name: str, value: Any) -> None:
        """Refuse a value of the option of this name.

        Raises
        ------
        ValueError
            Naming the option, its value and what is allowed.
        """
        raise NotImplementedError


@dataclass(frozen=True)
class AtLeast(Range):
    """An integer, not below ``least``."""

    least: int

    def __call__(self, name: str, value: Any) -> None:
        """Refuse anything else."""
        whole(self.least, **{name: value})


@dataclass(frozen=True)
class Number(Range):
    """A finite number: ``"positive"`` above 0, ``"non-negative"`` from 0, ``"finite"`` any."""

    kind: str

    def __call__(self, name: str, value: Any) -> None:
        """Refuse anything else."""
        {"positive": positive, "non-negative": non_negative, "finite": finite}[self.kind](**{name: value})


@dataclass(frozen=True)
class Share(Range):
    """A number strictly between 0 and 1."""

    def __call__(self, name: str, value: Any) -> None:
        """Refuse anything else."""
        between_0_and_1(**{name: value})


@dataclass(frozen=True)
class OneOf(Range):
    """A name that ``choices()`` lists, or one of these names."""

    choices: Callable[[], Any]

    def __call__(self, name: str, value: Any) -> None:
        """Refuse anything else."""
        one_of(name, value, list(self.choices()))


@dataclass(frozen=True)
class YesOrNo(Range):
    """True or False."""

    def __call__(self, name: str, value: Any) -> None:
        """Refuse anything else."""
        if not isinstance(value, bool):
            raise ValueError(f"{name} = {value!r}: must be True or False")


@dataclass(frozen=True)
class Text(Range):
    """Text that is not empty."""

    def __call__(self, name: str, value: Any) -> None:
        """Refuse anything else."""
        if not isinstance(value, str) or not value:
            raise ValueError(f"{name} = {value!r}: must be text")


Count = Annotated[int, AtLeast(1)]
Seed = Annotated[int, AtLeast(0)]
Modulus = Annotated[int, AtLeast(2)]
Positive = Annotated[float, Number("positive")]
NonNegative = Annotated[float, Number("non-negative")]
Finite = Annotated[float, Number("finite")]
Fraction = Annotated[float, Share()]
Flag = Annotated[bool, YesOrNo()]
Words = Annotated[str, Text()]


def check(options: Any) -> None:
    """Check every field of a dataclass against the range that its type carries.

    A tuple is checked entry by entry; an optional value only where it is given.

    Raises
    ------
    ValueError
        Naming the option, its value and what is allowed.

    Examples
    --------
    >>> @dataclasses.dataclass
    ... class Options:
    ...     steps: Count = 1
    >>> check(Options(steps=0))
    Traceback (most recent call last):
    ...
    ValueError: steps = 0: must be an integer >= 1
    """
    hints = get_type_hints(type(options), include_extras=True)
    for field in dataclasses.fields(options):
        value = getattr(options, field.name)
        for allowed in _ranges(hints[field.name]):
            for entry in value if isinstance(value, tuple) else (value,):
                if entry is not None or not _optional(hints[field.name]):
                    allowed(field.name, entry)


def _ranges(hint: Any) -> list[Range]:
    """The ranges anywhere in a type."""
    own = [part for part in getattr(hint, "__metadata__", ()) if isinstance(part, Range)]
    return own + [found for part in get_args(hint) if part not in own for found in _ranges(part)]


def _optional(hint: Any) -> bool:
    """Whether a value, or an entry of a tuple, may be None."""
    return hint is type(None) or any(map(_optional, get_args(hint)))
