"""``grokking-reduced validate``, from a checkout."""

import sys

from reduced.commands.validate import Options, main
from reduced.console.answer import run

if __name__ == "__main__":
    sys.exit(run(main, Options))
