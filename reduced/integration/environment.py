"""What the digits of a run depend on besides its options: the commit of this code, and the kernel of its BLAS."""

import os
import subprocess
from importlib import import_module
from pathlib import Path

from threadpoolctl import threadpool_info

ROOT = Path(__file__).resolve().parents[2]
#: A line of this project's setup.cfg.
NAME = "name = grokking-reduced"


def kernel() -> str:
    """The kernels that BLAS computes with on this processor, such as ``Haswell``; ``unknown`` where BLAS does not say.

    Results agree to rounding between two kernels, and bit for bit on one alone.
    """
    import_module("scipy.linalg")  # SciPy brings a BLAS of its own, which is loaded with it
    libraries = [library for library in threadpool_info() if library["user_api"] == "blas"]
    return ", ".join(sorted({library.get("architecture", "unknown") for library in libraries})) or "unknown"


def commit(root: Path = ROOT) -> str:
    """Commit of this project's checkout, marked when modified; ``unknown`` for a package that was installed or copied.

    A repository around an installed package, a folder that holds a copy, and a repository that ``GIT_DIR`` names are
    somebody else's: the checkout must begin at ``root``, and the setup.cfg of its commit must name this project.
    """
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}

    def git(*arguments: str) -> str:
        command = ["git", "-C", str(root), *arguments]
        found = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
        return found.stdout.strip()

    try:
        begins = Path(git("rev-parse", "--show-toplevel")).resolve() == root.resolve()
        if not begins or NAME not in git("show", "HEAD:setup.cfg").splitlines():
            return "unknown"
        return git("describe", "--always", "--dirty", "--abbrev=40", "--exclude=*")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
