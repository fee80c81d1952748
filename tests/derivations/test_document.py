"""The document as a reader meets it: links that lead somewhere, formulas with left sides, a page that fits."""

import ast
from dataclasses import replace
from pathlib import Path

import pytest
import sympy as sp

import reduced
from derivations import paper
from derivations.latex_file import latex_document
from derivations.page import html
from derivations.paper_matter import PAPER
from derivations.steps import Check
from derivations.verdicts import JudgedChapter, judge
from reduced.claims import all_claims
from reduced.codegen.functions import KERNELS
from reduced.flows.sources import KERNELS_IN_WORDS, sources
from tests.browser import measured, needs_chromium

ROOT = Path(reduced.__file__).parents[1]
CHAPTERS = paper.chapters()
STEPS = {step.name: step for chapter in CHAPTERS for step in chapter.steps}


def unread(step):
    """The step with checks that cost nothing: only its looks are tested here."""

    def line(given):
        passing = tuple(lambda _: Check("exact rationals", 0.0) for _ in given.checks)
        return replace(given, checks=passing)

    return replace(step, lines=tuple(map(line, step.lines)))


@pytest.fixture(scope="module")
def document():
    judged = [JudgedChapter(c, tuple(judge(unread(step)) for step in c.steps)) for c in CHAPTERS]
    return judged, sources(), replace(PAPER, kernels=KERNELS_IN_WORDS, root="../")


@pytest.mark.parametrize("name", PAPER.references)
def test_every_reference_leads_to_a_function_and_to_a_claim(name):
    assert name in STEPS
    for place in PAPER.references[name].code:
        file, function = place.split(": ")
        tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
        assert function in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert set(PAPER.references[name].claims) <= {claim.claim for claim in all_claims()}


def test_every_chapter_answers_a_question_and_no_question_is_asked_of_nothing():
    titles = {chapter.title for chapter in CHAPTERS}
    assert titles <= PAPER.questions.keys()
    assert PAPER.questions.keys() <= titles | STEPS.keys()


def test_no_two_steps_have_one_name():
    assert len(STEPS) == sum(len(chapter.steps) for chapter in CHAPTERS)


def test_every_kernel_is_explained():
    assert set(KERNELS_IN_WORDS) == set(KERNELS)


@pytest.mark.parametrize("name", STEPS)
def test_every_formula_has_a_left_side(name):
    for line in STEPS[name].lines:
        parts = line.statement if isinstance(line.statement, sp.Tuple) else [line.statement]
        assert all(part is None or isinstance(part, sp.core.relational.Relational) for part in parts)


def test_no_markup_is_left_in_titles_rules_and_assumptions(document):
    """Neither Python's names nor TeX's braces; indices and powers are set, arrows drawn."""
    page = html(*document)
    prose = page[page.index("<main>") :]
    for mark in ("^{", "_{", "^(", "-&gt;", "\\"):
        assert mark not in prose.replace("**", "")


OVERFLOW = """
const wide = [...page.querySelectorAll(".row > span, table, pre, p, h3, li, .links")].filter(
  part => part.getBoundingClientRect().right > frame.innerWidth + 0.5);
return {page: page.documentElement.scrollWidth, parts: wide.map(part => part.textContent.slice(0, 80))};"""

# A character without a glyph is drawn as the box that stands for one that no font can have.
MISSING = r"""
const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
const drawn = character => { canvas.clearRect(0, 0, 80, 80); canvas.font = '40px Georgia, "DejaVu Serif", serif';
  canvas.fillText(character, 10, 50); return canvas.getImageData(0, 0, 80, 80).data.join(); };
const missing = drawn("\u{FFFFE}");
const characters = new Set([...page.body.textContent].filter(character => character > "~"));
return {tried: characters.size, missing: [...characters].filter(character => drawn(character) === missing
  && !/[\u2061-\u2064\u0300-\u036f]/.test(character))};"""


@needs_chromium
@pytest.mark.parametrize("width", [400, 1200])
def test_nothing_is_wider_than_the_screen(document, width, tmp_path):
    found = measured(html(*document), width, OVERFLOW, tmp_path)
    assert found == {"page": width, "parts": []}


@needs_chromium
def test_a_formula_that_is_too_wide_is_noticed(document, tmp_path):
    page = html(*document).replace("flex-wrap: wrap;", "")
    found = measured(page, 400, OVERFLOW, tmp_path)
    assert found["page"] > 400
    assert found["parts"]


@needs_chromium
def test_no_glyph_is_missing(document, tmp_path):
    found = measured(html(*document).replace("</main>", "\U000f1234</main>"), 1200, MISSING, tmp_path)
    assert found["tried"] > 50
    assert found["missing"] == ["\U000f1234"]


def test_the_latex_file_holds_every_step(document):
    written = latex_document(*document)
    assert written.count(r"\phantomsection") == sum(len(chapter.steps) for chapter in CHAPTERS)
    assert written.isascii()
