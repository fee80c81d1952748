"""What a wheel holds that is built from a source distribution: every module, and the word that they are typed."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("reduced", "derivations")
METADATA = ("setup.cfg", "pyproject.toml", "README.md", "LICENSE")


def sources(folder):
    return {
        path.relative_to(folder).as_posix()
        for package in PACKAGES
        for pattern in ("*.py", "py.typed")
        for path in (folder / package).rglob(pattern)
    }


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
