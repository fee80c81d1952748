"""Where the runs of a sweep compute: the cores of this machine, or a dask.distributed cluster."""

import logging
import os
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager

from reduced.runs.parallel import pinned_pool


@contextmanager
def local(tasks: int) -> Iterator[tuple[Executor, int]]:
    """A process a core, and how many runs to hand them at a time."""
    with pinned_pool(tasks) as pool:
        yield pool, os.cpu_count() or 1


@contextmanager
def dask(address: str) -> Iterator[tuple[Executor, int]]:
    """The workers behind a scheduler, e.g. ``tcp://host:8786``, and how many runs to hand them at a time.

    Raises
    ------
    ValueError
        If dask.distributed is not installed.
    OSError
        If the scheduler does not answer within ten seconds.
    """
    try:
        from distributed import Client
    except ImportError:
        raise ValueError(
            f"scheduler = {address}: needs dask.distributed; pip install 'grokking-reduced[sweep]'"
        ) from None
    logging.disable(logging.ERROR)  # what the client logs when it loses its scheduler, a sweep says in a line
    with Client(address, timeout="10s", set_as_default=False) as client:
        yield client.get_executor(pure=False), 2 * max(1, sum(client.ncores().values()))
