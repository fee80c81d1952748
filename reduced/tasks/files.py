"""Arrays in files of NumPy, and rows of CSV files: read without unpickling, sized before they are loaded."""

import csv
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reduced.inputs.arrays import finite_array
from reduced.inputs.memory import refuse_beyond_memory

Array = NDArray[np.float64]
#: What may separate the columns of a CSV file; the one that the first line has most of.
SEPARATORS = ",;\t"


def state_of(files: tuple[str, ...], option: str = "data") -> tuple[tuple[int, int], ...]:
    """What tells files from the same ones after a change.

    Raises
    ------
    ValueError
        If one is not there.
    """
    found = []
    for name in files:
        try:
            about = os.stat(name)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            raise ValueError(f"{option} = {name}: cannot be read ({reason})") from None
        found.append((about.st_mtime_ns, about.st_size))
    return tuple(found)


def rows_of(name: str, option: str = "data") -> Iterator[tuple[int, list[str]]]:
    """The rows of a CSV file with the numbers of their lines, one at a time; empty lines are left out.

    Raises
    ------
    ValueError
        If the file is not there, is no text, or its rows are not alike in length.
    """
    try:
        with open(name, newline="", encoding="utf-8-sig") as file:
            first = file.readline()
            file.seek(0)
            reader = csv.reader(file, delimiter=max(SEPARATORS, key=first.count))
            columns = 0
            for row in reader:
                if not any(cell.strip() for cell in row):
                    continue
                columns = columns or len(row)
                if len(row) != columns:
                    raise ValueError(
                        f"{option} = {name}: line {reader.line_num} has {len(row)} columns, and the first has {columns}"
                    )
                yield reader.line_num, [cell.strip() for cell in row]
    except OSError as error:
        raise ValueError(f"{option} = {name}: cannot be read ({error.strerror})") from None
    except (UnicodeDecodeError, csv.Error):
        raise ValueError(f"{option} = {name}: is no CSV file: it holds bytes that are no text") from None


def stored_shape(name: str, array: str | None = None, option: str = "data") -> tuple[int, ...]:
    """The shape of an array in a .npy file, or of one by name in a .npz file, read from its header.

    Raises
    ------
    ValueError
        If the file is not there or of another kind, or the array is not there or holds Python objects.
    """
    shape: tuple[int, ...] = _opened(name, array, option, lambda file: _header(file)[0])
    return shape


def stored_array(name: str, array: str | None = None, option: str = "data") -> Any:
    """An array of a .npy file, or one by name of a .npz file, if it fits in memory.

    Raises
    ------
    ValueError
        As :func:`stored_shape`, or if it does not fit.
    """
    shape = stored_shape(name, array, option)
    refuse_beyond_memory(f"{option} = {name}", float(np.prod(np.array(shape, dtype=float))))
    return _opened(name, array, option, lambda file: np.lib.format.read_array(file, allow_pickle=False))


def numbers_of(name: str, option: str) -> Array:
    """A table of numbers in a .npy file, or in a CSV file without a header.

    Raises
    ------
    ValueError
        If it is anything else.
    """
    if Path(name).suffix.lower() == ".npy":
        return finite_array(f"{option} = {name}:", stored_array(name, option=option), "rows", "columns")
    table = []
    for line, row in rows_of(name, option):
        try:
            table.append([float(cell) for cell in row])
        except ValueError:
            raise ValueError(f"{option} = {name}: line {line} holds something that is no number") from None
        refuse_beyond_memory(f"{option} = {name}", float(len(table)) * len(row))
    if not table:
        raise ValueError(f"{option} = {name}: holds no rows")
    return np.array(table)


def arrays_in(name: str) -> list[str]:
    """Names of the arrays in a .npz file.

    Raises
    ------
    ValueError
        If it is none.
    """
    try:
        with zipfile.ZipFile(name) as archive:
            return [entry.removesuffix(".npy") for entry in archive.namelist() if entry.endswith(".npy")]
    except OSError as error:
        raise ValueError(f"data = {name}: cannot be read ({error.strerror})") from None
    except zipfile.BadZipFile:
        raise ValueError(f"data = {name}: is no .npz file") from None


def _opened(name: str, array: str | None, option: str, read: Any) -> Any:
    try:
        if array is None:
            with open(name, "rb") as file:
                return read(file)
        with zipfile.ZipFile(name) as archive, archive.open(f"{array}.npy") as entry:
            return read(entry)
    except OSError as error:
        raise ValueError(f"{option} = {name}: cannot be read ({error.strerror})") from None
    except (ValueError, EOFError, KeyError, zipfile.BadZipFile, zipfile.LargeZipFile):
        what = "an array" if array is None else f"an array {array}"
        raise ValueError(
            f"{option} = {name}: does not hold {what} of numbers or text, as numpy.save writes it"
        ) from None


def _header(file: Any) -> tuple[tuple[int, ...], bool, Any]:
    """Shape, order and kind of an array; one of Python objects is refused."""
    version = np.lib.format.read_magic(file)
    read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    shape, fortran, kind = read(file)
    if kind.hasobject:
        raise ValueError("objects")
    return shape, fortran, kind
