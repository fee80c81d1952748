"""The derivations as one self-contained HTML page, each line with its rule and its verdict."""

import re
from collections.abc import Mapping, Sequence
from html import escape

from derivations.contents import anchor, anchors, grouped
from derivations.formula import formula
from derivations.matter import Matter, References
from derivations.notation import mathml
from derivations.page_style import STYLE
from derivations.typeset import html_text, plain_text
from derivations.verdicts import JudgedChapter, JudgedLine, Verdict, outcome, summary


def html(chapters: Sequence[JudgedChapter], sources: Mapping[str, str], matter: Matter | None = None) -> str:
    """Self-contained page with a contents column; no script, no network.

    Parameters
    ----------
    chapters : sequence of JudgedChapter
        In reading order.
    sources : mapping
        Title of a step -> the NumPy source generated from it.
    matter : Matter, optional
        Title, notation, questions and links; plain by default.
    """
    matter = matter or Matter()
    body = []
    for i, judged in enumerate(chapters):
        body.append(f'<h2 id="c{i}">{html_text(judged.chapter.title)}</h2>')
        for j, verdict in enumerate(judged.verdicts):
            body.append(_step(anchor(i, j), verdict, sources.get(verdict.step.title), matter))
        body += [
            f'<section><h3><span class="label">{html_text(label)}</span>Not checked</h3>'
            f'<p class="quoted">{html_text(reason)}.</p></section>'
            for label, reason in judged.chapter.remarks
        ]
    opening = [f"<h1>{html_text(matter.title)}</h1>"]
    opening += [f"<p>{html_text(matter.introduction)}</p>"] if matter.introduction else []
    opening += [f"<p>{html_text(matter.counts or summary(chapters))}</p>", *_notation(matter)]
    return "\n".join(
        [
            '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(plain_text(matter.title))}</title>\n<style>{STYLE}</style></head>",
            f"<body><nav>{_contents(chapters, matter)}</nav>\n<main>",
            *opening,
            *body,
            *_ledger(chapters, matter),
            "</main></body></html>\n",
        ]
    )


def _contents(chapters: Sequence[JudgedChapter], matter: Matter) -> str:
    parts = []
    for heading, entries in grouped(chapters, matter).items():
        parts.append(f"<strong>{html_text(heading)}</strong>")
        for target, verdict in entries:
            mark = _mark(verdict.passed, verdict.checked)
            words = f"{verdict.step.label} {_short(verdict.step.title)}".strip()
            parts.append(f'<a class="{mark}" href="#{target}">{html_text(words)}</a>')
    if matter.ledger:
        parts.append('<a href="#ledger">The paper, statement by statement</a>')
    return "\n".join(parts)


def _notation(matter: Matter) -> list[str]:
    if not matter.notation:
        return []
    rows = [
        f"<tr><td><math>{mathml(row.symbol)}</math></td><td>{html_text(row.shape)}</td>"
        f"<td>{html_text(row.meaning)}</td></tr>"
        for row in matter.notation
    ]
    head = "<tr><th>symbol</th><th>shape</th><th>meaning</th></tr>"
    return ['<h2 id="notation">Notation</h2>', f"<table>{head}", *rows, "</table>"]


def _ledger(chapters: Sequence[JudgedChapter], matter: Matter) -> list[str]:
    if not matter.ledger:
        return []
    places, rows = anchors(chapters), []
    for statement in matter.ledger:
        steps = (
            f'<a href="#{places[name]}">{html_text(name)}</a>' for name in statement.steps if name in places
        )
        why = "; ".join([*steps, *([html_text(statement.reason)] if statement.reason else [])])
        rows.append(
            f"<tr><td>{html_text(statement.name)}</td><td>{statement.outcome}</td><td>{why}</td></tr>"
        )
    head = "<tr><th>statement</th><th>verdict</th><th>by what, or why not</th></tr>"
    title = '<h2 id="ledger">The paper, statement by statement</h2>'
    return [title, f'<table class="ledger">{head}', *rows, "</table>"]


def _mark(passed: bool, checked: bool) -> str:
    return ("passed" if passed else "failed") if checked else "quoted"


def _short(text: str) -> str:
    return text if len(text) <= 70 else f"{text[:67].rsplit(' ', 1)[0]} …"


def _step(target: str, verdict: Verdict, source: str | None, matter: Matter) -> str:
    step = verdict.step
    label = f'<span class="label">{html_text(step.label)}</span>' if step.label else ""
    parts = [
        f'<section id="{target}"><h3>{label}{html_text(step.title)}</h3>',
        f'<p class="assumes">Assumes: {html_text(step.assumption)}.</p>',
    ]
    last = len(verdict.lines)
    for i, line in enumerate(verdict.lines, start=1):
        parts.append(_line(line, str(i) if last > 1 else "", i == last))
    parts += _links(matter.references.get(step.name, References()), matter.root)
    return "\n".join([*parts, *(_source(source, matter) if source is not None else ()), "</section>"])


def _links(references: References, root: str) -> list[str]:
    """Files and functions that compute a result, and the claims that measure it."""
    found = []
    for place in references.code:
        file, _, name = place.partition(": ")
        words = f"<code>{escape(file)}</code>: <code>{escape(name)}</code>"
        found.append(f'<a href="{escape(root + file)}">{words}</a>' if root else words)
    parts = [f"Computed by {'; '.join(found)}."] if found else []
    parts += [f"Measured: {html_text(claim)}." for claim in references.claims]
    return [f'<p class="links">{" ".join(parts)}</p>'] if parts else []


def _source(source: str, matter: Matter) -> list[str]:
    called = [name for name in matter.kernels if re.search(rf"\b{name}\(", source)]
    explained = "".join(f"<dt>{name}</dt><dd>{html_text(matter.kernels[name])}</dd>" for name in called)
    kernels = f"<p>It calls:</p><dl>{explained}</dl>" if called else ""
    return [
        f"<details><summary>Generated NumPy source</summary>{kernels}<pre>{escape(source)}</pre></details>"
    ]


def _line(judged: JudgedLine, number: str, result: bool) -> str:
    line = judged.line
    parts = [f'<div class="line{" result" if result else ""}">']
    if number or line.rule:
        counter = f'<span class="number">{number}</span>' if number else ""
        parts.append(f'<div class="rule">{counter}{html_text(line.rule)}</div>')
    if line.statement is not None:
        parts.append(formula(line.statement))
    items = [(_mark(check.passed, True), outcome(check)) for check in judged.checks]
    items += [("quoted", f"not checked: {line.unchecked}")] if line.unchecked else []
    listed = "".join(f'<li class="{mark}">{html_text(words)}</li>' for mark, words in items)
    many = len(items) > 1 and judged.passed
    folded = f'<details><summary class="passed">{len(items)} checks</summary><ul>{listed}</ul></details>'
    parts.append(folded if many else f"<ul>{listed}</ul>")
    return "\n".join([*parts, "</div>"])
