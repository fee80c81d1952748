"""When a network will generalize: laws from the literature and our own, each with what it needs to know."""
