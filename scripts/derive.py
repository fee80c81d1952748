"""``grokking-reduced derive``, from a checkout."""

import sys

from reduced.commands.derive import Options, main
from reduced.console.answer import run

if __name__ == "__main__":
    sys.exit(run(main, Options))
