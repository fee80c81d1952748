"""
A sparse parity
===============

The product of two of twelve signs: what the other ten say does not matter, and the network has to find that
out.
"""

import matplotlib.pyplot as plt

from reduced.plots import learning_curves
from reduced.plots.style import STYLE
from reduced.runs.experiment import Experiment, run

path = run(Experiment(task="parity", bits=12, secret=2, samples=400, hidden=400, slow_time=4.0, step=0.03))

# %%
with plt.rc_context(STYLE):
    figure, axis = plt.subplots(figsize=(7, 4.5))
    learning_curves(path, ax=axis, chance=0.5)
    axis.set_title("The parity of 2 of 12 bits")
    plt.show()
