"""The derivations as one self-contained HTML page, each line with its rule and its verdict."""

from collections.abc import Mapping, Sequence
from html import escape

from derivations.notation import mathml
from derivations.verdicts import JudgedChapter, JudgedLine, Verdict, outcome, summary

TITLE = "Derivations of the decoupled dynamics"

STYLE = """
body { margin: 0; font: 16px/1.5 Georgia, serif; color: #1c1c1c; display: grid; grid-template-columns: 19rem 1fr; }
nav { position: sticky; top: 0; height: 100vh; overflow-y: auto; box-sizing: border-box; padding: 1.5rem 1rem;
  background: #f4f2ee; font-size: .85rem; }
nav a { color: inherit; text-decoration: none; display: block; padding: .1rem 0; }
nav a.chapter { font-weight: bold; margin-top: .9rem; }
main { padding: 1.5rem 3rem 6rem; max-width: 60rem; min-width: 0; }
section { margin: 0 0 2.2rem; }
h2 { border-bottom: 1px solid #bbb; margin-top: 3rem; }
h3 { margin: 0 0 .3rem; font-size: 1.05rem; }
.label { color: #7a3b00; margin-right: .6rem; }
.line { border-left: 2px solid #ddd; margin: .5rem 0; padding-left: 1rem; }
.rule { font-size: .9rem; }
.number { color: #7a3b00; margin-right: .5rem; }
.statement { overflow-x: auto; overflow-y: hidden; padding: .35rem 0; }
math { font-size: 1.15rem; }
p, ul { margin: .2rem 0; }
ul { list-style: none; padding: 0; font-size: .8rem; color: #444; }
li { display: inline; margin-right: 1.2rem; }
.passed::before { content: "✓ "; color: #1a7f37; } .failed::before { content: "✗ "; color: #b42318; }
.failed { color: #b42318; }
.quoted::before { content: "– "; } .quoted { color: #7a5c00; }
.checks summary { cursor: pointer; } .checks li { display: block; }
.line summary { cursor: pointer; font-size: .8rem; color: #444; } .line details li { display: block; }
@media (max-width: 50rem) { body { display: block; } nav { position: static; height: auto; } main { padding: 1rem; } }
.assumption { color: #555; font-style: italic; }
pre { background: #f4f2ee; padding: .8rem; overflow-x: auto; font-size: .85rem; }
"""


def html(chapters: Sequence[JudgedChapter], sources: Mapping[str, str]) -> str:
    """Self-contained page with a contents column; no script, no network.

    Parameters
    ----------
    chapters : sequence of JudgedChapter
        In reading order.
    sources : mapping
        Title of a step -> the NumPy source generated from it.
    """
    contents, body = [], []
    for i, judged in enumerate(chapters):
        title = escape(judged.chapter.title)
        contents.append(f'<a class="chapter" href="#c{i}">{title}</a>')
        body.append(f'<h2 id="c{i}">{title}</h2>')
        for j, verdict in enumerate(judged.verdicts):
            mark = _mark(verdict.passed, verdict.checked)
            contents.append(f'<a class="{mark}" href="#s{i}-{j}">{escape(_short(verdict.step.name))}</a>')
            body.append(_step(f"s{i}-{j}", verdict, sources.get(verdict.step.title)))
        body += [
            f'<section><h3><span class="label">{escape(label)}</span>Not checked</h3><p>{escape(reason)}.</p></section>'
            for label, reason in judged.chapter.remarks
        ]
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{TITLE}</title>\n<style>{STYLE}</style>'
        f"</head>\n<body><nav>{chr(10).join(contents)}</nav>\n<main><h1>{TITLE}</h1>\n<p>{escape(summary(chapters))}</p>\n"
        f"{chr(10).join(body)}\n</main></body></html>\n"
    )


def _mark(passed: bool, checked: bool) -> str:
    return ("passed" if passed else "failed") if checked else "quoted"


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}…"


def _step(anchor: str, verdict: Verdict, source: str | None) -> str:
    step = verdict.step
    label = f'<span class="label">{escape(step.label)}</span>' if step.label else ""
    parts = [
        f'<section id="{anchor}"><h3>{label}{escape(step.title)}</h3>',
        f'<p class="assumption">Assumes {escape(step.assumption)}.</p>',
    ]
    numbered = len(verdict.lines) > 1
    parts += [_line(line, str(i) if numbered else "") for i, line in enumerate(verdict.lines, start=1)]
    if source is not None:
        parts.append(
            f"<details open><summary>Generated NumPy source</summary><pre>{escape(source)}</pre></details>"
        )
    return "\n".join([*parts, "</section>"])


def _line(judged: JudgedLine, number: str) -> str:
    line = judged.line
    parts = ['<div class="line">']
    if number or line.rule:
        counter = f'<span class="number">{number}</span>' if number else ""
        parts.append(f'<div class="rule">{counter}{escape(line.rule)}</div>')
    if line.statement is not None:
        parts.append(f'<div class="statement"><math display="block">{mathml(line.statement)}</math></div>')
    items = [(_mark(check.passed, True), outcome(check)) for check in judged.checks]
    items += [("quoted", f"not checked: {line.unchecked}")] if line.unchecked else []
    listed = "".join(f'<li class="{mark}">{escape(words)}</li>' for mark, words in items)
    many = len(items) > 2 and judged.passed
    folded = f'<details><summary class="passed">{len(items)} checks</summary><ul>{listed}</ul></details>'
    parts.append(folded if many else f"<ul>{listed}</ul>")
    return "\n".join([*parts, "</div>"])
