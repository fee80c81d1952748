"""The two-layer network: activations, data, parameters, derived equations, and what is observed of it."""
