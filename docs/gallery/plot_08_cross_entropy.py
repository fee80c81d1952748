"""
Grokking under cross-entropy
============================

The closed form of the first layer's motion holds for every convex loss. Here the same data and the same
start under two of them.
"""

import matplotlib.pyplot as plt
import numpy as np

from reduced import accuracy, first_layer_flow, integrate, modular_addition, optimal_readout
from reduced.plots.style import PALETTE, STYLE

p, hidden, ridge = 17, 140, 1e-3
train, test = modular_addition(p, 0.8, rng=0)
start = np.random.default_rng(1).normal(size=(p, hidden)) / np.sqrt(p)

# %%
paths = {}
for loss in ("squared", "cross_entropy"):
    flow = first_layer_flow(train.X, train.Y, "relu", ridge, loss=loss)
    readout = optimal_readout(train.X, train.Y, "relu", ridge, loss=loss)
    times = np.linspace(0, 2, 41)
    path = integrate(flow, start, (0, 2), method="relative_legendre", step=2e-2, t_eval=times)
    paths[loss] = [accuracy(W1, readout(W1), test) for W1 in path.y]

# %%
with plt.rc_context(STYLE):
    figure, axis = plt.subplots(figsize=(7, 4.5))
    for (loss, curve), colour in zip(paths.items(), ("blue", "vermilion"), strict=True):
        axis.plot(times, curve, color=PALETTE[colour], lw=2.5, label=loss.replace("_", "-"))
    axis.axhline(1 / p, color="0.6", ls=":")
    axis.set(xlabel=r"slow time $\tau = 2\lambda t$", ylabel="test accuracy")
    axis.set_title("Cross-entropy groks too")
    axis.legend(loc="lower right")
    plt.show()
