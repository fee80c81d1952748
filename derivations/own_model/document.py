"""The chain of a loss of one's own as a document: judged line by line, as HTML, LaTeX, and in a notebook."""

from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import Any

import sympy as sp

from derivations.chapter import Chapter
from derivations.decoupled import Decoupled
from derivations.latex_file import latex_document
from derivations.matter import Matter
from derivations.own_model import first_integrals, fixed_points, minimum_steps, motion_steps, origin
from derivations.own_model.names import Names, assumption, spelled
from derivations.page import html
from derivations.steps import Line, Step
from derivations.verdicts import JudgedChapter, judge
from derivations.zero_loss_limit import ZeroLossRegime


@dataclass(frozen=True)
class Document:
    """The derivation of a decoupled loss, chapter by chapter.

    Parameters
    ----------
    chapters : tuple of Chapter
        Chains of lines; each line carries the checks that decide it, or says why it has none.
    title, introduction : str
        What the document begins with.
    """

    chapters: tuple[Chapter, ...]
    title: str = "Derivation of a decoupled loss"
    introduction: str = ""

    @cached_property
    def judged(self) -> tuple[JudgedChapter, ...]:
        """Every line with the outcome of its checks; run once."""
        return tuple(JudgedChapter(c, tuple(map(judge, c.steps))) for c in self.chapters)

    @property
    def failures(self) -> tuple[str, ...]:
        """Names of the lines that fail; empty where every line that can be decided holds."""
        return tuple(name for c in self.judged for verdict in c.verdicts for name in verdict.failures)

    @property
    def summary(self) -> str:
        """How many lines hold, by how many checks, and how many are stated without one."""
        lines = [line for c in self.judged for verdict in c.verdicts for line in verdict.lines]
        decided = [line for line in lines if line.checks]
        return (
            f"{sum(line.passed for line in decided)} of {len(decided)} lines hold, decided by "
            f"{sum(len(line.checks) for line in decided)} checks; {len(lines) - len(decided)} are stated, with the "
            "reason why nothing decides them"
        )

    @property
    def _matter(self) -> Matter:
        return Matter(title=self.title, introduction=self.introduction, counts=f"{self.summary}.")

    def html(self) -> str:
        """Self-contained page; no script, no network."""
        return html(self.judged, {}, self._matter)

    def latex(self) -> str:
        """LaTeX file for pdflatex."""
        return latex_document(self.judged, {}, self._matter)

    def _repr_html_(self) -> str:
        """The page in a frame of its own, for a notebook."""
        return (
            f'<iframe srcdoc="{escape(self.html())}" style="width: 100%; height: 40rem; border: 0"></iframe>'
        )


def document(model: Decoupled, weight_decay: Any = None) -> Document:
    """Write down the derivation of a decoupled loss, from the loss to its fixed points.

    Parameters
    ----------
    model : Decoupled
    weight_decay : symbol, optional
        Whose zero-loss limit is wanted; by default the one symbol that multiplies squares of the parameters, if
        there is one.
    """
    decay = weight_decay if weight_decay is not None else _weight_decay(model)
    chapters = [
        Chapter("The fast optimum", minimum_steps.steps(model)),
        Chapter("The motion of the slow parameters", (*motion_steps.steps(model), *_at_rest(model))),
    ]
    if decay is not None:
        chapters.append(Chapter("Vanishing weight decay", _limit(model, decay)))
    slow, fast = (", ".join(map(spelled, symbols)) for symbols in (model.slow, model.fast))
    introduction = (
        f"The fast parameters ({fast}) are held at their optimum; the slow ones ({slow}) descend the rest."
    )
    return Document(tuple(chapters), introduction=introduction)


def _weight_decay(model: Decoupled) -> Any:
    """The one symbol whose factor in the loss is a sum of squares of the parameters."""
    parameters = (*model.slow, *model.fast)
    found = []
    for symbol in model.loss.free_symbols - set(parameters):
        factor = sp.expand(sp.diff(model.loss, symbol))
        known = factor.is_polynomial(*parameters) and not factor.has(symbol)
        squares = {s**2 for s in parameters}
        if known and all(term.as_coeff_Mul()[1] in squares for term in sp.Add.make_args(factor)):
            found.append(symbol)
    return found[0] if len(found) == 1 else None


def _at_rest(model: Decoupled) -> tuple[Step, ...]:
    """Fixed points and what is kept, where the flow is a closed form."""
    if model.implicit:
        return origin.steps(model)
    symbols = model.loss.free_symbols - set(model.fast)
    return (
        *fixed_points.steps(
            model, model.flow, model.time, "Fixed points and their rates", symbols - set(model.slow)
        ),
        *first_integrals.steps(model, model.flow, model.time, symbols),
    )


def _limit(model: Decoupled, decay: Any) -> tuple[Step, ...]:
    try:
        limit: ZeroLossRegime = model.limit(decay)
    except ValueError as error:
        name = sp.Limit(Names.of(model).cost / decay, decay, 0)
        line = Line(name, "no zero-loss regime", unchecked=str(error))
        return (Step("", "Zero-loss limit", (line,), assumption(model)),)
    symbols = model.loss.free_symbols - {*model.fast, decay}
    title = "Fixed points on the zero-loss set and their rates"
    return (
        *motion_steps.limit_steps(model, limit, decay),
        *fixed_points.steps(model, limit.flow, limit.time, title, symbols - set(model.slow)),
        *first_integrals.steps(model, limit.flow, limit.time, symbols),
    )
