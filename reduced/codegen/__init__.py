"""From a SymPy expression to NumPy source that a person can read, and the kernels that it calls."""
