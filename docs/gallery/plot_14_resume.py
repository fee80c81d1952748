"""
Stop, and go on
===============

A run that is interrupted keeps what it has. Here one is stopped half way, resumed from its checkpoint, and
ends with the bits of a run that nobody stopped.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

import matplotlib.pyplot as plt
import numpy as np

from reduced.integration.checkpoint import Checkpoints
from reduced.plots import learning_curves
from reduced.plots.style import STYLE
from reduced.runs.experiment import Experiment, run

experiment = Experiment(p=17, hidden=140, train_fraction=0.8, slow_time=3.0)
whole = run(experiment)


def stop_half_way(row):
    if row["tau"] > 1.5:
        raise KeyboardInterrupt


# %%
with TemporaryDirectory() as folder:
    file = Path(folder) / "checkpoint"
    try:
        with Checkpoints(file, repr(experiment), every=1e-9) as checkpoints:
            run(experiment, checkpoints=checkpoints, report=stop_half_way)
    except KeyboardInterrupt as stopped:
        print(str(stopped) or "stopped")
    with Checkpoints(file, repr(experiment)) as checkpoints:
        checkpoints.resume()
        resumed = run(experiment, checkpoints=checkpoints)
print("the same end, to the last bit:", np.array_equal(whole.y[-1], resumed.y[-1]))

# %%
with plt.rc_context(STYLE):
    figure, axis = plt.subplots(figsize=(7, 4.5))
    learning_curves(resumed, ax=axis, chance=1 / 17)
    axis.set_title("Stopped half way, and resumed")
    plt.show()
