"""What an option may be, by its name: the same in every script, checked before anything is computed."""

from dataclasses import fields
from typing import Any

from reduced.inputs.choices import one_of
from reduced.inputs.scalars import finite, positive, whole
from reduced.network.activations import ACTIVATIONS

LEAST = {"p": 2, "moduli": 2, "seed": 0} | dict.fromkeys(
    ("hidden", "d_h", "steps", "every", "seeds", "networks", "rounds", "max_steps"), 1
)
POSITIVE = {"decay", "decays", "distances", "end", "init_factor"}
POSITIVE |= {"offsets", "ratio", "ratios"}
POSITIVE |= {"max_seconds", "ridges", "scales", "slow_time", "step", "tolerance"}


def check(options: Any) -> None:
    """Refuse a number that no script can use, an unknown activation, and a file that cannot be written.

    Raises
    ------
    ValueError
        Naming the option, its value and what is allowed.
    """
    for field in fields(options):
        name, given = field.name, getattr(options, field.name)
        for value in given if isinstance(given, tuple) else (given,):
            if name in LEAST:
                whole(LEAST[name], **{name: value})
            elif name in POSITIVE:
                positive(**{name: value})
            elif name == "foot":
                finite(foot=value)
            elif name == "activations":
                one_of(name, value, ACTIVATIONS)
            elif name in ("output", "json") and value is not None:
                from reduced.runs.results import writable_folder

                writable_folder(value.parent)
