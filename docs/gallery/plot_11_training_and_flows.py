"""
Real training beside both flows
===============================

Gradient descent with weight decay on both layers follows the zero-loss flow. The first-layer flow, whose
readout is optimal at every instant, is earlier.
"""

import matplotlib.pyplot as plt
import numpy as np

from reduced import (
    accuracy,
    first_layer_flow,
    integrate,
    modular_addition,
    optimal_readout,
    train,
    zero_loss_flow,
)
from reduced.plots.style import MEANING, STYLE

p, hidden, span = 11, 96, 3.0
data, test = modular_addition(p, 0.85, rng=1)
W1 = np.random.default_rng(2).normal(size=(p, hidden)) / np.sqrt(p)
W2 = optimal_readout(data.X, data.Y, "gelu")(W1)

# %%
# One start for all three. Slow time is learning rate times weight decay times steps.
rate, decay = 5e-3, 0.05
curves = {}
first = integrate(
    first_layer_flow(data.X, data.Y, "gelu"),
    W1,
    (0, span),
    method="relative_legendre",
    step=1e-2,
    t_eval=np.linspace(0, span, 61),
)
readout = optimal_readout(data.X, data.Y, "gelu")
curves["first-layer flow"] = first.t, [accuracy(w, readout(w), test, "gelu") for w in first.y]
zero = integrate(
    zero_loss_flow(data.X, data.Y, "gelu"), (W1, W2), (0, span), rtol=1e-5, t_eval=np.linspace(0, span, 61)
)
curves["zero-loss flow"] = zero.t, [accuracy(*pair, test, "gelu") for pair in zip(*zero.y, strict=True)]
steps = round(span / (rate * decay))
trained = train(
    data.X,
    data.Y,
    (W1, W2),
    steps=steps,
    learning_rate=rate,
    weight_decay=decay,
    reduction="sum",
    activation="gelu",
    observe=lambda step, state: {"test": accuracy(*state, test, "gelu")},
    observe_every=steps // 60,
)
curves["training"] = trained.observed["t"] * rate * decay, trained.observed["test"]

# %%
with plt.rc_context(STYLE):
    figure, axis = plt.subplots(figsize=(7, 4.5))
    for name, (times, values) in curves.items():
        axis.plot(times, values, color=MEANING[name], lw=2.5, label=name)
    axis.axhline(1 / p, color=MEANING["chance"], ls=":")
    axis.set(xlabel=r"slow time $\tau = 2\lambda t$", ylabel="test accuracy")
    axis.set_title("Training follows the zero-loss flow")
    axis.legend(loc="lower right")
    plt.show()
