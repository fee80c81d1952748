"""BLAS gets one thread a test worker (pytest-xdist already uses the cores); property tests repeat exactly.

``--kernel NAME`` fails unless every OpenBLAS computes with that kernel: one that does not know the name in
OPENBLAS_CORETYPE, or whose processor cannot run it, takes another in silence.
"""

import importlib
import os

import pytest
from hypothesis import settings

settings.register_profile("repeatable", deadline=None, derandomize=True, max_examples=25)
settings.load_profile("repeatable")

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")
os.environ.setdefault("MPLBACKEND", "Agg")

#: OpenBLAS says Katmai where its kernels for Prescott run.
SAME = {"Katmai": "Prescott"}


def kernels():
    """The kernels of NumPy's and of SciPy's BLAS, which have a library each in their wheels."""
    from threadpoolctl import threadpool_info

    importlib.import_module("scipy.linalg")  # loads both
    found = {
        library.get("architecture", "unknown")
        for library in threadpool_info()
        if library["user_api"] == "blas"
    }
    return {SAME.get(name, name) for name in found}


def pytest_addoption(parser):
    parser.addoption("--kernel", metavar="NAME", help="fail unless every OpenBLAS computes with this kernel")


def pytest_report_header():
    return f"BLAS kernels: {', '.join(sorted(kernels()))}"


def pytest_sessionstart(session):
    wanted, found = session.config.getoption("kernel"), kernels()
    if wanted and found != {wanted}:
        pytest.exit(f"--kernel {wanted}: BLAS computes with {', '.join(sorted(found))}", returncode=4)
