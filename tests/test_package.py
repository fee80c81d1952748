"""What a wheel holds that is built from a source distribution: modules, their data, and that they are typed."""

import importlib.util
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("reduced", "derivations")
METADATA = ("setup.cfg", "setup.py", "pyproject.toml", "MANIFEST.in", "README.md", "LICENSE")


def sources(folder):
    """Every file of the packages, but what Python compiles."""
    found = {path for package in PACKAGES for path in (folder / package).rglob("*") if path.is_file()}
    return {path.relative_to(folder).as_posix() for path in found if "__pycache__" not in path.parts}


def test_a_wheel_holds_every_module(tmp_path):
    checkout, built = tmp_path / "checkout", tmp_path / "built"
    for package in PACKAGES:
        shutil.copytree(ROOT / package, checkout / package, ignore=shutil.ignore_patterns("__pycache__"))
    for name in METADATA:
        shutil.copy(ROOT / name, checkout)
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(built), str(checkout)]
    build = subprocess.run(command, capture_output=True, text=True)
    assert build.returncode == 0, build.stdout + build.stderr
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        held = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert held == sources(ROOT)
    assert {f"{package}/py.typed" for package in PACKAGES} < held


@pytest.fixture(scope="module")
def build_script():
    spec = importlib.util.spec_from_file_location("build_script", ROOT / "setup.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("source", [None, "https://example.org/project"])
def test_links_of_the_package_page_are_absolute(build_script, source):
    readme = (ROOT / "README.md").read_text()
    links = re.findall(r"\]\(([^)]+)\)", build_script.page(readme, source))
    assert links
    assert all(link.startswith("https://") for link in links)
    assert any(link.startswith("https://example.org/project/raw/main/figures/") for link in links) == bool(
        source
    )


def test_without_an_address_a_link_keeps_its_words_and_its_path(build_script):
    assert (
        build_script.page("see [findings](figures/FINDINGS.md)", None)
        == "see findings (`figures/FINDINGS.md`)"
    )
