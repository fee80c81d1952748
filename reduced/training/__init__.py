"""Descent on the whole network: the training that the reduced models claim to describe."""
