"""Data to learn: everything that gives a training and a test set; a task that a file here declares is found."""

import importlib
import pkgutil

for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_module.name}")
