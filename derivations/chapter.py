"""Steps that belong together."""

from dataclasses import dataclass
from typing import Literal

from derivations.steps import Step


@dataclass(frozen=True)
class Chapter:
    """Steps that belong together, and the remarks on what they leave unchecked.

    Errata and slips of the pen are checked like derivations, and counted apart from them.
    """

    title: str
    steps: tuple[Step, ...]
    remarks: tuple[tuple[str, str], ...] = ()
    kind: Literal["derivation", "errata", "slips"] = "derivation"
