"""The inner optimum: the second layer that is best for a given first one."""
