"""
A table of one's own
====================

Any CSV file trains: its last column is what to predict. Here a file of two noisy spirals is written,
learned, and the error of the reduced dynamics followed.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

import matplotlib.pyplot as plt
import numpy as np

from reduced.plots import learning_curves
from reduced.plots.style import STYLE
from reduced.runs.experiment import Experiment, run

rng = np.random.default_rng(0)
angle = rng.uniform(1, 6, size=200)
turn = np.arange(200) % 2
points = np.stack([angle * np.cos(angle + np.pi * turn), angle * np.sin(angle + np.pi * turn)], axis=1)
points += 0.15 * rng.normal(size=points.shape)

# %%
with TemporaryDirectory() as folder:
    table = Path(folder) / "spirals.csv"
    rows = [
        f"{x:.4f},{y:.4f},{'left' if side else 'right'}" for (x, y), side in zip(points, turn, strict=True)
    ]
    table.write_text("\n".join(["x,y,side", *rows]))
    path = run(
        Experiment(
            task="data",
            data=str(table),
            hidden=300,
            activation="tanh",
            ridge=1e-2,
            slow_time=3.0,
            init_factor=25.0,
        )
    )

# %%
with plt.rc_context(STYLE):
    figure, axis = plt.subplots(figsize=(7, 4.5))
    learning_curves(path, ax=axis, chance=0.5)
    axis.set_title("Two spirals: a large start fits first, and generalizes later")
    plt.show()
