"""Experiments about the theory; not the library, and nothing of it imports them."""
