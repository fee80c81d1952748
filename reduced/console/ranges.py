"""Kinds of options that name files and folders, each with what it may be."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from reduced.inputs.ranges import Range

#: Where results go that are given no folder: in the current one.
RESULTS = Path("grokking-results")


@dataclass(frozen=True)
class Writable(Range):
    """A file that can be written, tried before anything is computed."""

    def __call__(self, name: str, value: Any) -> None:
        """Make its folder, and try to write there."""
        from reduced.runs.results import writable_folder

        writable_folder(Path(value).parent)


OutPath = Annotated[Path, Writable()]


@dataclass(frozen=True)
class PortNumber(Range):
    """A port of this machine; 0 takes a free one."""

    def __call__(self, name: str, value: Any) -> None:
        """Refuse anything else."""
        if not 0 <= value <= 65535:
            raise ValueError(f"{name} = {value}: ports are 0 to 65535, and 0 takes a free one")


Port = Annotated[int, PortNumber()]
