"""Closed-form solutions as functions of time and start, generated from :mod:`derivations.exact`."""

from reduced.solutions.balanced import balanced_network
from reduced.solutions.kummer import product_full
from reduced.solutions.linear_network import gram_mode, gram_trace, isotropic_gram, one_output_gram, whitened
from reduced.solutions.neurons import one_neuron, orthogonal_samples, relu_neurons, winner_takes_all
from reduced.solutions.parabola import gradient_cosine, parabola_point, parabola_projection
from reduced.solutions.product import product_cross, product_first_layer, product_two_rates, product_zero_loss
from reduced.solutions.regression import (
    leaky_weights,
    linear_regression,
    two_weights,
    two_weights_descent,
    two_weights_losses,
)

__all__ = [
    "balanced_network",
    "gradient_cosine",
    "gram_mode",
    "gram_trace",
    "isotropic_gram",
    "leaky_weights",
    "linear_regression",
    "one_neuron",
    "one_output_gram",
    "orthogonal_samples",
    "parabola_point",
    "parabola_projection",
    "product_cross",
    "product_first_layer",
    "product_full",
    "product_two_rates",
    "product_zero_loss",
    "relu_neurons",
    "two_weights",
    "two_weights_descent",
    "two_weights_losses",
    "whitened",
    "winner_takes_all",
]
