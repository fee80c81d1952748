"""Kinds of options that several scripts have, each with what it may be."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from reduced.inputs.ranges import OneOf, Range
from reduced.network.activations import ACTIVATIONS
from reduced.network.losses import LOSSES


@dataclass(frozen=True)
class Writable(Range):
    """A file that can be written, tried before anything is computed."""

    def __call__(self, name: str, value: Any) -> None:
        """Make its folder, and try to write there."""
        from reduced.runs.results import writable_folder

        writable_folder(Path(value).parent)


ActivationName = Annotated[str, OneOf(lambda: ACTIVATIONS)]
LossName = Annotated[str, OneOf(lambda: LOSSES)]
OutPath = Annotated[Path, Writable()]
