"""Kinds of options that several scripts have, each with what it may be."""

from typing import Annotated

from reduced.console.ranges import OutPath
from reduced.inputs.ranges import OneOf
from reduced.network.activations import ACTIVATIONS
from reduced.network.losses import LOSSES

__all__ = ["ActivationName", "LossName", "OutPath"]

ActivationName = Annotated[str, OneOf(lambda: ACTIVATIONS)]
LossName = Annotated[str, OneOf(lambda: LOSSES)]
