"""Command lines: options from typed, documented dataclasses; a user's mistake is answered in one line."""

import contextlib
import difflib
import io
import itertools
import os
import re
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar

import tyro
from _streams import lasting

from reduced.errors import IntegrationError, Interrupted, RetractionError
from reduced.inputs.ranges import check

#: Figures are files; a display, or a name in the environment that Matplotlib does not know, is not needed for them.
os.environ["MPLBACKEND"] = "Agg"

Options = TypeVar("Options")
#: Old names of options, refused with the new ones.
RENAMED = {
    "--method": "--integrator",
    "--d-h": "--hidden",
    "--end": "--slow-time",
    "--output": "--out",
    "--decay": "--ridge",
    "--decays": "--ridges",
}
#: A line across a message box, with and without Unicode.
RULE = re.compile("[─╰+-]{3}")


def run(
    main: Callable[[Options], int | None], options: type[Options], args: Sequence[str] | None = None
) -> int:
    """Parse the command line into ``options``, check their ranges, and run ``main`` on them.

    Returns
    -------
    int
        Exit status: that of ``main``, 2 for input that cannot be used, 1 for a computation that stopped early, 130 when
        interrupted (128 + the signal where a checkpoint was saved); in these cases one line on standard error says why.
    """
    with lasting():
        return _answered(main, options, args)


def _answered(
    main: Callable[[Options], int | None], options: type[Options], args: Sequence[str] | None
) -> int:
    try:
        given = _parse(options, args)
        check(given)
        return main(given) or 0
    except ValueError as error:
        return _fail(str(error), 2)
    except (IntegrationError, RetractionError, ArithmeticError, OSError, MemoryError) as error:
        return _fail(str(error), 1)
    except Interrupted as stop:
        return _fail(str(stop), 128 + stop.signum)
    except KeyboardInterrupt:
        return _fail("interrupted", 130)


def _parse(options: type[Options], args: Sequence[str] | None) -> Options:
    if "--version" in (sys.argv[1:] if args is None else args):
        print(f"grokking-reduced {version('grokking-reduced')}")
        raise SystemExit(0)
    for word in sys.argv[1:] if args is None else args:
        old = word.partition("=")[0]
        if old in RENAMED:
            raise ValueError(f"{old} is now called {RENAMED[old]} (--help explains every option)")
    complaint = io.StringIO()
    try:
        with contextlib.redirect_stderr(complaint):
            return tyro.cli(options, args=args, prog=Path(sys.argv[0]).name)
    except SystemExit as stop:
        if stop.code in (0, None):
            raise
        raise ValueError(_one_line(complaint.getvalue())) from None


def _one_line(complaint: str) -> str:
    """The first paragraph of a boxed message, with the nearest choice where there are choices."""
    rows = [row.strip("│| ") for row in complaint.splitlines()[1:]]
    body = itertools.dropwhile(lambda row: not row or RULE.match(row), rows)
    message = " ".join(itertools.takewhile(lambda row: not RULE.match(row), body))
    if choices := re.search(r"invalid choice '(.*)' for argument .* one of \((.*)\)", message):
        allowed = re.findall(r"'([^']*)'", choices[2])
        nearest = difflib.get_close_matches(choices[1], allowed, n=1, cutoff=0.0)[0]
        message = f"{message.rstrip('.')}; did you mean '{nearest}'?"
    return f"{message} (--help explains every option)"


def _fail(message: str, status: int) -> int:
    print(f"{Path(sys.argv[0]).name}: {message}", file=sys.stderr)
    return status
