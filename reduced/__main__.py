"""``python -m reduced`` is ``grokking-reduced``."""

import sys

from reduced.console.entry import PROGRAM, main

if __name__ == "__main__":
    sys.argv[0] = PROGRAM
    sys.exit(main())
