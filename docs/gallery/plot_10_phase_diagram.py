"""
A sweep and its phase diagram
=============================

Test accuracy at the end, over the share of the pairs that trains and the width of the network.
"""

import matplotlib.pyplot as plt
import numpy as np

from reduced.plots import phase_diagram
from reduced.plots.style import STYLE
from reduced.runs.experiment import Experiment, run

shares, widths = (0.5, 0.6, 0.7, 0.8, 0.9), (90, 130, 200)
ends = np.array(
    [
        [
            run(Experiment(p=13, hidden=width, train_fraction=share, slow_time=4.0, step=0.03)).observed[
                "test_accuracy"
            ][-1]
            for share in shares
        ]
        for width in widths
    ]
)

# %%
with plt.rc_context(STYLE):
    figure, axis = plt.subplots(figsize=(7, 4))
    phase_diagram(shares, widths, ends, ax=axis)
    axis.set(
        xlabel="share of the pairs that trains", ylabel="hidden units", title="How much data it takes, p = 13"
    )
    plt.show()
