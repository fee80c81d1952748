"""The derivations as one LaTeX file, of the same content as the page."""

from collections.abc import Mapping, Sequence

from derivations.notation import latex, latex_text
from derivations.page import TITLE
from derivations.verdicts import JudgedChapter, JudgedLine, Verdict, outcome, summary

PREAMBLE = (
    r"\documentclass[10pt]{article}",
    r"\usepackage[T1]{fontenc}\usepackage[a4paper,margin=2cm]{geometry}\usepackage{amsmath,amssymb,graphicx}",
    r"\newcommand{\fit}[1]{\sbox0{$\displaystyle #1$}\ifdim\wd0>\linewidth"
    r"\resizebox{\linewidth}{!}{\usebox0}\else\usebox0\fi}",
    r"\setcounter{secnumdepth}{0}\setlength{\parindent}{0pt}\sloppy",
)


def latex_document(chapters: Sequence[JudgedChapter], sources: Mapping[str, str]) -> str:
    """LaTeX file for pdflatex; parameters as in :func:`derivations.page.html`."""
    body = []
    for judged in chapters:
        body.append(rf"\section{{{latex_text(judged.chapter.title)}}}")
        for verdict in judged.verdicts:
            body.append(_step(verdict, sources.get(verdict.step.title)))
        body += [
            rf"\paragraph{{{latex_text(label)}}} Not checked: {latex_text(reason)}."
            for label, reason in judged.chapter.remarks
        ]
    return "\n".join(
        [
            *PREAMBLE,
            rf"\title{{{latex_text(TITLE)}}}\date{{}}",
            r"\begin{document}\maketitle\tableofcontents",
            rf"\bigskip {latex_text(summary(chapters))}",
            *body,
            r"\end{document}",
            "",
        ]
    )


def _step(verdict: Verdict, source: str | None) -> str:
    step = verdict.step
    parts = [
        rf"\subsection{{{latex_text(f'{step.label} {step.title}'.strip())}}}",
        rf"\textit{{Assumes {latex_text(step.assumption)}.}}",
    ]
    numbered = len(verdict.lines) > 1
    parts += [_line(line, f"{i}. " if numbered else "") for i, line in enumerate(verdict.lines, start=1)]
    if source is not None:
        parts += [r"\begin{small}\begin{verbatim}", source, r"\end{verbatim}\end{small}"]
    return "\n".join(parts)


def _line(judged: JudgedLine, number: str) -> str:
    line = judged.line
    parts = [rf"\par\medskip {latex_text(number + line.rule)}"] if number or line.rule else []
    if line.statement is not None:
        parts.append(rf"\[\fit{{{latex(line.statement)}}}\]")
    items = [f"{'Holds' if check.passed else 'FAILS'}: {outcome(check)}" for check in judged.checks]
    items += [f"Not checked: {line.unchecked}"] if line.unchecked else []
    parts.append(rf"{{\footnotesize {latex_text('. '.join(items))}.}}")
    return "\n".join(parts)
