"""Claims are found by being there: each module of a package that has a function ``claims`` gives its own."""

import importlib
import pkgutil

from reduced.claims.claim import Claim


def claims_in(package: str) -> list[Claim]:
    """The claims of the modules of a package, in the order of their names."""
    folder = importlib.import_module(package).__path__
    modules = [importlib.import_module(f"{package}.{one.name}") for one in pkgutil.iter_modules(folder)]
    return [claim for module in modules if hasattr(module, "claims") for claim in module.claims()]
