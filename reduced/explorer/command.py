"""The command line that makes the run which the page shows."""

from reduced.explorer.frames import Setting, experiment_of

#: Slow time at which the page's runs end.
END = 4.0


def command(setting: Setting, seed: int) -> str:
    """The command line that makes the same run.

    Examples
    --------
    >>> command(Setting(5, 2.0, 0.0, "squared"), 1).split(" --seed")[0]
    'grokking-reduced simulate --p 5 --hidden 20 --train-fraction 0.7 --ridge 0 --loss squared'
    """
    one = experiment_of(setting, end=END, seed=seed)
    options = {
        "p": one.p,
        "hidden": one.hidden,
        "train-fraction": one.train_fraction,
        "ridge": one.ridge,
        "loss": one.loss,
        "seed": one.seed,
        "slow-time": one.slow_time,
        "step": one.step,
    }
    given = " ".join(
        f"--{name} {value:g}" if isinstance(value, int | float) else f"--{name} {value}"
        for name, value in options.items()
    )
    return f"grokking-reduced simulate {given}"
