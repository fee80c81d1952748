"""``grokking-reduced sweep``, from a checkout."""

import sys

from reduced.commands.sweep import Options, main
from reduced.console.answer import run

if __name__ == "__main__":
    sys.exit(run(main, Options))
