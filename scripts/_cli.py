"""Command lines of scripts, answered as those of the installed command are."""

from reduced.console.answer import run

__all__ = ["run"]
