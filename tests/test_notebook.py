"""The notebook of the examples runs from its first cell to its last, and shows what it should."""

from pathlib import Path

import nbformat
from nbclient import NotebookClient

NOTEBOOK = Path(__file__).resolve().parent.parent / "examples" / "first_look.ipynb"


def test_the_notebook_runs_and_shows_its_objects():
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    nbformat.validate(notebook)
    root = str(NOTEBOOK.parent.parent)
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": root}}).execute()
    shown = [
        output.data.get("text/html", "")
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if output.output_type == "execute_result"
    ]
    page = "".join(shown)
    for words in ("Dataset", "relative_legendre", "<svg", "xarray.Dataset", "slow time τ = 2λt"):
        assert words in page
    assert any(
        "image/png" in output.get("data", {})
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
    )
