"""Templates f (m, p) and readouts ω (m, p) on the residues, and the dense layers that they stand for."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from reduced.inputs.arrays import finite_array, real_array
from reduced.inputs.memory import refuse_beyond_memory

Array = NDArray[np.float64]


def expand_templates(f: Any) -> Array:
    """Dense first layer W1[a, g·m + j] = f[j, (a + g) mod p], of shape (p, m·p).

    Parameters
    ----------
    f : (m, p) array
        One template a row.

    Examples
    --------
    >>> expand_templates([[1, 2, 3]])
    array([[1., 2., 3.],
           [2., 3., 1.],
           [3., 1., 2.]])
    """
    f, shifted = _shifted("f", f)
    return np.asarray(f[:, shifted].transpose(1, 2, 0).reshape(f.shape[1], -1))


def expand_readout(omega: Any) -> Array:
    """Dense readout W2[g·m + j, 2t mod p] = ω[j, (g + t) mod p], of shape (m·p, p).

    Parameters
    ----------
    omega : (m, p) array
        One row a template.

    Examples
    --------
    >>> expand_readout([[1, 2, 3]])  # columns t = 0, 2, 1
    array([[1., 3., 2.],
           [2., 1., 3.],
           [3., 2., 1.]])
    """
    omega, shifted = _shifted("omega", omega)
    m, p = omega.shape
    W2 = np.empty((p, m, p))
    W2[:, :, 2 * np.arange(p) % p] = omega[:, shifted].transpose(1, 0, 2)
    return W2.reshape(-1, p)


def on_residues(name: str, values: Any) -> Array:
    """A finite (m, p) array with an odd number of columns, 3 at least.

    Raises
    ------
    ValueError
        If it is anything else.
    """
    array = finite_array(name, values, "m", "p")
    if array.shape[1] < 3 or array.shape[1] % 2 == 0:
        raise ValueError(
            f"{name} has shape {array.shape}: its columns are residues, an odd number >= 3 of them"
        )
    return array


def _shifted(name: str, values: Any) -> tuple[Array, NDArray[np.int64]]:
    """Templates, and the indices (g + t) mod p."""
    array = real_array(name, values)
    if array.ndim == 2:
        refuse_beyond_memory(f"{name} of shape {array.shape}", 2 * array.size * array.shape[1])
    array = on_residues(name, array)
    p = array.shape[1]
    return array, np.add.outer(np.arange(p), np.arange(p)) % p
