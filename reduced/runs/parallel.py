"""Several runs at once: one process a core, one BLAS thread a process."""

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess

from threadpoolctl import threadpool_limits
from tqdm import tqdm

from reduced.inputs.scalars import whole

#: Seconds that a worker has to save its checkpoint once the process that started it is gone.
GRACE = 30.0
#: Seconds between two SIGTERM to a worker. The first may save a checkpoint; left alone after that, a worker would
#: take up the next task, or wait for a lock that a dead worker holds.
REPEAT = 0.5


@contextmanager
def pinned_pool(tasks: int) -> Iterator[ProcessPoolExecutor]:
    """Executor with at most one worker a core, each with one BLAS thread so that they do not wait for each other.

    When the block fails or is interrupted, and when the process that runs it dies, the workers get SIGTERM until they
    end: no worker outlives its parent.

    Parameters
    ----------
    tasks : int
        Number of tasks it will get; no more workers than that are started.

    Examples
    --------
    >>> with pinned_pool(1) as pool:
    ...     pool.submit(abs, -1).result()
    1
    """
    whole(0, tasks=tasks)
    pool = ProcessPoolExecutor(
        max(1, min(tasks, os.cpu_count() or 1)),
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_begin_worker,
    )
    others = multiprocessing.active_children()
    try:
        yield pool
    except BaseException:
        _end(set(multiprocessing.active_children()) - set(others))
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _end(workers: Iterable[BaseProcess]) -> None:
    alive = list(workers)
    while alive:
        for worker in alive:
            worker.terminate()
        wait([worker.sentinel for worker in alive], timeout=REPEAT)
        alive = [worker for worker in alive if worker.is_alive()]


def _begin_worker() -> None:
    threadpool_limits(limits=1)
    tqdm.set_lock(threading.RLock())  # its own lock is a semaphore that outlives a killed worker
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches every process; the parent decides
    threading.Thread(target=_follow_parent, daemon=True).start()


def _follow_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        for _ in range(int(GRACE / REPEAT)):
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(REPEAT)
        os._exit(1)
