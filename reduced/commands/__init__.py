"""Subcommands of ``grokking-reduced``: one module each, found by being here.

The first line of a module is what the list of commands says; ``Options`` is a documented dataclass of its options, and
``main(options)`` does it and returns the exit status. What is slow to import is imported within ``main``.
"""
