"""
Delayed generalization
======================

The training pairs are right from the start. The test pairs come right later, while nothing but the norm of
the weights changes.
"""

import matplotlib.pyplot as plt
import numpy as np

from reduced import accuracy, first_layer_flow, integrate, modular_addition, optimal_readout
from reduced.plots.style import MEANING, STYLE

p, hidden = 23, 256
train, test = modular_addition(p, 0.6, rng=0)
readout = optimal_readout(train.X, train.Y)


def observe(tau, W1):
    W2 = readout(W1)
    return {
        "train": accuracy(W1, W2, train),
        "test": accuracy(W1, W2, test),
        "squared norm": (W1**2).sum() + (W2**2).sum(),
    }


# %%
# The flow of the first layer, its readout held optimal. A relative step moves the first layer by one per cent.
start = np.random.default_rng(1).normal(size=(p, hidden)) / np.sqrt(p)
flow = first_layer_flow(train.X, train.Y)
path = integrate(flow, start, (0, 4), method="relative_legendre", step=1e-2, t_eval=[4], observe=observe)
seen = path.observed

# %%
with plt.rc_context(STYLE):
    figure, (above, below) = plt.subplots(2, 1, sharex=True, figsize=(7, 6))
    for name in ("train", "test"):
        above.plot(seen["t"], seen[name], color=MEANING[name], lw=2.5, label=name)
    above.axhline(1 / p, color=MEANING["chance"], ls=":")
    above.text(4, 1 / p + 0.02, "chance", ha="right", color="0.4")
    above.set(ylabel="accuracy", title="Memorized at once, generalized later")
    above.legend(loc="center right")
    below.semilogy(seen["t"], seen["squared norm"], color=MEANING["first-layer flow"], lw=2.5)
    below.set(xlabel=r"slow time $\tau = 2\lambda t$", ylabel="squared norm of all weights")
    plt.show()
