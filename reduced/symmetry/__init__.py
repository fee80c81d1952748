"""The frequency-space reduction of modular addition: translation-equivariant networks, trained on whole classes.

Tie the first layer to m templates f_j on the residues, W1[a, (g, j)] = f_j(a + g), and train on all pairs
(s + d, s − d), s = 0 … p − 1, of some difference classes d. Shifting a → a + 1 then permutes the hidden units, the
training pairs and the labels, so the first-layer flow keeps this form. The Gram matrix of p|D| samples falls apart
into p blocks of |D| × |D| under a Fourier transform: an exact reduction (:mod:`derivations.equivariant`).
"""

from reduced.symmetry.both_layers import equivariant_full_flow
from reduced.symmetry.classes import difference_classes, draw_classes
from reduced.symmetry.flow import equivariant_cost, equivariant_flow, equivariant_readout
from reduced.symmetry.several import equivariant_flows
from reduced.symmetry.templates import expand_readout, expand_templates
from reduced.symmetry.zero_loss import equivariant_zero_loss_flow

__all__ = [
    "difference_classes",
    "draw_classes",
    "equivariant_cost",
    "equivariant_flow",
    "equivariant_flows",
    "equivariant_full_flow",
    "equivariant_readout",
    "equivariant_zero_loss_flow",
    "expand_readout",
    "expand_templates",
]
