"""All runs of a page, on all cores."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from tqdm.auto import tqdm

from reduced.explorer.frames import Frames, Setting, experiment_of, play
from reduced.explorer.page import write
from reduced.runs.parallel import pinned_pool


def build(
    path: Path, settings: Sequence[Setting], *, end: float, frames: int, frequencies: int, seed: int
) -> int:
    """Run every setting and write the page.

    Parameters
    ----------
    path : Path
        The HTML file.
    settings : sequence of Setting
    end, seed
        Slow time of the last frame, and the seed of every run.
    frames, frequencies
        As in :func:`reduced.explorer.frames.play`.

    Returns
    -------
    int
        Bytes of the page.
    """
    experiments = [experiment_of(setting, end=end, seed=seed) for setting in settings]
    one = partial(play, frames=frames, frequencies=frequencies)
    runs: dict[Setting, Frames] = {}
    with pinned_pool(len(settings)) as pool:
        results = pool.map(one, experiments)
        for setting, run in zip(settings, tqdm(results, total=len(settings), desc="runs"), strict=True):
            runs[setting] = run
    write(path, runs)
    return path.stat().st_size
