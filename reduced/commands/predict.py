"""Say when a network will generalize: what each law predicts for a start or a stored run, and how good it is."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from reduced.console.options import command_options, given, option, options_of
from reduced.inputs.ranges import NonNegative, Positive
from reduced.runs.experiment import Experiment

if TYPE_CHECKING:
    from reduced.predictors.runs import Run

Options = command_options(
    """Print what each law of the grokking time says of a run, with its errors on the stored runs beside it.

    Nothing is integrated: a start is drawn and its state measured. With --from, the laws see what a stored result
    holds, and the measured time stands beside them. Predictions are of the first-layer flow in slow time
    tau = 2 lambda t. With --learning-rate and --weight-decay they are steps of training too.

    Example: grokking-reduced predict --p 23 --hidden 256 --train-fraction 0.8 --init-factor 2
    """,
    [
        *options_of(Experiment),
        option(
            "from_",
            Path | None,
            None,
            "A stored result instead of a start.",
            name="from",
            metavar="RESULT.nc",
        ),
        option(
            "learning_rate",
            Positive | None,
            None,
            "Of training, to count steps: tau is learning rate x decay x k.",
        ),
        option("weight_decay", Positive | None, None, "Of training, to count steps."),
        option("momentum", NonNegative, 0.0, "Of training, below 1: steps are (1 - momentum) as many."),
    ],
)


def main(options: Any) -> int:
    """Print a table, one law a row."""
    steps = _steps_per_slow_time(options)
    experiment = Experiment(**given(options, Experiment))
    if options.from_ is not None and experiment != Experiment():
        raise ValueError(f"from = {options.from_}: all options come from the file; leave out the others")

    from reduced.predictors.known import of_result, of_start

    if options.from_ is None:
        _print([of_start(experiment)], steps)
    else:
        _print(of_result(options.from_), steps)
    return 0


def _steps_per_slow_time(options: Any) -> float | None:
    if options.momentum >= 1:
        raise ValueError(f"momentum = {options.momentum}: must be below 1")
    if options.learning_rate is None and options.weight_decay is None:
        return None
    if options.learning_rate is None or options.weight_decay is None:
        raise ValueError("learning_rate, weight_decay: give both to count steps, or neither")
    return float((1 - options.momentum) / (options.learning_rate * options.weight_decay))


def _print(runs: "list[Run]", steps: float | None) -> None:
    from reduced.predictors.errors import errors, kind, median, references
    from reduced.predictors.law import laws
    from reduced.predictors.table import stored

    table, known = stored(), laws()
    one = kind(runs[0].setting)
    reference = references(table)[one]
    found = errors(known.values(), [run for run in table if kind(run.setting) == one])
    print(f"{one[0]}, {one[1]} space, calibrated on {_named(reference)}")
    head = "".join(f"{f'seed {run.setting.seed}':>10}" for run in runs)
    print(
        f"{'law':33}{'needs':26}{head}{'steps':>12}   error (median), runs"
        if steps
        else f"{'law':33}{'needs':26}{head}   error (median), runs"
    )
    for name, law in known.items():
        said = [law(run, reference) for run in runs]
        error, made, asked = median(one for one in found if one.law == name)
        row = f"{name:33}{law.needs:26}" + "".join(f"{_time(tau):>10}" for tau in said)
        counted = f"{_time(steps * said[0], 0):>12}" if steps else ""
        print(f"{row}{counted}   {f'{100 * error:.0f} %' if made else '-'}, {made} of {asked}")
    measured = "".join(f"{_time(run.measured.generalized):>10}" for run in runs)
    if any(run.measured.generalized == run.measured.generalized for run in runs):
        print(f"{'measured':59}{measured}")
    print("slow time tau; - where a law says nothing, or needs what is not known")


def _named(run: "Run") -> str:
    s = run.setting
    return (
        f"p = {s.p}, {s.hidden} {'units' if s.space == 'dense' else 'templates'}, share {s.train_fraction:g}"
    )


def _time(value: float, digits: int = 2) -> str:
    return f"{value:.{digits}f}" if value == value else "-"
