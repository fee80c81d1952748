"""Data to learn: everything that gives a training and a test set."""
