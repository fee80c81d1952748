"""Command lines made of the options that the library declares, with their ranges and their words."""

import dataclasses
import functools
import operator
import re
from collections.abc import Mapping
from types import MappingProxyType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import tyro
from docstring_parser import parse

from reduced.inputs.ranges import OneOf

#: A field of a dataclass made at run time: its name, its type and its default.
Field = tuple[str, Any] | tuple[str, Any, Any]


def option(field: str, kind: Any, default: Any, help: str, **how: Any) -> Field:
    """One option of a command line.

    Parameters
    ----------
    field : str
        Its name; hyphens stand for its underscores on the command line.
    kind : type
        Its type, which may carry a range.
    default
        Its value where it is not given; ``dataclasses.MISSING`` where it must be.
    help : str
        What ``--help`` says.
    **how
        As ``tyro.conf.arg`` takes it.
    """
    helped: Any = Annotated[kind, tyro.conf.arg(help=help, **how)]
    return (field, helped) if default is dataclasses.MISSING else (field, helped, default)


def options_of(
    declared: type, *, several: bool = False, unset: Mapping[str, str] = MappingProxyType({})
) -> list[Field]:
    """One option for each field of a dataclass, with the words of its docstring; or for one or more values of each.

    Those in ``unset`` are None where they are not given, so that what is typed is told from what is chosen; their
    values there are what ``--help`` says of the default.
    """
    hints = get_type_hints(declared, include_extras=True)
    words = {
        one.arg_name: " ".join((one.description or "").split()) for one in parse(declared.__doc__).params
    }
    made = []
    own = declared.__annotations__
    for field in sorted(dataclasses.fields(declared), key=lambda field: field.name not in own):
        kind, default = _with_choices(hints[field.name]), field.default
        said = _plain(field, words) + _offered(hints[field.name])
        how = {"help_behavior_hint": ""} if field.metadata else {}  # what declares its words says its default
        if several:
            kind, default = tuple.__class_getitem__((kind, ...)), (default,)
        if field.name in unset:
            kind, default = kind | None, None
            how = {"help_behavior_hint": f"(default: {unset[field.name]})"}
        made.append(option(field.name, kind, default, said, **how))
    return made


def _offered(hint: Any) -> str:
    """Names that an option takes beside other text."""
    names = [part.names() for part in getattr(hint, "__metadata__", ()) if hasattr(part, "names")]
    return "".join(f" Names: {', '.join(found)}." for found in names)


def _plain(field: dataclasses.Field[Any], words: dict[str, str]) -> str:
    """What is said of a field: by what declares it elsewhere, or in the docstring of its class."""
    said = field.metadata["words"]() if "words" in field.metadata else words[field.name]
    return re.sub(r":\w+:`([^`]*)`", r"\1", said.replace("``", ""))


def given(options: Any, declared: type) -> dict[str, Any]:
    """The fields of a dataclass, as a command line has them; what is None there has the default of the dataclass."""
    found = {field.name: getattr(options, field.name) for field in dataclasses.fields(declared)}
    return {name: value for name, value in found.items() if value is not None}


def command_options(words: str, fields: list[Field]) -> type:
    """The dataclass of a command line; ``words`` is what ``--help`` says first."""
    made = dataclasses.make_dataclass("Options", fields, frozen=True, kw_only=True)
    made.__doc__ = words
    return made


def _with_choices(hint: Any) -> Any:
    """Names that are one of a few, as choices that ``--help`` lists; an optional one may be left out."""
    for part in getattr(hint, "__metadata__", ()):
        if isinstance(part, OneOf):
            return Literal[tuple(part.choices())]
    if get_origin(hint) in (Union, UnionType):
        return functools.reduce(operator.or_, map(_with_choices, get_args(hint)))
    return hint
