"""A ridge where none is given and no zero-loss readout exists."""

from dataclasses import replace

from reduced.runs.options import Experiment, task_of
from reduced.runs.sizes import sizes

#: The ridge that is chosen, for each training sample.
RIDGE_PER_SAMPLE = 1e-3
#: What a command says of the ridge that it takes where none is given.
UNSET = "0; 1e-3 for each training sample where samples of your own are more than the hidden units"


def with_ridge(experiment: Experiment, *, given: bool = False) -> Experiment:
    """The experiment, with a ridge of 1e-3 for each training sample where samples of one's own exceed d_h at ridge 0.

    Then outputs cannot agree with the targets, and the zero-loss readout does not exist. Of tasks whose size is an
    option, nothing is chosen: such a run is refused, and says how wide the network must be.

    Parameters
    ----------
    experiment : Experiment
    given : bool
        The ridge is a caller's own choice, and stays.

    Raises
    ------
    ValueError
        If a ridge of 0 would have been chosen otherwise, and is given.

    Examples
    --------
    >>> with_ridge(Experiment(task="digits", hidden=64)).ridge
    0.49
    >>> with_ridge(Experiment(hidden=64)).ridge
    0.0
    """
    try:
        if experiment.ridge != 0 or not task_of(experiment).chooses_ridge:
            return experiment
        train = sizes(experiment).train
    except (KeyError, ValueError, TypeError):
        return experiment  # what is wrong with the options is said where they are checked
    if train <= experiment.hidden:
        return experiment
    if given:
        raise ValueError(
            f"ridge = 0: {train} training samples are more than the {experiment.hidden} hidden units, and no readout "
            f"of zero loss exists; leave out --ridge, which chooses one, or take --hidden {train} or more"
        )
    return replace(experiment, ridge=RIDGE_PER_SAMPLE * train)


def said(experiment: Experiment, chosen: Experiment) -> str:
    """The sentence about a ridge that was chosen; empty where none was."""
    if chosen == experiment:
        return ""
    return (
        f"ridge = {chosen.ridge:g}: chosen, since {task_of(chosen).sizes().train} training samples are more than the "
        f"{chosen.hidden} hidden units, and no readout of zero loss exists; --ridge or --hidden decide otherwise"
    )
