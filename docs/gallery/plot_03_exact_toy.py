r"""
Two weights, one product: both flows beside their exact solutions
=================================================================

The network :math:`w_1 w_2 = s` has a closed form for the first-layer flow and for the zero-loss flow. They
end at the same point and get there at different rates.
"""

import matplotlib.pyplot as plt
import numpy as np

from reduced import first_layer_flow, integrate, zero_loss_flow
from reduced.plots.style import CLOSED, MEANING, STYLE
from reduced.solutions import product_first_layer, product_zero_loss

s, start = 1.0, 3.0
times = np.linspace(0, 2, 81)
X, Y = np.ones((1, 1)), np.full((1, 1), s)
options = {"method": "DOP853", "rtol": 1e-10, "atol": 1e-12, "t_eval": times}

# %%
# The readout that fits is :math:`s/w_1`, for both flows at the start and for the first-layer flow always.
first = integrate(first_layer_flow(X, Y, "linear"), np.full((1, 1), start), (0, 2), **options)
both = integrate(
    zero_loss_flow(X, Y, "linear"), (np.full((1, 1), start), np.full((1, 1), s / start)), (0, 2), **options
)
curves = {"first-layer flow": first.y.ravel(), "zero-loss flow": both.y[0].ravel()}
exact = {
    "first-layer flow": product_first_layer(s)(times, start),
    "zero-loss flow": product_zero_loss()(times, (start, s / start))[0],
}

# %%
with plt.rc_context(STYLE):
    figure, axis = plt.subplots(figsize=(7, 4.5))
    for name, values in curves.items():
        axis.plot(times, values, color=MEANING[name], lw=3, label=name)
        axis.plot(times, exact[name], label="closed form" if name == "zero-loss flow" else None, **CLOSED)
    axis.set(xlabel=r"slow time $\tau = 2\lambda t$", ylabel="$w_1$", title="One end, two ways to it")
    axis.legend()
    plt.show()

# %%
for name, values in curves.items():
    print(f"{name}: largest error {abs(values - exact[name]).max():.0e}")
