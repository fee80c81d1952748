import contextlib
import multiprocessing
import os
import signal
import time
from concurrent.futures import wait

import pytest

from reduced.runs.parallel import pinned_pool


def fail_with_a_worker(seen):
    with pinned_pool(1) as pool:
        seen.append(pool.submit(os.getpid).result())
        raise RuntimeError("stop")


def test_a_pool_ends_its_workers_when_its_block_fails():
    seen = []
    with pytest.raises(RuntimeError, match="stop"):
        fail_with_a_worker(seen)
    with pytest.raises(ProcessLookupError):
        os.kill(seen[0], 0)


def save_on_sigterm(started):
    """As a run with checkpoints: the first SIGTERM is noted, and heeded a while later."""
    noted = []
    previous = signal.signal(signal.SIGTERM, lambda *_: noted.append(True))
    started.touch()
    while not noted:
        time.sleep(0.01)
    time.sleep(0.1)
    signal.signal(signal.SIGTERM, previous)


def stop_while_one_saves_and_one_idles(folder):
    """The idle worker dies at once, and holds the lock that the other needs for its next task."""
    with contextlib.suppress(InterruptedError), pinned_pool(2) as pool:
        pool.submit(save_on_sigterm, folder / "first")
        while not (folder / "first").exists():
            time.sleep(0.01)
        wait([pool.submit(abs, -1)], timeout=5)
        time.sleep(0.1)
        raise InterruptedError


def stop_while_tasks_wait(folder):
    with contextlib.suppress(InterruptedError), pinned_pool(1) as pool:
        for name in ("first", "second"):
            pool.submit(save_on_sigterm, folder / name)
        while not (folder / "first").exists():
            time.sleep(0.01)
        raise InterruptedError


@pytest.mark.parametrize("stop", [stop_while_one_saves_and_one_idles, stop_while_tasks_wait])
def test_workers_that_save_before_they_end_do_end(stop, tmp_path):
    process = multiprocessing.get_context("spawn").Process(target=stop, args=(tmp_path,))
    process.start()
    process.join(120)
    process.kill()
    assert process.exitcode == 0


def test_blas_has_one_thread_a_worker(monkeypatch):
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "2")
    with pinned_pool(1) as pool:
        threads = pool.submit(blas_threads).result()
    assert set(threads) == {1}


def blas_threads():
    from threadpoolctl import threadpool_info

    return [library["num_threads"] for library in threadpool_info()]
