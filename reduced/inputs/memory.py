"""What the first-layer flow holds at once, and the refusal of what cannot fit, before it is allocated."""

import os

#: Arrays of n × d_h numbers that an evaluation holds at once: Z, H, BW2ᵀ and its product with σ′(Z).
EVALUATION = 4
#: Those of them that generated code keeps for its next evaluation.
KEPT = 3
#: What computing the outputs of a data set takes: Z, σ(Z) and its copy.
OUTPUTS = 3
#: Copies of the state that an integration holds at once: stages, both ends of a step, the flow's output.
STATES = 10
#: Copies of the data: all samples, and the two parts of the split.
SPLITS = 2


def evaluation_numbers(samples: int, hidden: int, order: int, iterates: bool = False) -> int:
    """Numbers that one evaluation of the flow holds at once, beside what is of the size of X, Y and W1.

    Parameters
    ----------
    samples, hidden : int
        n and d_h.
    order : int
        Rows of the Gram matrix that is factored.
    iterates : bool
        Whether the readout is found by iteration, which has an H of its own.
    """
    return (EVALUATION + iterates) * samples * hidden + order**2


def run_numbers(samples: tuple[int, int], inputs: int, outputs: int, hidden: int, iterates: bool) -> int:
    """Numbers that a run holds at its peak, where it observes the outputs of the larger data set.

    An observation has its own H and the arrays of a flow whose readout is given; a flow that factors at every step
    keeps as many of its own.

    Parameters
    ----------
    samples : (int, int)
        Of the training and of the test set.
    inputs, outputs, hidden : int
        d_in, d_out and d_h.
    iterates : bool
        Whether the readout is found by iteration.
    """
    train, both = samples[0], sum(samples)
    arrays = (1 + KEPT * (1 if iterates else 2)) * train + OUTPUTS * max(samples)
    small = SPLITS * both * (inputs + outputs) + STATES * inputs * hidden
    return arrays * hidden + min(train, hidden) ** 2 + small


def refuse_beyond_memory(what: str, numbers: float) -> None:
    """Compare an estimate with the memory of this machine.

    Parameters
    ----------
    what : str
        Names the parameters that decide the size, e.g. ``"p = 5000"``.
    numbers : float
        Numbers in double precision that will be held at once.

    Raises
    ------
    ValueError
        If they take more than this machine has.

    Examples
    --------
    >>> refuse_beyond_memory("p = 7", 10**6)
    """
    available = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    if 8 * numbers > available:
        raise ValueError(
            f"{what}: needs about {8 * numbers / 2**30:.3g} GiB, and this machine has {available / 2**30:.3g} GiB"
        )
