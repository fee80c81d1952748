"""The command ``grokking-reduced``: the list of its subcommands, and the way to each."""

import ast
import contextlib
import importlib
import pkgutil
import sys
from collections.abc import Sequence
from importlib.resources import files
from typing import Any

import tyro

from reduced.console.answer import answered, nearest, print_version, run

PROGRAM = "grokking-reduced"
#: Where subcommands are: a module each.
COMMANDS = "reduced.commands"
SHELLS = ("bash", "zsh", "fish")
OVERVIEW = """usage: grokking-reduced COMMAND [OPTIONS]

What a neural network does after it has memorized: closed-form reduced dynamics of grokking (arXiv:2511.01938).

commands:
{commands}

options:
  --help               show this, or after a command: every option of it
  --version            print the version
  --completion SHELL   print a completion script for {shells}:
                       grokking-reduced --completion bash > ~/.local/share/bash-completion/completions/grokking-reduced

example:
  grokking-reduced simulate --p 23 --hidden 256 --out first-run

exit status: 0 done, 1 a claim or a computation failed, 2 unusable input, 130 interrupted (work is kept)"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the subcommand that a command line names.

    Parameters
    ----------
    arguments : sequence of str, optional
        Words after the program's name; by default those of this process.

    Returns
    -------
    int
        Exit status, as of :func:`reduced.console.answer.answered`.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    first = words[0] if words else "--help"
    known = commands()
    if first in known:
        return answered(f"{PROGRAM} {first}", lambda: _run(first, words[1:]))
    return answered(PROGRAM, lambda: _about(first, words[1:], known))


def commands() -> dict[str, str]:
    """Each subcommand's name and what it does in one line, read without importing it.

    Examples
    --------
    >>> commands()["derive"]
    'Derive the equations of the reduced dynamics with SymPy, check every step, and write them as a document.'
    """
    folder = files(COMMANDS)
    found = {}
    for module in pkgutil.iter_modules([str(folder)]):
        words = ast.get_docstring(ast.parse((folder / f"{module.name}.py").read_text(encoding="utf-8"))) or ""
        found[module.name] = words.partition("\n")[0]
    return found


def command(name: str) -> Any:
    """The module of a subcommand: its ``Options`` and its ``main``."""
    return importlib.import_module(f"{COMMANDS}.{name}")


def _run(name: str, words: Sequence[str]) -> int:
    module = command(name)
    return run(module.main, module.Options, words, f"{PROGRAM} {name}")


def _about(first: str, rest: Sequence[str], known: dict[str, str]) -> None:
    if first in ("-h", "--help"):
        width = max(map(len, known))
        rows = (f"  {name:{width}}  {words}" for name, words in known.items())
        print(OVERVIEW.format(commands="\n".join(rows), shells=", ".join(SHELLS)))
    elif first == "--version":
        print_version()
    elif first == "--completion":
        _print_completion(rest, list(known))
    else:
        likely = nearest(first, [*known, "--help", "--version", "--completion"])
        raise ValueError(f"no command {first!r}{likely} (--help lists the commands)")


def _print_completion(rest: Sequence[str], names: Sequence[str]) -> None:
    if len(rest) != 1 or rest[0] not in SHELLS:
        raise ValueError(f"--completion {' '.join(rest)}: name one shell of {', '.join(SHELLS)}")
    options = {name: command(name).Options for name in names}
    words = ["--tyro-print-completion", rest[0]]
    with contextlib.suppress(SystemExit):  # tyro's way of saying that it has printed
        tyro.extras.subcommand_cli_from_dict(options, prog=PROGRAM, args=words)
