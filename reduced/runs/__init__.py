"""Experiments: one run, several seeds, sweeps, and their results on disk."""
