"""The chain from a loss of one's own to its reduced flow and fixed points, each line decided by machine."""
