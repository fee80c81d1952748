import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import matplotlib.image
import pytest
import sympy as sp

from derivations import deep_steps, orthogonality, paper, regularized_flow, tangent_steps
from derivations import two_layer as eq
from derivations.latex_file import latex_document
from derivations.page import html
from derivations.steps import Check, Line, one_line, run_checks
from derivations.two_layer_steps import steps as two_layer_steps
from derivations.verdicts import JudgedChapter, judge
from reduced.commands import derive
from reduced.console.answer import run
from reduced.flows.sources import sources

ROOT = Path(__file__).resolve().parents[3]
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def test_two_runs_write_identical_files_with_every_verdict(tmp_path, capsys):
    environment = os.environ | {"PYTHONHASHSEED": "7"}
    command = [sys.executable, "-m", "reduced", "derive", "--out", str(tmp_path / "there")]
    with subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL) as other:
        assert derive.main(derive.Options(tmp_path / "here")) == 0
    assert other.returncode == 0
    printed = capsys.readouterr().out
    assert "every step holds" in printed
    for number in range(1, 30):
        assert f"({number})  " in printed
    for name in ("derivations.html", "derivations.tex"):
        assert (tmp_path / "here" / name).read_bytes() == (tmp_path / "there" / name).read_bytes()
    page = (tmp_path / "here" / "derivations.html").read_text(encoding="utf-8")
    assert not re.search(r"https?://|<script|<link|src=", page)
    assert sources().keys() <= {step.title for chapter in paper.chapters() for step in chapter.steps}
    assert page.count("Generated NumPy source") == len(sources())


def test_a_failing_check_makes_the_exit_status_non_zero(tmp_path, capsys, monkeypatch):
    derived = eq.first_layer_flow()
    monkeypatch.setattr(eq, "first_layer_flow", lambda: sp.Rational(101, 100) * derived)
    altered = tuple(step for step in two_layer_steps() if step.label == "(20)")
    monkeypatch.setattr(paper, "chapters", lambda: (paper.Chapter("Two-layer networks", altered),))
    assert derive.main(derive.Options(tmp_path)) == 1
    assert "FAILED: (20)" in capsys.readouterr().out
    assert 'class="failed"' in (tmp_path / "derivations.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("module", "name", "alter", "steps"),
    [
        (deep_steps, "hidden_flow", lambda f: (f[0], sp.Rational(101, 100) * f[1]), deep_steps.steps),
        (deep_steps, "reduced_cost", lambda f: sp.Rational(101, 100) * f, deep_steps.steps),
        (orthogonality, "parabola_constant", lambda f: sp.Rational(101, 100) * f, orthogonality.steps),
        (orthogonality, "parabola_cosine", lambda f: sp.Rational(101, 100) * f, orthogonality.steps),
        (regularized_flow, "line_distance", lambda f: sp.Rational(101, 100) * f, regularized_flow.steps),
        (tangent_steps, "tangent_projector", lambda f: sp.Rational(101, 100) * f, tangent_steps.steps),
    ],
)
def test_an_altered_formula_is_caught(module, name, alter, steps, monkeypatch):
    original = getattr(module, name)
    monkeypatch.setattr(module, name, lambda *arguments: alter(original(*arguments)))
    assert not all(check.passed for step in steps() for check in run_checks(step))


def test_an_unusable_folder_is_one_line(tmp_path, capsys):
    occupied = tmp_path / "file"
    occupied.write_text("")
    assert run(derive.main, derive.Options, ["--out", str(occupied)]) == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.fixture
def small_document():
    """Steps that need every piece of notation, one of them failing."""
    wanted = ("(1)", "(4)", "(20)", "(17)", "(29)")

    def unread(line):
        return Line(line.statement, "a rule in words", (lambda _: Check("by hand", 0.0),))

    found = [s for chapter in paper.chapters() for s in chapter.steps if s.label in wanted]
    steps = [replace(step, lines=tuple(map(unread, step.lines))) for step in found]
    steps.append(
        one_line(
            "(0)", "a statement that fails", sp.Symbol("x") / 3, "nothing", [lambda _: Check("none", 1.0)]
        )
    )
    chapter = paper.Chapter("Some of it", tuple(steps), (("(7)", "an assumption"),))
    return (JudgedChapter(chapter, tuple(map(judge, steps))),), {"first": "unused"}


@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
def test_the_page_shows_typeset_mathematics(small_document, tmp_path):
    """A fraction stands higher than a digit beside it, and the screenshot is neither blank nor a wall of text."""
    measure = (
        "<script>const box = s => document.querySelector(s).getBoundingClientRect().height;"
        "document.title = `ratio ${box('mfrac') / box('mn')}`;</script></body>"
    )
    page = html(*small_document)
    plain, measured, shot = (tmp_path / name for name in ("plain.html", "measured.html", "shot.png"))
    plain.write_text(page, encoding="utf-8")
    measured.write_text(page.replace("</body>", measure), encoding="utf-8")
    common = [
        CHROMIUM,
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        f"--user-data-dir={tmp_path / 'profile'}",
    ]
    dom = subprocess.run(
        [*common, "--dump-dom", measured.as_uri()], check=True, capture_output=True, text=True, timeout=120
    )
    assert float(re.search(r"ratio ([\d.]+)", dom.stdout).group(1)) > 1.6
    subprocess.run(
        [*common, "--window-size=1200,1500", f"--screenshot={shot}", plain.as_uri()],
        check=True,
        capture_output=True,
        timeout=120,
    )
    ink = (matplotlib.image.imread(shot)[..., :3].mean(axis=-1) < 0.6).mean()
    assert 0.005 < ink < 0.2


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="LaTeX is not installed")
def test_the_latex_file_compiles(small_document, tmp_path):
    (tmp_path / "derivations.tex").write_text(latex_document(*small_document), encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "derivations.tex"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, errors="replace", timeout=300)
    assert run.returncode == 0, run.stdout[-1500:]
