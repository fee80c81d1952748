"""
Composing permutations
======================

The group of the 24 permutations of four things, from 80 per cent of its table.
"""

import matplotlib.pyplot as plt

from reduced.plots import learning_curves
from reduced.plots.style import STYLE
from reduced.runs.experiment import Experiment, run

path = run(Experiment(task="group", group="S4", train_fraction=0.8, hidden=600, slow_time=4.0, step=0.03))

# %%
with plt.rc_context(STYLE):
    figure, axis = plt.subplots(figsize=(7, 4.5))
    learning_curves(path, ax=axis, chance=1 / 24)
    axis.set_title("The group S4, from 80 % of its table")
    plt.show()
