"""
Predicted and measured times of generalization
==============================================

Laws of the literature and exact ones, beside the runs that the package carries.
"""

import matplotlib.pyplot as plt

from reduced.plots.style import PALETTE, STYLE
from reduced.predictors.table import stored

runs = [run for run in stored() if run.measured.generalized == run.measured.generalized]
print(f"{len(runs)} runs that generalize")

# %%
with plt.rc_context(STYLE):
    figure, axis = plt.subplots(figsize=(7, 4.5))
    for kind, colour in zip(sorted({run.setting.path for run in runs}), PALETTE.values(), strict=False):
        chosen = [run for run in runs if run.setting.path == kind]
        axis.loglog(
            [run.measured.memorized or 1e-3 for run in chosen],
            [run.measured.generalized for run in chosen],
            "o",
            color=colour,
            label=kind,
        )
    axis.set(xlabel="slow time of memorization", ylabel="slow time of generalization", title="Measured runs")
    axis.legend()
    plt.show()
