"""The meaning, the unit and the dimensions of what a result holds, and the level that counts as learned."""

from typing import TYPE_CHECKING

from reduced.network.observables import first_crossing

if TYPE_CHECKING:
    import xarray as xr

#: Accuracy that counts as memorized, or as generalized; of numbers, an error of at most 1 less this.
LEVEL = 0.95
UNITS = {
    "tau": ("slow time tau = 2 lambda t", "1"),
    "train_accuracy": ("share of training samples predicted right", "1"),
    "test_accuracy": ("share of test samples predicted right", "1"),
    "train_error": ("squared error of the training samples, as a share of their squared targets", "1"),
    "test_error": ("squared error of the test samples, as a share of their squared targets", "1"),
    "squared_norm_W1": ("squared Frobenius norm of the first layer", "1"),
    "squared_norm_W2": ("squared Frobenius norm of the optimal readout", "1"),
    "residual": (
        "Frobenius norm of the training residual; at ridge 0 it is rounding, or the error of the iteration where "
        "readout_tolerance > 0",
        "1",
    ),
    "speed": ("Frobenius norm of dW1/dtau", "1"),
    "gram_condition": (
        "condition number of the ridge Gram matrix, 1-norm estimate; at the last factorization, some steps back, where "
        "readout_tolerance > 0",
        "1",
    ),
    "loss": ("training loss at the optimal readout, summed over samples", "1"),
    "squared_norm_M": (
        "squared Frobenius norm of the multiplier M = -(gradient of the loss)/(2 lambda)",
        "1",
    ),
    "duality_gap": (
        "duality gap of the optimal readout, as a share of the loss with the readout's decay",
        "1",
    ),
    "readout_tolerance": (
        "relative error to which the readout was iterated, or the root of the duality gap where it was minimized; 0 "
        "where a factorization at every step gave it",
        "1",
    ),
    "real_norm": ("norm of the real part of a Fourier feature", "1"),
    "imag_norm": ("norm of the imaginary part of a Fourier feature", "1"),
    "within": ("|cos| of the angle between real and imaginary part", "1"),
    "between": ("largest cosine between the planes of two frequencies", "1"),
    "overlap": ("cosine between the absolute values of two Fourier features", "1"),
    "train_margin": ("output at the label less the largest other, by training class", "1"),
    "test_margin": ("output at the label less the largest other, by held-out class", "1"),
    "largest_share": ("largest share of one frequency in a template's variance", "1"),
    "leading_frequency": ("frequency that has the largest share", "1"),
}
FREQUENCIES = ("frequency", "other_frequency")
#: Dimension of what a run with a symmetry observes of each of its classes or templates.
BY_CLASS = {
    "train_margin": "train_class",
    "test_margin": "test_class",
    "largest_share": "template",
    "leading_frequency": "template",
}


def learned(result: "xr.Dataset", part: str) -> tuple[str, "xr.DataArray"]:
    """What one run measured on its training or test samples: in words the level, and what reaches LEVEL by then.

    Parameters
    ----------
    result : xarray.Dataset
        A run.
    part : str
        ``"train"`` or ``"test"``.
    """
    if f"{part}_accuracy" in result:
        return f"accuracy {LEVEL}", result[f"{part}_accuracy"]
    return f"error {1 - LEVEL:.2f}", 1 - result[f"{part}_error"]


def learned_at(result: "xr.Dataset", part: str) -> float:
    """Slow time at which one run had learned its training or test samples; NaN if it never had."""
    return first_crossing(result.tau.values, learned(result, part)[1].values, LEVEL)
