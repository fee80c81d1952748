"""Flows that know what they are: their equation, their time, their data, and how they want to be integrated."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from reduced.display import html_table
from reduced.integration.preference import Preference

State = TypeVar("State")


@dataclass(frozen=True)
class About:
    """What a flow says about itself.

    Parameters
    ----------
    name : str
        Of the function that made it.
    equation : str
        What it computes, in one line.
    time : str
        The time in which it runs.
    prefers : Preference
        How it wants to be integrated.
    facts : mapping of str
        Of the data it is bound to.
    state : tuple of str
        Names of the matrices of its state, identifiers; empty where there is nothing better than y.

    Examples
    --------
    >>> print(About("decay", "dy/dt = −y", "flow time t", Preference("RK45"), {"ridge": "0"}))
    decay (ridge 0), dy/dt = −y in flow time t
    """

    name: str
    equation: str
    time: str
    prefers: Preference
    facts: Mapping[str, str] = field(default_factory=dict)
    state: tuple[str, ...] = ()

    @property
    def named(self) -> dict[str, str]:
        """What trajectories say of their flow."""
        return {"flow": str(self), "time": self.time, "state": " ".join(self.state)}

    def __str__(self) -> str:
        facts = ", ".join(f"{name} {value}" for name, value in self.facts.items())
        return f"{self.name}{f' ({facts})' if facts else ''}, {self.equation} in {self.time}"


class Described:
    """What every flow of this package shares; ``about`` is the one thing that each states for itself."""

    @property
    def about(self) -> About:
        """What this flow is."""
        raise NotImplementedError

    @property
    def prefers(self) -> Preference:
        """How this flow wants to be integrated."""
        return self.about.prefers

    def __repr__(self) -> str:
        return f"<{self.about}; integrates by {self.prefers}>"

    def _repr_html_(self) -> str:
        about = self.about
        rows = {
            "equation": about.equation,
            "time": about.time,
            **about.facts,
            "integrates by": str(about.prefers),
        }
        return html_table(about.name, rows)


class BoundFlow(Described, Generic[State]):
    """A velocity bound to its data: ``flow(time, state) -> velocity``.

    Parameters
    ----------
    velocity : callable
        ``velocity(time, state)``.
    about : About, or callable
        What it is, or what says so when it is asked.
    """

    def __init__(self, velocity: Callable[[float, State], State], about: About | Callable[[], About]) -> None:
        self._velocity, self._about = velocity, about

    @property
    def about(self) -> About:
        """What this flow is."""
        return self._about if isinstance(self._about, About) else self._about()

    def __call__(self, t: float, state: State) -> State:
        """The velocity of a state."""
        return self._velocity(t, state)
