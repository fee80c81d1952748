"""
Addition modulo 113 in seconds, in frequency space
==================================================

Networks that keep the translation symmetry of modular addition stay so. The Gram matrix then falls apart
into small blocks, one a frequency, and whole difference classes can be held out.
"""

import matplotlib.pyplot as plt
import numpy as np

from reduced import draw_classes, equivariant_flow, integrate
from reduced.plots.style import MEANING, STYLE

p, templates = 113, 80
rng = np.random.default_rng(0)
classes = draw_classes(p, 0.7, rng)
start = rng.normal(size=(templates, p)) / np.sqrt(p)
print(f"{len(classes)} of {(p + 1) // 2} difference classes train; {templates * p} hidden units")

# %%
flow = equivariant_flow(p, classes)
path = integrate(flow, start, (0, 2), method="relative_legendre", step=2e-2, t_eval=[0, 0.5, 1, 2])
print(f"{path.steps} steps, {path.nfev} evaluations, {path.seconds:.0f} s")

# %%
# A template turns into a wave of one frequency.
powers = np.abs(np.fft.rfft(path.y, axis=-1)[..., 1:]) ** 2
largest = powers.max(axis=-1) / powers.sum(axis=-1)
with plt.rc_context(STYLE):
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4))
    for column, label in ((0, "start"), (-1, "end")):
        left.plot(path.y[column][0], lw=1.5, label=label, color=MEANING["train" if column == 0 else "test"])
    left.set(xlabel="residue", title="One template, before and after")
    left.legend(loc="upper right")
    right.boxplot(list(largest), tick_labels=[f"{t:g}" for t in path.t], showfliers=False)
    right.set(xlabel=r"$\tau$", ylabel="share of the largest frequency", title="Templates turn into waves")
    plt.show()
