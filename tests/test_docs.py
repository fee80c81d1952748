"""Every block of Python in the README and in docs/ runs, and what they say of the code is so."""

import doctest
import importlib.util
import os
import re
import sys
from pathlib import Path

import pytest
import rooms

from reduced.integration.registry import METHODS
from reduced.tasks.registry import TASKS, task_table

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"```python\n(.*?)```", re.DOTALL)
LINK = re.compile(r"\]\(([^)#:]+)\)")


@pytest.mark.parametrize(
    "page", [page for page in PAGES if BLOCK.search(page.read_text())], ids=lambda page: page.name
)
def test_blocks_run_one_after_another(page, tmp_path, monkeypatch):
    """As a module of its own, so that classes and functions know where they are."""
    path = tmp_path / f"blocks_of_{page.stem.replace('-', '_').lower()}.py"
    path.write_text("\n\n".join(BLOCK.findall(page.read_text())))
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, path.stem, module)
    known = [(registry, set(registry)) for registry in (METHODS, TASKS)]
    try:
        spec.loader.exec_module(module)
    finally:
        for registry, names in known:
            for name in registry.keys() - names:
                del registry[name]


def test_the_readme_prints_what_it_shows():
    found = doctest.testfile(str(ROOT / "README.md"), module_relative=False)
    assert found.attempted >= 8
    assert found.failed == 0


@pytest.mark.parametrize(
    "page", [*PAGES, *ROOT.glob("*.md"), ROOT / "figures/README.md"], ids=lambda page: page.name
)
def test_links_lead_somewhere(page):
    for target in LINK.findall(page.read_text()):
        assert (page.parent / target).exists(), target


def test_files_that_pages_name_are_there():
    for page in (*PAGES, ROOT / "CONTRIBUTING.md"):
        for path in re.findall(
            r"`((?:reduced|derivations|scripts|figures|tests|docs)/[\w/.-]+)[`:]", page.read_text()
        ):
            assert os.path.exists(ROOT / path), f"{page.name}: {path}"


def test_imports_run_downward_as_the_architecture_page_shows():
    graph = rooms.arrows()
    floor = rooms.floors(graph)
    assert all(floor[room] > floor[below] for room, others in graph.items() for below in others)
    assert "derivations" not in {room for room, others in graph.items() if others and room == "derivations"}
    assert rooms.table() in (ROOT / "docs" / "architecture.md").read_text()


def test_the_page_on_data_shows_every_task_with_its_options():
    assert task_table() in (ROOT / "docs" / "your-own-data.md").read_text()


def test_a_circle_of_imports_is_found():
    with pytest.raises(ValueError, match="circle"):
        rooms.floors({"a": {"b"}, "b": {"a"}})
