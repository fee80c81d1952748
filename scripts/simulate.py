"""Watch a network grok without training it: integrate the first-layer flow of modular arithmetic."""

import sys
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Annotated, Literal

import tyro
from _cli import run as run_command
from _milestones import Milestones, first_step

from reduced.integration.checkpoint import Checkpoints
from reduced.runs.experiment import Experiment, problem
from reduced.runs.seeds import checkpoints_in, run_seeds, with_seeds

Activation = Literal["relu", "leaky_relu", "quadratic", "cubic", "gelu", "softplus", "tanh", "linear"]

Loss = Literal["squared", "cross_entropy", "logistic", "pseudo_huber", "squared_hinge"]


@dataclass(frozen=True)
class Options:
    """Integrate the first-layer flow of a two-layer network on modular arithmetic, from equations that SymPy derives.

    The readout is held optimal, so the network memorizes at once; the first layer then drifts along the zero-loss
    set and the network generalizes. The defaults are the paper's run (arXiv:2511.01938, Section 7).
    """

    p: int = 37
    """Modulus; the data are the pairs a <= b < p with label (a + b) mod p."""
    hidden: int = 512
    """Hidden width d_h; with ridge 0 at least the number of training samples."""
    train_fraction: float = 0.7
    """Share of the pairs that trains; the rest tests."""
    activation: Activation = "relu"
    """Activation of the hidden layer."""
    ridge: float = 0.0
    """Weight decay lambda that the readout keeps; 0 is the zero-loss limit."""
    method: Literal["protocol", "flow"] = "protocol"
    """protocol: the paper's explicit Euler steps. flow: stabilized steps, the start resolved; generalizes earlier."""
    step: float = 1e-3
    """Euler's step in slow time tau = 2 lambda t (protocol only)."""
    slow_time: float = 5.0
    """Length of the run in slow time."""
    seed: int = 0
    """Seed of the split and of the initial weights; the first one where several run."""
    seeds: int = 1
    """Number of seeds; the paper shows 5."""
    init_scale: Literal["std", "var"] = "std"
    """Reading of the paper's N(0, p^(-1/2)): p^(-1/2) is the standard deviation, or the variance."""
    init_factor: float = 1.0
    """Positive factor on the initial weights."""
    operation: Literal["add", "subtract", "multiply"] = "add"
    """Operation modulo p; subtract and multiply take both operands one-hot, side by side."""
    loss: Loss = "squared"
    """Loss of the outputs; every one but squared needs ridge > 0, or is refused."""
    out: Annotated[Path | None, tyro.conf.arg(metavar="FOLDER")] = None
    """Folder for result.nc and figure_6.png; by default one under runs/, named after the options."""
    checkpoint_every: Annotated[float | None, tyro.conf.arg(metavar="SECONDS")] = None
    """Save each seed in FOLDER this often, at its end, and on SIGINT or SIGTERM; by default never."""
    resume: bool = False
    """Go on from the checkpoints in FOLDER, bit for bit; compute no finished seed again, and save at the end too."""
    from_: Annotated[Path | None, tyro.conf.arg(name="from", metavar="RESULT.nc")] = None
    """Run a stored result again, with its own options."""


def main(options: Options) -> int:
    """Run every seed, print milestones and a summary, and write the result and its figure."""
    experiments = _experiments(options)
    problem(experiments[0])

    from reduced.runs import results

    folder = results.writable_folder(
        options.out or Path("runs") / results.run_name(experiments[0], len(experiments))
    )
    every, resume = options.checkpoint_every, options.resume
    checkpoints = [checkpoints_in(folder, experiment, every, resume) for experiment in experiments]
    for experiment, saved in zip(experiments, checkpoints, strict=True):
        if saved and resume:
            print(f"{saved.path}: {_found(saved, experiment)}")
        print(f"seed {experiment.seed}: {first_step(experiment)}")
    trajectories = run_seeds(experiments, checkpoints, Milestones(experiments[0].slow_time))
    result = results.dataset(experiments, trajectories)
    results.save(result, folder / "result.nc")

    from figure_6 import draw

    draw(result, folder / "figure_6.png")
    for saved in filter(None, checkpoints):
        saved.discard()
    print(f"\n{results.summary(result)}\nwrote {folder / 'result.nc'} and {folder / 'figure_6.png'}")
    return 0


def _found(saved: Checkpoints, experiment: Experiment) -> str:
    if saved.resumed is None:
        return "not there, starts at the beginning"
    return "finished" if saved.resumed.t == experiment.slow_time else "goes on from there"


def _experiments(options: Options) -> list[Experiment]:
    """One experiment a seed, from the command line or from a stored result."""
    experiment = Experiment(**{field.name: getattr(options, field.name) for field in fields(Experiment)})
    if options.from_ is None:
        return with_seeds(experiment, options.seeds)
    if experiment != Experiment() or options.seeds != 1:
        raise ValueError(f"from = {options.from_}: all options come from the file; leave out the others")

    from reduced.runs.results import stored_experiments

    return stored_experiments(options.from_)


if __name__ == "__main__":
    sys.exit(run_command(main, Options))
