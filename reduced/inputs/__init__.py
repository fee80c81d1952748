"""What a caller may pass: arrays, numbers, names, sizes; each refusal names the parameter in one line."""
