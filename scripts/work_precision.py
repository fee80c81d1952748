"""Work and precision: which way of integrating the first-layer flow gets closest for its evaluations."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from _cli import run
from _plot import STYLE, save
from _pyplot import plt
from _ranges import OutPath
from matplotlib.ticker import LogLocator, NullFormatter
from tqdm import tqdm

from reduced.inputs.ranges import Positive
from reduced.integration.integrators import INTEGRATORS
from reduced.runs.experiment import Experiment
from reduced.studies.work_precision import Work, errors, integrated

#: One panel each: the network, and two settings of one method, of which the finer is the reference.
PANELS = {
    "ReLU, p = 37 (the paper's run)": (
        Experiment(slow_time=2.0),
        ("relative_euler", 3e-4, 6e-4),
    ),
    "quadratic, p = 17": (
        Experiment(p=17, hidden=112, activation="quadratic", slow_time=3.0),
        ("DOP853", 1e-7, 1e-6),
    ),
    "GELU, p = 17": (
        Experiment(p=17, hidden=112, activation="gelu", slow_time=3.0),
        ("DOP853", 1e-7, 1e-6),
    ),
}
SETTINGS = {
    "relative_legendre": (4e-2, 2e-2, 1e-2, 5e-3),
    "relative_euler": (2e-2, 1e-2, 5e-3, 2.5e-3),
    "euler": (2e-3, 1e-3, 5e-4, 2.5e-4),
    "RK23": (1e-1, 3e-2, 1e-2, 1e-3),
    "RK45": (1e-1, 3e-2, 1e-2, 1e-3),
    "DOP853": (1e-1, 3e-2, 1e-2, 1e-3),
}
#: Smaller errors, zero among them, are drawn here.
FLOOR = 1e-5
LOOKS = dict(zip(SETTINGS, ("o-", "P-", "s-", "^-", "D-", "v-"), strict=True))


@dataclass(frozen=True)
class Options:
    """Integrate three networks by six methods at four settings each, and hold them against a converged path."""

    max_seconds: Positive = 25.0
    """When an integration that does not get on is given up; it is then listed, not drawn."""
    out: OutPath = Path("figures/work_precision.png")
    """Where to save the figure."""


@plt.rc_context(STYLE)
def main(options: Options) -> None:
    """Draw the errors of state and test accuracy against evaluations and seconds, and print them."""
    figure, axes = plt.subplots(2, len(PANELS), figsize=(5.2 * len(PANELS), 9), squeeze=False)
    for column, (name, (experiment, (method, fine, coarse))) in zip(axes.T, PANELS.items(), strict=True):
        reference = integrated(experiment, method, fine)
        check = errors(integrated(experiment, method, coarse), reference)
        print(
            f"\n{name}: reference {method} at {fine:g}, {reference.evaluations} evaluations; at {coarse:g} it differs "
            f"by {check.state:.1e} in state, {check.accuracy_mean:.4f} (mean) and {check.accuracy_most:.3f} in accuracy"
        )
        contest(column, experiment, reference, options.max_seconds)
        for axis, level, what in zip(
            column,
            (check.state, check.accuracy_mean),
            ("state, relative", "test accuracy, mean"),
            strict=True,
        ):
            axis.axhline(max(level, FLOOR), color="0.6", ls=":", label="two references apart")
            axis.set(ylabel=f"error of {what}", xlabel="evaluations of the field")
            seconds = axis.secondary_xaxis("top", functions=seconds_for(reference))
            seconds.set_xlabel("seconds")
            for scale in (axis.xaxis, seconds.xaxis):
                scale.set_major_locator(LogLocator(subs=(1, 3)))
                scale.set_major_formatter("{x:g}")
            for scale in (axis.xaxis, seconds.xaxis, axis.yaxis):
                scale.set_minor_formatter(NullFormatter())
        column[0].set_title(name)
    axes[0, -1].legend(fontsize=10)
    share = INTEGRATORS["resolved"].step
    save(
        figure,
        options.out,
        f"Six methods against a converged path; the ring: Legendre steps of {share:g}, the default",
    )


def contest(column: Any, experiment: Experiment, reference: Work, max_seconds: float) -> None:
    """Integrate by every method, print and draw what comes to the end in time."""
    for method, settings in SETTINGS.items():
        done = []
        for setting in tqdm(settings, desc=method, leave=False, disable=None):
            work = integrated(experiment, method, setting, max_seconds)
            cost = f"{method:18}{setting:8g}{work.evaluations:8d} evaluations{work.seconds:8.2f} s"
            if not len(work.states):
                print(f"{cost}   stopped at τ = {work.reached:.3g}")
                continue
            found = errors(work, reference)
            done.append((work.evaluations, *np.maximum((found.state, found.accuracy_mean), FLOOR)))
            print(
                f"{cost}   state {found.state:.4f}, accuracy {found.accuracy_mean:.4f}, most {found.accuracy_most:.3f}"
            )
            if (method, setting) == (INTEGRATORS["resolved"].method, INTEGRATORS["resolved"].step):
                for axis, error in zip(column, done[-1][1:], strict=True):
                    axis.plot(work.evaluations, error, "o", ms=18, mfc="none", mec="black")
        if done:
            evaluations, *both = np.transpose(done)
            for axis, error in zip(column, both, strict=True):
                axis.loglog(evaluations, error, LOOKS[method], label=method)


def seconds_for(reference: Work) -> tuple[Any, Any]:
    """From evaluations to seconds and back, at the reference's rate."""
    rate = reference.seconds / reference.evaluations
    return lambda evaluations: rate * evaluations, lambda seconds: seconds / rate


if __name__ == "__main__":
    sys.exit(run(main, Options))
