"""Training of both layers at p = 113 against both reduced flows, on whole difference classes."""

import sys
from dataclasses import dataclass
from pathlib import Path

from _cli import run as run_command
from _plot import STYLE, save
from _pyplot import plt
from _ranges import ActivationName, OutPath
from threadpoolctl import threadpool_limits

from reduced.inputs.ranges import Fraction, Modulus, Positive, Seed
from reduced.network.observables import first_crossing
from reduced.plots.style import look
from reduced.studies.class_training import trained_path
from reduced.studies.classes import generalization


@dataclass(frozen=True)
class Options:
    """Follow one start by the first-layer flow, by the zero-loss flow and by training at finite weight decay."""

    p: Modulus = 113
    """Modulus, odd."""
    share: Fraction = 0.7
    """Share of the classes that trains."""
    ratio: Positive = 2.0
    """Templates over training classes."""
    activation: ActivationName = "gelu"
    """Activation; with ReLU training takes ten times as many steps."""
    weight_decays: tuple[Positive, ...] = (0.1,)
    """Weight weight_decays lambda of training, of the regularized loss."""
    seed: Seed = 0
    """Seed of the classes and of the initial templates."""
    slow_time: Positive = 2.0
    """Slow time."""
    out: OutPath = Path("figures/class_training.png")
    """Figure."""


def main(options: Options) -> None:
    """Run, draw, and print when each generalizes."""
    setting = options.p, options.share, options.ratio, options.seed, options.slow_time
    with threadpool_limits(1):
        reduced = generalization(*setting, activation=options.activation, to_the_end=True)
        paths = {"zero-loss flow": trained_path(*setting, activation=options.activation)} | {
            rf"training, $\lambda$ = {decay:g}": trained_path(
                *setting, activation=options.activation, weight_decay=decay
            )
            for decay in options.weight_decays
        }
    with plt.rc_context(STYLE):
        figure, (left, right) = plt.subplots(1, 2, figsize=(12, 4.8))
        left.plot(reduced.tau, reduced.accuracy, **look("first-layer flow"), label="first-layer flow")
        print(f"first-layer flow: 95 % at tau = {reduced.time:.2f}")
        for label, path in paths.items():
            line = look(label.partition(",")[0])
            left.plot(path["t"], path["test_accuracy"], **line, label=label)
            right.plot(path["t"], path["norm"], **line)
            time = first_crossing(path["t"], path["test_accuracy"], 0.95)
            print(
                f"{label}: 95 % at tau = {time:.2f}; largest relative residual {path['residual'].max():.3f}, "
                f"norm {path['norm'][0]:.1f} to {path['norm'][-1]:.1f}"
            )
        left.set(xlabel=r"slow time $\tau$", ylabel=f"test accuracy ({reduced.held} held-out classes)")
        left.legend(loc="lower right")
        right.set(xlabel=r"slow time $\tau$", ylabel=r"$\|\theta\|$, both layers in motion")
        save(
            figure,
            options.out,
            "in frequency space too, training generalizes with the zero-loss flow "
            f"(p = {options.p}, {options.share:g} of the classes, {reduced.templates} templates, {options.activation})",
        )


if __name__ == "__main__":
    sys.exit(run_command(main, Options))
