"""Command lines: options from typed, documented dataclasses; a user's mistake is answered in one line."""

import contextlib
import dataclasses
import difflib
import io
import itertools
import os
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import tyro

from reduced.console.streams import lasting
from reduced.errors import IntegrationError, Interrupted, RetractionError
from reduced.inputs.ranges import check

#: Figures are files; a display, or a name in the environment that Matplotlib does not know, is not needed for them.
os.environ["MPLBACKEND"] = "Agg"

#: Old names of options, refused with the new ones.
RENAMED = {
    "--method": "--integrator",
    "--d-h": "--hidden",
    "--end": "--slow-time",
    "--output": "--out",
    "--decay": "--ridge",
    "--decays": "--ridges",
    "--operation": "--task",
}
#: A line across a message box, with and without Unicode.
RULE = re.compile("[─╰+-]{3}")


def run(
    main: Callable[[Any], int | None],
    options: type,
    args: Sequence[str] | None = None,
    program: str | None = None,
) -> int:
    """Parse a command line into ``options``, check their ranges, and run ``main`` on them.

    Parameters
    ----------
    main : callable
        What to run on the options; returns an exit status, or None for 0.
    options : type
        Dataclass of the options; its docstring is what ``--help`` says first.
    args : sequence of str, optional
        Words of the command line; by default those of this process.
    program : str, optional
        Name of the command in messages; by default that of this process.

    Returns
    -------
    int
        Exit status, as of :func:`answered`.
    """
    words = sys.argv[1:] if args is None else args
    name = program or Path(sys.argv[0]).name

    def call() -> int | None:
        given = _parse(options, words, name)
        check(given)
        return main(given)

    return answered(name, call)


def answered(program: str, call: Callable[[], int | None]) -> int:
    """Exit status of a call whose failures are answered in one line on standard error.

    Returns
    -------
    int
        That of the call, 2 for input that cannot be used, 1 for a computation that stopped early, 130 when interrupted
        (128 + the signal where a checkpoint was saved).

    Examples
    --------
    >>> answered("example", lambda: None)
    0
    """
    with lasting():
        try:
            return call() or 0
        except ValueError as error:
            return _fail(program, str(error), 2)
        except (IntegrationError, RetractionError, ArithmeticError, OSError, MemoryError) as error:
            return _fail(program, str(error), 1)
        except Interrupted as stop:
            return _fail(program, str(stop), 128 + stop.signum)
        except KeyboardInterrupt:
            return _fail(program, "interrupted", 130)


def print_version() -> None:
    """Print the version of the package."""
    print(f"grokking-reduced {version('grokking-reduced')}")


def nearest(word: str, names: Iterable[str]) -> str:
    """The name that is most like a word, as the end of a message; nothing where none is like it.

    Examples
    --------
    >>> nearest("simulat", ["simulate", "sweep"])
    '; did you mean simulate?'
    >>> nearest("--xyz", ["simulate", "sweep"])
    ''
    """
    found = difflib.get_close_matches(word, list(names), n=1)
    return f"; did you mean {found[0]}?" if found else ""


def _parse(options: type, words: Sequence[str], program: str) -> Any:
    if "--version" in words:
        print_version()
        raise SystemExit(0)
    _refuse_unknown(words, options)
    complaint = io.StringIO()
    try:
        with contextlib.redirect_stderr(complaint):
            return tyro.cli(options, args=words, prog=program)
    except SystemExit as stop:
        if stop.code in (0, None):
            raise
        raise ValueError(_one_line(complaint.getvalue())) from None


def _refuse_unknown(words: Sequence[str], options: type) -> None:
    """Refuse options that are not there, with the nearest that is, or that have a new name."""
    flags = {f"--{field.name.rstrip('_').replace('_', '-')}" for field in dataclasses.fields(options)}
    known = flags | {"--no-" + flag.removeprefix("--") for flag in flags} | {"--help"}
    for word in words:
        name = word.partition("=")[0].replace("_", "-")
        if name in RENAMED and name not in known:
            raise ValueError(f"{name} is now called {RENAMED[name]} (--help explains every option)")
        if re.match("--[a-z]", name) and name not in known and not name.startswith("--tyro-"):
            raise ValueError(f"no option {name}{nearest(name, flags)} (--help explains every option)")


def _one_line(complaint: str) -> str:
    """The first paragraph of a boxed message, with the nearest choice where there are choices."""
    rows = [row.strip("│| ") for row in complaint.splitlines()[1:]]
    body = itertools.dropwhile(lambda row: not row or RULE.match(row), rows)
    message = " ".join(itertools.takewhile(lambda row: not RULE.match(row), body))
    if choices := re.search(r"invalid choice '(.*)' for argument .* one of \((.*)\)", message):
        allowed = re.findall(r"'([^']*)'", choices[2])
        likely = difflib.get_close_matches(choices[1], allowed, n=1, cutoff=0.0)[0]
        message = f"{message.rstrip('.')}; did you mean '{likely}'?"
    return f"{message} (--help explains every option)"


def _fail(program: str, message: str, status: int) -> int:
    print(f"{program}: {message}", file=sys.stderr)
    return status
