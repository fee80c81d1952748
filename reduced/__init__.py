"""The reduced dynamics as numbers: flows, integrators, observables."""

from reduced.errors import IntegrationError, ReadoutError, SingularGramError
from reduced.flows.scaling import rescale, rescaled_time
from reduced.flows.two_layer import first_layer_flow, full_flow, optimal_readout, reduced_cost
from reduced.flows.zero_loss import zero_loss_flow
from reduced.integration.solve import integrate
from reduced.integration.trajectory import Trajectory
from reduced.network.activations import ACTIVATIONS, Activation, get_activation
from reduced.network.dataset import Dataset
from reduced.network.loss import Loss
from reduced.network.losses import LOSSES, get_loss
from reduced.network.measures import accuracy, relative_error
from reduced.network.observables import circularity, first_crossing, fourier_features
from reduced.symmetry import (
    difference_classes,
    draw_classes,
    equivariant_cost,
    equivariant_flow,
    equivariant_flows,
    equivariant_full_flow,
    equivariant_readout,
    equivariant_zero_loss_flow,
    expand_readout,
    expand_templates,
)
from reduced.tasks.modular import modular_addition, modular_operation
from reduced.training.equivariant import equivariant_train
from reduced.training.gradient_descent import train

__all__ = [
    "ACTIVATIONS",
    "LOSSES",
    "Activation",
    "Dataset",
    "IntegrationError",
    "Loss",
    "ReadoutError",
    "SingularGramError",
    "Trajectory",
    "accuracy",
    "circularity",
    "difference_classes",
    "draw_classes",
    "equivariant_cost",
    "equivariant_flow",
    "equivariant_flows",
    "equivariant_full_flow",
    "equivariant_readout",
    "equivariant_train",
    "equivariant_zero_loss_flow",
    "expand_readout",
    "expand_templates",
    "first_crossing",
    "first_layer_flow",
    "fourier_features",
    "full_flow",
    "get_activation",
    "get_loss",
    "integrate",
    "modular_addition",
    "modular_operation",
    "optimal_readout",
    "reduced_cost",
    "relative_error",
    "rescale",
    "rescaled_time",
    "train",
    "zero_loss_flow",
]
