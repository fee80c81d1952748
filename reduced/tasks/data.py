"""Own data: a CSV file, arrays of NumPy, or a pair of such files."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

import numpy as np

from reduced.inputs.arrays import finite_array
from reduced.inputs.memory import SPLITS, refuse_beyond_memory
from reduced.inputs.ranges import Flag, Fraction, OneOf, Words
from reduced.network.dataset import Dataset, Sizes, classes_of
from reduced.tasks.files import arrays_in, state_of, stored_array, stored_shape
from reduced.tasks.labelled import KINDS, Targets, understood
from reduced.tasks.registry import ACCURACY, ERROR, Task, declare
from reduced.tasks.split import split, split_sizes, standardized
from reduced.tasks.table import scanned


@declare("data", "samples of your own: a CSV file, or arrays of NumPy")
@dataclass(frozen=True)
class Data(Task):
    """Samples of a file.

    Parameters
    ----------
    data : str
        A CSV file; a .npz file with X, and y or Y; or a .npy file with X, whose targets are in the file ``target``.
    target : str, optional
        The column of a CSV file to learn, by its name, or by its number from 0 where there is no header; the last one
        without. For a .npy file, the file of the targets.
    target_kind : str, optional
        ``"classes"`` or ``"numbers"``; without, integers and text are classes, and other numbers are numbers.
    test_file : str, optional
        A file of the same kind to test on; without, a random share of the samples is.
    standardize : bool
        Subtract the mean of the training samples from every input, and divide by their standard deviation; and from
        targets that are numbers.
    train_fraction : float
        Share of the samples that trains, where no file is given to test on.
    """

    data: Words = ""
    target: Words | None = None
    target_kind: Annotated[str, OneOf(lambda: KINDS)] | None = None
    test_file: Words | None = None
    standardize: Flag = True
    train_fraction: Fraction = 0.7

    @property
    def measures(self) -> str:
        """Accuracy of classes, error of numbers."""
        return ACCURACY if self._targets().classes else ERROR

    @property
    def chooses_ridge(self) -> bool:
        """Yes: the samples are what they are."""
        return True

    def files(self) -> tuple[str, ...]:
        """The data, their targets and the test."""
        pair = (self.target,) if self.target and _kind(self.data) == ".npy" else ()
        return tuple(filter(None, (self.data, *pair, self.test_file)))

    def counted(self) -> int:
        """Rows of the file, counted without keeping them."""
        _kind(self.data)
        return _shape(self.data, self.target)[0]

    def sizes(self) -> Sizes:
        """Sizes, from one reading of the files that keeps the targets alone."""
        rows, inputs = _shape(self.data, self.target)
        what = f"data = {self.data} with {rows} rows"
        refuse_beyond_memory(what, SPLITS * float(rows) * inputs)
        outputs = self._targets().Y.shape[1]
        if self.test_file is None:
            return split_sizes(rows, self.train_fraction, inputs, outputs, what)
        if self.train_fraction != type(self).train_fraction:
            raise ValueError(
                f"train_fraction = {self.train_fraction}: test_file = {self.test_file} says what tests; leave out one"
            )
        test, others = _shape(self.test_file, self.target)
        if others != inputs:
            raise ValueError(f"test_file = {self.test_file}: has {others} inputs, and the data have {inputs}")
        return Sizes(rows, test, inputs, outputs)

    def draw(self, rng: int | np.random.Generator) -> tuple[Dataset, Dataset]:
        """The samples, split, or those of the two files."""
        size = self.sizes()
        every = _samples(self.data, self.target, self._targets())
        if self.test_file is None:
            parts = split(every, size.train, rng)
        else:
            known = self._targets().classes
            raw = _raw_targets(self.test_file, self.target)
            kind = self.target_kind if known else "numbers"
            tested = understood(f"target of {self.test_file}", raw, kind, known)
            parts = every, _samples(self.test_file, self.target, tested)
        return standardized(*parts) if self.standardize else parts

    def told(self) -> str:
        """How many samples were read, of what."""
        rows, inputs = _shape(self.data, self.target)
        classes = self._targets().classes
        shown = ", ".join(classes[:5]) + ", …" * (len(classes) > 5)
        learned = f"{len(classes)} classes ({shown})" if classes else "numbers"
        target = _target_name(self.data, self.target)
        return f"{self.data}: {rows} rows of {inputs} inputs; to learn: {target}, {learned}"

    def _targets(self) -> Targets:
        return _read_targets(self.data, self.target, self.target_kind, state_of(self.files()))


def _kind(name: str) -> str:
    """How a file is read."""
    if not name:
        raise ValueError(
            "data = '': name a .csv, .npz or .npy file, which target, target_kind and test_file are for"
        )
    ending = Path(name).suffix.lower()
    return ending if ending in (".npz", ".npy") else ".csv"


@lru_cache(maxsize=8)
def _read_targets(data: str, target: str | None, kind: str | None, state: Any) -> Targets:
    return understood(f"target {_target_name(data, target)}", _raw_targets(data, target), kind)


def _shape(data: str, target: str | None) -> tuple[int, int]:
    """Samples and inputs of a file."""
    return _shape_of(data, target, state_of((data,)))


@lru_cache(maxsize=8)
def _shape_of(data: str, target: str | None, state: Any) -> tuple[int, int]:
    if _kind(data) == ".csv":
        table = scanned(data, target)
        return table.rows, len(table.columns) - 1
    shape = stored_shape(data, "X" if _kind(data) == ".npz" else None)
    if len(shape) != 2 or 0 in shape:
        raise ValueError(f"data = {data}: X has shape {shape}: must be (n, d_in)")
    return shape[0], shape[1]


def _target_name(data: str, target: str | None) -> str:
    """What the targets are called in messages."""
    if _kind(data) == ".csv":
        table = scanned(data, target)
        return repr(table.columns[table.target])
    return "y" if _kind(data) == ".npz" else repr(target)


def _raw_targets(data: str, target: str | None) -> Any:
    if _kind(data) == ".csv":
        return scanned(data, target).targets()
    if _kind(data) == ".npz":
        named = [name for name in ("y", "Y") if name in arrays_in(data)]
        if not named:
            raise ValueError(f"data = {data}: holds no array y or Y of targets")
        return stored_array(data, named[0])
    if target is None:
        raise ValueError(
            f"data = {data}: holds the inputs alone; name the .npy file of the targets with target"
        )
    return stored_array(target, option="target")


def _samples(data: str, target: str | None, targets: Targets) -> Dataset:
    if _kind(data) == ".csv":
        X = scanned(data, target).inputs()
    else:
        X = finite_array("X", stored_array(data, "X" if _kind(data) == ".npz" else None), "n", "d_in")
    if len(X) != len(targets.Y):
        raise ValueError(f"data = {data}: has {len(X)} rows of inputs and {len(targets.Y)} targets")
    return Dataset(X, targets.Y, None, classes_of(targets.Y) if targets.classes else None)
