"""The derivations as one LaTeX file, of the same content as the page."""

from collections.abc import Mapping, Sequence

from derivations.contents import anchor, grouped
from derivations.formula import latex_formula
from derivations.matter import Matter, References
from derivations.notation import latex, latex_text
from derivations.verdicts import JudgedChapter, JudgedLine, Verdict, outcome, summary

PREAMBLE = (
    r"\documentclass[10pt]{article}",
    r"\usepackage[T1]{fontenc}\usepackage[a4paper,margin=2cm]{geometry}\usepackage{amsmath,amssymb,graphicx}",
    r"\usepackage{longtable}\usepackage[hidelinks]{hyperref}",
    r"\newcommand{\fit}[1]{\sbox0{$\displaystyle #1$}\ifdim\wd0>.93\linewidth"
    r"\resizebox{.93\linewidth}{!}{\usebox0}\else\usebox0\fi}",
    r"\setcounter{secnumdepth}{0}\setlength{\parindent}{0pt}\sloppy",
)


def latex_document(
    chapters: Sequence[JudgedChapter], sources: Mapping[str, str], matter: Matter | None = None
) -> str:
    """LaTeX file for pdflatex; parameters as in :func:`derivations.page.html`."""
    matter = matter or Matter()
    body = []
    for i, judged in enumerate(chapters):
        body.append(rf"\section{{\texorpdfstring{{{latex_text(judged.chapter.title)}}}{{Chapter {i + 1}}}}}")
        for j, verdict in enumerate(judged.verdicts):
            body.append(_step(anchor(i, j), verdict, sources.get(verdict.step.title), matter))
        body += [
            rf"\paragraph{{{latex_text(label)}}} Not checked: {latex_text(reason)}."
            for label, reason in judged.chapter.remarks
        ]
    introduction = [latex_text(matter.introduction), ""] if matter.introduction else []
    return "\n".join(
        [
            *PREAMBLE,
            rf"\title{{{latex_text(matter.title)}}}\date{{}}",
            r"\begin{document}\maketitle",
            *introduction,
            latex_text(matter.counts or summary(chapters)),
            *_contents(chapters, matter),
            *_notation(matter),
            *body,
            *_ledger(matter),
            r"\end{document}",
            "",
        ]
    )


def _contents(chapters: Sequence[JudgedChapter], matter: Matter) -> list[str]:
    parts = [r"\section*{Contents}"]
    for heading, entries in grouped(chapters, matter).items():
        parts.append(rf"\subsubsection*{{{latex_text(heading)}}}")
        for target, verdict in entries:
            words = latex_text(f"{verdict.step.label} {verdict.step.title}".strip())
            parts.append(rf"\hyperref[{target}]{{{words}}} \dotfill\ \pageref{{{target}}}\par")
    return parts


def _notation(matter: Matter) -> list[str]:
    if not matter.notation:
        return []
    rows = [
        rf"${latex(row.symbol)}$ & {latex_text(row.shape)} & {latex_text(row.meaning)} \\"
        for row in matter.notation
    ]
    return [r"\section{Notation}", r"\begin{longtable}{l l p{11cm}}", *rows, r"\end{longtable}"]


def _ledger(matter: Matter) -> list[str]:
    rows = []
    for statement in matter.ledger:
        why = "; ".join([*statement.steps, *([statement.reason] if statement.reason else [])])
        rows.append(rf"{latex_text(statement.name)} & {statement.outcome} & {latex_text(why)} \\")
    table = [r"\begin{longtable}{l l p{10.5cm}}", *rows, r"\end{longtable}"]
    return [r"\section{The paper, statement by statement}", *table] if rows else []


def _step(target: str, verdict: Verdict, source: str | None, matter: Matter) -> str:
    step = verdict.step
    title = latex_text(f"{step.label} {step.title}".strip())
    parts = [
        rf"\subsection*{{{title}}}\phantomsection\label{{{target}}}",
        rf"\textit{{Assumes: {latex_text(step.assumption)}.}}",
    ]
    numbered = len(verdict.lines) > 1
    parts += [_line(line, f"{i}. " if numbered else "") for i, line in enumerate(verdict.lines, start=1)]
    references = matter.references.get(step.name, References())
    if references.code:
        named = "; ".join(rf"\texttt{{{latex_text(place)}}}" for place in references.code)
        parts.append(rf"\par{{\footnotesize Computed by {named}.}}")
    parts += [rf"\par{{\footnotesize Measured: {latex_text(claim)}.}}" for claim in references.claims]
    if source is not None:
        parts += [r"\begin{small}\begin{verbatim}", source, r"\end{verbatim}\end{small}"]
    return "\n".join(parts)


def _line(judged: JudgedLine, number: str) -> str:
    line = judged.line
    parts = [rf"\par\medskip {latex_text(number + line.rule)}\par"] if number or line.rule else [r"\par"]
    if line.statement is not None:
        parts.append(latex_formula(line.statement))
    items = [f"{'Holds' if check.passed else 'FAILS'}: {outcome(check)}" for check in judged.checks]
    items += [f"Not checked: {line.unchecked}"] if line.unchecked else []
    parts.append(rf"{{\footnotesize {latex_text('. '.join(items))}.\par}}")
    return "\n".join(parts)
