"""Matplotlib's pyplot for figures that are files: a backend that the environment names is not asked for.

Matplotlib refuses an unknown name while it is imported, before a script could answer in one line.
"""

import importlib
import os
from typing import Any

os.environ["MPLBACKEND"] = "Agg"
plt: Any = importlib.import_module("matplotlib.pyplot")

__all__ = ["plt"]
