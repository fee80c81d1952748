"""
The embedding turns into circles
================================

The rows of the first layer, one a residue, seen in the plane of the real and the imaginary part of one
Fourier component. While the norm shrinks they settle on a circle, in the order of jk modulo p.
"""

import matplotlib.pyplot as plt
import numpy as np

from reduced import first_layer_flow, integrate, modular_addition
from reduced.plots import circles
from reduced.plots.embedding import strongest
from reduced.plots.style import STYLE

p, hidden = 23, 256
train, test = modular_addition(p, 0.6, rng=0)
start = np.random.default_rng(1).normal(size=(p, hidden)) / np.sqrt(p)
path = integrate(first_layer_flow(train.X, train.Y), start, (0, 4), t_eval=[0, 1, 4])

# %%
(k,) = strongest(path.y[-1], 1)
with plt.rc_context(STYLE):
    figure, axes = plt.subplots(1, 3, figsize=(12, 4.3))
    for axis, time, W1 in zip(axes, path.t, path.y, strict=True):
        circles(W1, k, ax=axis)
        axis.set_title(rf"$\tau = {time:g}$, $k = {k}$")
    plt.show()
