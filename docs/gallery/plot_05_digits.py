"""
Handwritten digits
==================

Does a network that fits 300 digits at once still get better afterwards? Scikit-learn's eight by eight
pixels, 150 to train on.
"""

import matplotlib.pyplot as plt

from reduced.plots import learning_curves
from reduced.plots.style import STYLE
from reduced.runs.experiment import Experiment, run

path = run(Experiment(task="digits", samples=300, train_fraction=0.5, hidden=200, slow_time=3.0))

# %%
with plt.rc_context(STYLE):
    figure, axis = plt.subplots(figsize=(7, 4.5))
    learning_curves(path, ax=axis, chance=0.1)
    axis.set_title("Digits: little is gained after memorizing")
    plt.show()
before, after = path.observed["test_accuracy"][[0, -1]]
print(f"test accuracy {before:.2f} at the start, {after:.2f} at the end")
