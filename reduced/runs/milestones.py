"""What a run prints while it runs."""

from typing import Any

from tqdm import tqdm

from reduced.runs.experiment import Drawn, first_euler_step
from reduced.runs.options import Experiment
from reduced.runs.steps import euler_step

MILESTONES = (0.0, 0.01, 0.1, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 2.5, 3.0, 4.0)
NORMS = ("|W1|^2", "|W2|^2")
#: What follows the norms: where equations give the readout, and where it is minimized.
SOLVED = {"residual": "residual", "speed": "|dW1/dtau|", "gram_condition": "cond(K)"}
MINIMIZED = {"loss": "loss", "speed": "|dW1/dtau|", "duality_gap": "gap"}


class Milestones:
    """Prints the first observation at or after each milestone, and the last."""

    def __init__(self, end: float) -> None:
        self._due = [time for time in MILESTONES if time < end] + [end]
        self._headed = False

    def __call__(self, row: dict[str, Any]) -> None:
        """Take up a row of observations."""
        last = MINIMIZED if "duality_gap" in row else SOLVED
        measured = "accuracy" if "test_accuracy" in row else "error"
        if not self._headed:
            columns = ("tau", f"train {measured}", f"test {measured}", *NORMS, *last.values())
            tqdm.write("\n" + " ".join(f"{column:>10}" for column in columns))
            self._headed = True
        if row["tau"] < self._due[0] - 1e-9:
            return
        self._due = [time for time in self._due if time > row["tau"] + 1e-9] or [float("inf")]
        widths = {name: max(10, len(name)) for name in (f"train_{measured}", f"test_{measured}")}
        parts = " ".join(f"{row[name]:{width}.3f}" for name, width in widths.items())
        norms = f"{row['squared_norm_W1']:10.1f} {row['squared_norm_W2']:10.1f}"
        fit, speed, trust = (row[name] for name in last)
        tqdm.write(f"{row['tau']:10.2f} {parts} {norms} {fit:10.1e} {speed:10.1f} {trust:10.1e}")


def first_step(experiment: Experiment, drawn: Drawn) -> str:
    """How fast a run starts, and what one Euler step makes of it."""
    speed, before, after = first_euler_step(experiment, drawn)
    euler = f"an Euler step of {euler_step(experiment):g} takes |W1|^2 from {before:.1f} to {after:.1f}"
    resolved = "" if experiment.integrator == "paper-euler" else "; this run resolves it"
    return f"at the start |dW1/dtau| = {speed:.3g}, and {euler}{resolved}"
