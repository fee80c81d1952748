"""
An activation of one's own
==========================

A formula in ``z`` is enough: value and slope are generated, and the field is. The text is parsed, never
evaluated.
"""

import matplotlib.pyplot as plt
import numpy as np

from reduced import Activation, accuracy, first_layer_flow, integrate, modular_addition, optimal_readout
from reduced.plots.style import PALETTE, STYLE

swish = Activation("swish", "z/(1 + exp(-z))", None)
p, hidden = 17, 160
train, test = modular_addition(p, 0.8, rng=0)
start = np.random.default_rng(1).normal(size=(p, hidden)) / np.sqrt(p)
times = np.linspace(0, 3, 61)

# %%
curves = {}
for activation in (swish, "relu", "tanh"):
    name = getattr(activation, "name", activation)
    readout = optimal_readout(train.X, train.Y, activation)
    flow = first_layer_flow(train.X, train.Y, activation)
    path = integrate(flow, start, (0, 3), method="relative_legendre", step=1e-2, t_eval=times)
    curves[name] = [accuracy(W1, readout(W1), test, activation) for W1 in path.y]

# %%
with plt.rc_context(STYLE):
    figure, axis = plt.subplots(figsize=(7, 4.5))
    for (name, curve), colour in zip(curves.items(), ("purple", "black", "sky"), strict=True):
        axis.plot(times, curve, color=PALETTE[colour], lw=2.5, label=name)
    axis.axhline(1 / p, color="0.6", ls=":")
    axis.set(
        xlabel=r"slow time $\tau = 2\lambda t$", ylabel="test accuracy", title="Whether and when depends on σ"
    )
    axis.legend()
    plt.show()
