"""The vector fields, each bound to its problem: ``flow(time, state) -> velocity``."""
