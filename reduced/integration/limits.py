"""When an integration has gone on for long enough."""

import time
from dataclasses import dataclass

from reduced.inputs.scalars import non_negative, whole

#: Stored states may take this much memory before an integration without ``t_eval`` stops.
STORAGE_LIMIT = 2 * 2**30


@dataclass
class Limits:
    """Caps on one integration.

    Parameters
    ----------
    max_steps, max_seconds : optional
        As in :func:`reduced.integrate`.
    stored_bytes : int
        Memory that each accepted step keeps.

    Raises
    ------
    ValueError
        If a cap is not a number of its kind.
    """

    max_steps: int | None = None
    max_seconds: float | None = None
    stored_bytes: int = 0

    def __post_init__(self) -> None:
        if self.max_steps is not None:
            (self.max_steps,) = whole(0, max_steps=self.max_steps)
        if self.max_seconds is not None:
            (self.max_seconds,) = non_negative(max_seconds=self.max_seconds)
        self.began = time.perf_counter()

    @property
    def seconds(self) -> float:
        """Wall time since the start."""
        return time.perf_counter() - self.began

    def reached(self, steps: int) -> str | None:
        """The cap that so many accepted steps have reached, if there is one."""
        if self.max_steps is not None and steps >= self.max_steps:
            return f"reached max_steps = {self.max_steps}"
        if self.max_seconds is not None and self.seconds >= self.max_seconds:
            return f"reached max_seconds = {self.max_seconds:g}"
        if steps * self.stored_bytes > STORAGE_LIMIT:
            return "the stored states take more than 2 GiB; name the times to store with t_eval"
        return None
