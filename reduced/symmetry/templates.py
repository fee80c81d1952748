"""Templates f (m, p) and readouts ω (m, p) on the residues, and the dense layers that they stand for."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from reduced.inputs.arrays import finite_array, real_array
from reduced.inputs.memory import refuse_beyond_memory
from reduced.symmetry.classes import Moduli
from reduced.symmetry.group import Group, odd_group

Array = NDArray[np.float64]


def expand_templates(f: Any, p: Moduli | None = None) -> Array:
    """Dense first layer W1[a, g·m + j] = f[j, (a + g) mod p], of shape (p, m·p).

    Parameters
    ----------
    f : (m, p) array
        One template a row.
    p : int or tuple of int, optional
        Moduli of a product of groups, whose elements number the columns; by default one, the number of columns.

    Examples
    --------
    >>> expand_templates([[1, 2, 3]])
    array([[1., 2., 3.],
           [2., 3., 1.],
           [3., 1., 2.]])
    """
    f, group = on_residues("f", f, p, expands=True)
    return np.asarray(f[:, _sums(group)].transpose(1, 2, 0).reshape(f.shape[1], -1))


def expand_readout(omega: Any, p: Moduli | None = None) -> Array:
    """Dense readout W2[g·m + j, 2t mod p] = ω[j, (g + t) mod p], of shape (m·p, p).

    Parameters
    ----------
    omega : (m, p) array
        One row a template.
    p : int or tuple of int, optional
        As in :func:`expand_templates`.

    Examples
    --------
    >>> expand_readout([[1, 2, 3]])  # columns t = 0, 2, 1
    array([[1., 3., 2.],
           [2., 1., 3.],
           [3., 2., 1.]])
    """
    omega, group = on_residues("omega", omega, p, expands=True)
    m, order = omega.shape
    elements = np.arange(order)
    W2 = np.empty((order, m, order))
    W2[:, :, group.sum(elements, elements)] = omega[:, _sums(group)].transpose(1, 0, 2)
    return W2.reshape(-1, order)


def on_residues(
    name: str, values: Any, p: Moduli | None = None, expands: bool = False
) -> tuple[Array, Group]:
    """A finite (m, p) array whose columns are the elements of a group of odd order, and the group.

    Raises
    ------
    ValueError
        If it is anything else, or it, or its expansion, asks for more memory than there is.
    """
    array = real_array(name, values)
    if array.ndim == 2:
        refuse_beyond_memory(
            f"{name} of shape {array.shape}", 2.0 * array.size * (array.shape[1] if expands else 1)
        )
    array = finite_array(name, array, "m", "p")
    columns = array.shape[1]
    if p is None and (columns < 3 or columns % 2 == 0):
        raise ValueError(
            f"{name} has shape {array.shape}: its columns are residues, an odd number >= 3 of them"
        )
    group = odd_group(columns if p is None else p)
    if group.order != columns:
        raise ValueError(f"{name} has shape {array.shape}: must be (m, {group.order}), a column an element")
    return array, group


def _sums(group: Group) -> NDArray[np.int64]:
    elements = np.arange(group.order)
    return group.sum(elements[:, None], elements)
