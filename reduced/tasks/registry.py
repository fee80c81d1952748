"""What a task declares about itself, in the one place where it is defined."""

import dataclasses
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

import numpy as np

from reduced.network.dataset import Dataset, Sizes

#: What is measured of outputs: the share of samples that are right, or the error of numbers.
ACCURACY, ERROR = "accuracy", "error"


class Task:
    """Data to learn. A subclass is a frozen dataclass whose fields are the task's options, with their ranges."""

    @property
    def measures(self) -> str:
        """``"accuracy"`` where the targets are classes, ``"error"`` where they are numbers."""
        return ACCURACY

    @property
    def residues(self) -> int | None:
        """How many first rows of W1 embed residues 0, 1, … of which Fourier features are taken; None for no such."""
        return None

    @property
    def chooses_ridge(self) -> bool:
        """Whether a command takes a ridge by itself where the samples are more than the hidden units."""
        return False

    @property
    def fan_in(self) -> int:
        """The n of the initial standard deviation n^(-1/2)."""
        return self.sizes().inputs

    def counted(self) -> int:
        """Samples of a file, counted before anything is kept; 0 where the options say how many there are."""
        return 0

    def sizes(self) -> Sizes:
        """How large the two sets are, without drawing them.

        Raises
        ------
        ValueError
            If an option is out of range, or leaves one of the two sets empty.
        """
        raise NotImplementedError

    def draw(self, rng: int | np.random.Generator) -> tuple[Dataset, Dataset]:
        """Training and test set.

        Raises
        ------
        ValueError
            As :meth:`sizes`, or if they ask for more memory than there is.
        """
        raise NotImplementedError

    def files(self) -> tuple[str, ...]:
        """The files that it reads."""
        return ()

    def fingerprint(self) -> str:
        """A digest of the files that it reads; empty where it reads none, or they are not there."""
        try:
            contents = [hashlib.sha256(Path(name).read_bytes()).hexdigest() for name in self.files()]
        except (OSError, ValueError, TypeError):
            return ""
        return hashlib.sha256("".join(contents).encode()).hexdigest()[:16] if contents else ""

    def told(self) -> str:
        """What a command says about the data before it runs; empty where the options say it all."""
        return ""


@dataclass(frozen=True)
class Declared:
    """A task by its name.

    Parameters
    ----------
    name : str
        As ``--task`` names it.
    made : type
        The dataclass of its options.
    description : str
        What is to be learned, in one sentence.
    """

    name: str
    made: Any
    description: str

    @property
    def options(self) -> tuple[str, ...]:
        """Names of its options."""
        return tuple(field.name for field in dataclasses.fields(self.made))


Made = TypeVar("Made", bound=type[Task])
#: Every task, by its name.
TASKS: dict[str, Declared] = {}


def declare(name: str, description: str) -> Callable[[Made], Made]:
    """Class decorator: register a dataclass of options as a task.

    Examples
    --------
    >>> TASKS["add"].made(p=5).sizes()
    Sizes(train=10, test=5, inputs=5, outputs=5)
    """

    def register(made: Made) -> Made:
        TASKS[name] = Declared(name, made, description)
        return made

    return register


def option_types() -> dict[str, Any]:
    """Every option of any task, with its type and range.

    Raises
    ------
    TypeError
        If two tasks give one option two types.
    """
    found: dict[str, Any] = {}
    for task in TASKS.values():
        hints = get_type_hints(task.made, include_extras=True)
        for option in task.options:
            if found.setdefault(option, hints[option]) != hints[option]:
                raise TypeError(f"task {task.name}: its option {option} is of another type elsewhere")
    return found


def option_words(option: str) -> str:
    """What the docstrings of the tasks say of one of their options, with its defaults."""
    from docstring_parser import parse

    said: dict[str, list[str]] = {}
    for task in TASKS.values():
        for made in task.made.__mro__ if option in task.options else ():
            words = {one.arg_name: one.description or "" for one in parse(made.__doc__ or "").params}
            if option in words:
                default = {field.name: field.default for field in dataclasses.fields(task.made)}[option]
                sentence = " ".join(words[option].split())
                sentence += f" Default: {default}." if default not in (None, "") else ""
                said.setdefault(sentence.replace("``", ""), []).append(task.name)
                break
    return " ".join(f"Of task {', '.join(tasks)}: {sentence}" for sentence, tasks in said.items())


def task_words(usual: str) -> str:
    """What ``--help`` says of the tasks: each with its description, and the one that is usual."""
    each = "; ".join(f"{task.name}: {task.description}" for task in TASKS.values())
    return f"What to learn; by default the one task that has the options given, or {usual}. {each}."


def task_table() -> str:
    """The tasks with their options and defaults, as a table in Markdown: what docs/your-own-data.md shows."""
    rows = []
    for task in TASKS.values():
        defaults = {field.name: field.default for field in dataclasses.fields(task.made)}
        options = ", ".join(
            f"`--{name.replace('_', '-')}"
            + ("`" if value in (None, "") else f' "{value}"`' if " " in str(value) else f" {value}`")
            for name, value in defaults.items()
        )
        rows.append(f"| `{task.name}` | {task.description.replace('*', chr(92) + '*')} | {options} |")
    return "\n".join(["| task | what is learned | options with their defaults |", "|---|---|---|", *rows])
