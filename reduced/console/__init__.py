"""Command lines: options from documented dataclasses, mistakes answered in one line, streams that last."""
