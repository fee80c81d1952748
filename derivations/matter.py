"""What a document says around its chains: title, notation, questions, links, and the kernels of generated source."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from derivations.ledger import Statement


@dataclass(frozen=True)
class Notation:
    """A symbol, its shape and its meaning.

    Parameters
    ----------
    symbol : sympy.Basic
        Printed as in the formulas.
    shape : str
        E.g. ``"n × d_h"``, or ``"number"``.
    meaning : str
        In words, with its definition where it has one.
    """

    symbol: Any
    shape: str
    meaning: str


@dataclass(frozen=True)
class References:
    """Where a result is computed and measured.

    Parameters
    ----------
    code : tuple of str
        ``"file: name"`` of the functions that compute it, from the root of the checkout.
    claims : tuple of str
        Claims that measure it, in the words of the table of claims.
    """

    code: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()


@dataclass(frozen=True)
class Matter:
    """What a document says around its chains.

    Parameters
    ----------
    title : str
    introduction : str
        A paragraph before the counts; may be empty.
    notation : tuple of Notation
        The table of symbols; none if empty.
    questions : mapping
        Title of a chapter, or name of a step in place of its chapter's -> the question that it answers. The contents
        are grouped by it, in the order in which questions first occur; by chapters if it is empty.
    references : mapping
        Name of a step -> where it is computed and measured.
    ledger : tuple of Statement
        What became of each statement of a source; no table if empty.
    kernels : mapping
        Function that generated source calls -> what it computes.
    counts : str
        How many lines hold, in place of the sentence about the paper.
    root : str
        Path from the document to the checkout, so that code is linked; only named if empty.
    """

    title: str = "Derivations of the decoupled dynamics"
    introduction: str = ""
    notation: tuple[Notation, ...] = ()
    questions: Mapping[str, str] = field(default_factory=dict)
    references: Mapping[str, References] = field(default_factory=dict)
    ledger: tuple[Statement, ...] = ()
    kernels: Mapping[str, str] = field(default_factory=dict)
    root: str = ""
    counts: str = ""
