"""Watch a network grok without training it: integrate the first-layer flow of a task."""

from pathlib import Path
from typing import Any

from reduced.console.options import command_options, given, option, options_of
from reduced.console.ranges import RESULTS
from reduced.inputs.ranges import Count, Positive
from reduced.integration.checkpoint import Checkpoints
from reduced.runs.experiment import draw
from reduced.runs.milestones import Milestones, first_step
from reduced.runs.options import Experiment, task_of
from reduced.runs.ridge import UNSET, said, with_ridge
from reduced.runs.seeds import checkpoints_in, run_seeds, with_seeds
from reduced.runs.sizes import sizes

Options = command_options(
    """Integrate the first-layer flow of a two-layer network on a task, from equations that SymPy derives.

    The readout is held optimal, so the network memorizes at once; the first layer then drifts along the zero-loss
    set and the network generalizes. By default data and start are the paper's, modular addition (arXiv:2511.01938,
    Section 7); its integrator is --integrator paper-euler. Own data: --data FILE.

    Example: grokking-reduced simulate --p 23 --hidden 256 --out first-run
    """,
    [
        *options_of(Experiment, unset={"ridge": UNSET}),
        option("seeds", Count, 1, "Number of seeds, which count up from seed; the paper shows 5."),
        option(
            "out",
            Path | None,
            None,
            f"Folder for result.nc and its pictures; by default one in {RESULTS}/, named after the options.",
            metavar="FOLDER",
        ),
        option(
            "checkpoint_every",
            Positive | None,
            None,
            "Save each seed in FOLDER this often; at its end, and on SIGINT or SIGTERM, it is saved without it.",
            metavar="SECONDS",
        ),
        option(
            "resume",
            bool,
            False,
            "Go on from the checkpoints in FOLDER, bit for bit; compute no finished seed again, and save at the end "
            "too.",
        ),
        option(
            "animate",
            bool,
            False,
            "Integrate the first seed once more, and write circles.gif: circles form while the test accuracy rises.",
        ),
        option(
            "from_",
            Path | None,
            None,
            "Run a stored result again, with its own options.",
            name="from",
            metavar="RESULT.nc",
        ),
    ],
)


def main(options: Any) -> int:
    """Run every seed, print milestones and a summary, and write the result and its figure."""
    experiments = _experiments(options)
    if options.animate:
        from reduced.runs.replay import replayable

        replayable(experiments[0])

    from reduced.runs import results

    folder = results.writable_folder(options.out or RESULTS / _name(results, experiments))
    every, resume = options.checkpoint_every, options.resume
    checkpoints = [checkpoints_in(folder, experiment, every, resume) for experiment in experiments]
    drawn = [draw(experiment) for experiment in experiments]
    for experiment, start, saved in zip(experiments, drawn, checkpoints, strict=True):
        if saved and resume:
            print(f"{saved.path}: {_found(saved, experiment)}")
        print(f"seed {experiment.seed}: {first_step(experiment, start)}")
    trajectories = run_seeds(experiments, checkpoints, Milestones(experiments[0].slow_time), drawn)
    result = results.dataset(experiments, trajectories)
    results.save(result, folder / "result.nc")

    from reduced.plots.run import chance_of, pictures

    written = [folder / "result.nc", *pictures(result, folder, drawn[0].W1)]
    if options.animate:
        from reduced.plots.animation import animate_circles
        from reduced.runs.replay import replay

        frames = replay(experiments[0], drawn[0])
        written.append(animate_circles(*frames, folder / "circles.gif", chance=chance_of(result)))
    for saved in filter(None, checkpoints):
        saved.discard()
    print(f"\n{results.summary(result)}\nwrote {', '.join(map(str, written))}")
    return 0


def _name(results: Any, experiments: list[Experiment]) -> str:
    """Name of the folder; seeds of a stored result that do not count up are named one by one."""
    seeds = [experiment.seed for experiment in experiments]
    counted = seeds == list(range(seeds[0], seeds[0] + len(seeds)))
    name = results.run_name(experiments[0], len(seeds))
    return str(name) if counted else f"{name}-seeds-{'-'.join(map(str, seeds))}"


def _found(saved: Checkpoints, experiment: Experiment) -> str:
    if saved.resumed is None:
        return "not there, starts at the beginning"
    return "finished" if saved.resumed.t == experiment.slow_time else "goes on from there"


def _announced(experiment: Experiment, ridge_given: bool) -> Experiment:
    """The experiment as it runs; prints what its data are, and what was chosen for it."""
    sizes(experiment)
    chosen = with_ridge(experiment, given=ridge_given)
    for line in filter(None, (task_of(chosen).told(), said(experiment, chosen))):
        print(line)
    return chosen


def _experiments(options: Any) -> list[Experiment]:
    """One experiment a seed, from the command line or from a stored result."""
    experiment = Experiment(**given(options, Experiment))
    if options.from_ is None:
        return with_seeds(_announced(experiment, options.ridge is not None), options.seeds)
    if experiment != Experiment() or options.seeds != 1:
        raise ValueError(f"from = {options.from_}: all options come from the file; leave out the others")

    from reduced.runs.provenance import refuse_changed_files, stored_experiments

    refuse_changed_files(options.from_)
    return stored_experiments(options.from_)
