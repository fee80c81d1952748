"""Figures are files: whatever backend the environment names, a script or a command answers as it would without."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = sorted((ROOT / "scripts").glob("*.py"))
ENTRY = "import sys; from reduced.console.entry import main; sys.exit(main())"


def imported_first(source):
    """The modules that a file imports, in order, but those of Python itself."""
    for node in ast.parse(source).body:
        names = [node.module] if isinstance(node, ast.ImportFrom) else []
        names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        yield from (name for name in names if name.partition(".")[0] not in sys.stdlib_module_names)


@pytest.mark.parametrize(
    "words",
    [
        ["scripts/figure_2.py"],
        ["scripts/figure_5_7.py"],
        ["scripts/predictors.py"],
        ["scripts/work_precision.py"],
        ["scripts/make_figures.py"],
        ["-c", ENTRY, "compare"],
    ],
    ids=lambda words: words[-1],
)
def test_an_unknown_backend_is_not_asked_for(words):
    given = os.environ | {"PYTHONPATH": str(ROOT), "MPLBACKEND": "nonsense"}
    command = [sys.executable, *words, "--nothing"]
    found = subprocess.run(command, env=given, cwd=ROOT, capture_output=True, text=True)
    assert found.returncode == 2, found.stderr
    assert found.stderr.count("\n") == 1
    assert "no option --nothing" in found.stderr


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_no_script_imports_matplotlib_before_the_backend_is_set(script):
    modules = list(imported_first(script.read_text(encoding="utf-8")))
    setting = [i for i, name in enumerate(modules) if name in ("_cli", "_pyplot", "reduced.console.answer")]
    drawing = [i for i, name in enumerate(modules) if name.startswith(("matplotlib", "reduced.plots"))]
    assert not drawing or min(setting, default=len(modules)) < min(drawing)
