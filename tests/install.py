"""What a person has after ``pip install``: the wheel alone, in a fresh environment outside the checkout.

``make test-install`` runs it. It builds the wheel from the source distribution, runs every subcommand and the README on
it, and the source distribution's own tests; the last line counts what passed.
"""

import os
import re
import shlex
import subprocess
import sys
import tarfile
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from email.parser import Parser
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TINY = "--p 7 --hidden 40 --slow-time 0.2 --step 0.05"
#: Small problems of subcommands: their words, and the files that they leave; of others, the example of their help runs.
SMALL = {
    "simulate": [
        (f"{TINY} --out one", "one/result.nc one/circles.png"),
        (f"{TINY} --ridge 0.1 --out two", "two/result.nc"),
    ],
    "sweep": [("--p 5 --hidden 30 --seed 0 1 --slow-time 0.05 --out swept", "swept/sweep.nc")],
    "compare": [("one/result.nc two/result.nc --out both.png", "both.png")],
    "explore": [
        ("--p 5 --width 1.5 --ridge 0 --end 0.3 --frames 3 --frequencies 2 --out page.html", "page.html")
    ],
    "decouple": [
        (
            "'(a*b-1)**2+lam*(a**2+b**2)' --slow a --fast b --set lam=0.1 --start a=2 --out model",
            "model/derivation.html model/trajectory.csv",
        )
    ],
    "derive": [("--out equations", "equations/derivations.html equations/derivations.tex")],
    "validate": [("--quick --json claims.json", "claims.json")],
}
#: Tests of the source distribution that run from it, without a checkout around it.
OWN_TESTS = [
    "tests/test_docs.py",
    "tests/reduced/commands/test_entry.py",
    "tests/reduced/commands/test_simulate.py",
    "tests/reduced/tasks",
    "tests/reduced/network",
    "tests/derivations/test_two_layer.py",
]
#: Runs that generalize: the words of each, its folder, and the least test accuracy at its end.
GROKKING = [
    ("--data digits.csv --target digit --hidden 200 --slow-time 1 --out digits", "digits", 0.9),
    ("--task divide --p 11 --hidden 128 --train-fraction 0.8 --out division", "division", 0.9),
    ("--task group --group S4 --train-fraction 0.8 --slow-time 2 --out permutations", "permutations", 0.9),
]
#: Writes scikit-learn's digits as a CSV file.
DIGITS = """
import csv, sys
from sklearn.datasets import load_digits
found = load_digits()
with open(sys.argv[1], "w", newline="") as file:
    rows = csv.writer(file)
    rows.writerow([*(f"pixel{i}" for i in range(64)), "digit"])
    rows.writerows([*map(int, x), y] for x, y in zip(found.data[:600], found.target[:600]))
"""
#: Prints the test accuracy at the end of a result, which holds it over slow time.
ACCURACY = """
import sys, xarray as xr
curve = xr.load_dataset(sys.argv[1], engine="h5netcdf").test_accuracy.isel(seed=0)
assert curve.sizes["tau"] > 50, curve
print(float(curve[-1]))
"""
Check = Callable[[], None]


class Installed:
    """A fresh environment with the wheel in it, and an empty folder to work in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.work = folder / "work"
        self.work.mkdir()
        self.bin = folder / "environment" / "bin"
        plain = {
            name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")
        }
        self.environment = plain | {"PATH": f"{self.bin}{os.pathsep}{os.environ['PATH']}"}

    def run(self, *words: str, cwd: Path | None = None) -> str:
        """What a program of the environment prints.

        Raises
        ------
        AssertionError
            With all that it said, if it fails.
        """
        command = [str(self.bin / words[0]), *words[1:]]
        found = subprocess.run(
            command, cwd=cwd or self.work, env=self.environment, capture_output=True, text=True
        )
        said = f"{' '.join(words)}: exit status {found.returncode}\n{found.stdout[-3000:]}\n{found.stderr[-3000:]}"
        assert found.returncode == 0, said
        return found.stdout

    def modules(self) -> set[Path]:
        """Every file of the installation, but what Python compiles."""
        site = next(self.bin.parent.glob("lib/python*/site-packages"))
        found = {path for room in ("reduced", "derivations") for path in (site / room).rglob("*")}
        assert found
        return {path for path in found if "__pycache__" not in path.parts}


def build(folder: Path) -> tuple[Path, Path]:
    """The source distribution, and the wheel that is built from it."""
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    built = subprocess.run(command, capture_output=True, text=True)
    assert built.returncode == 0, built.stdout + built.stderr
    return next(folder.glob("*.tar.gz")), next(folder.glob("*.whl"))


def install(installed: Installed, wheel: Path) -> None:
    """Make the environment and install the wheel with what its tests need."""
    subprocess.run([sys.executable, "-m", "venv", str(installed.bin.parent)], check=True)
    needed = [f"grokking-reduced[explore] @ {wheel.as_uri()}", "pytest", "hypothesis", "scikit-learn"]
    installed.run("pip", "install", "--quiet", "--disable-pip-version-check", *needed)


def the_page_has_no_link_that_leads_nowhere(wheel: Path) -> None:
    """Links of the package's page are absolute; author and addresses are named."""
    with zipfile.ZipFile(wheel) as held:
        metadata = held.read(next(name for name in held.namelist() if name.endswith("METADATA"))).decode()
    page = Parser().parsestr(metadata)
    assert page["Author"]
    assert page.get_all("Project-URL")
    links = re.findall(r"\]\(([^)]+)\)", str(page.get_payload()))
    assert all(link.startswith("https://") for link in links), links


def commands_leave_their_files(installed: Installed, names: list[str]) -> None:
    """Small problems of the subcommands, one after another."""
    for name in names:
        for words, files in SMALL[name]:
            installed.run("grokking-reduced", name, *shlex.split(words))
            missing = [file for file in files.split() if not (installed.work / file).stat().st_size]
            assert not missing, missing


def write_digits(installed: Installed, path: Path) -> None:
    """A CSV file of handwritten digits."""
    installed.run("python", "-c", DIGITS, str(path))


def tasks_generalize(installed: Installed) -> None:
    """Digits from a CSV file, division and permutations: test accuracy over slow time, up to its end."""
    folder = installed.folder / "tasks"
    folder.mkdir()
    write_digits(installed, folder / "digits.csv")
    for words, name, least in GROKKING:
        installed.run("grokking-reduced", "simulate", *words.split(), cwd=folder)
        reached = float(installed.run("python", "-c", ACCURACY, f"{name}/result.nc", cwd=folder))
        assert reached >= least, f"{name}: test accuracy {reached} at the end"


def listed(installed: Installed) -> list[str]:
    """The subcommands that the command lists."""
    rows = installed.run("grokking-reduced", "--help").partition("commands:\n")[2].partition("\n\n")[0]
    return [row.split()[0] for row in rows.splitlines()]


def examples_run(installed: Installed, names: list[str]) -> None:
    """What the help of subcommands gives as an example."""
    folder = installed.folder / "examples"
    folder.mkdir()
    for name in names:
        told = " ".join(installed.run("grokking-reduced", name, "--help").partition("╭")[0].split())
        installed.run(*shlex.split(told.partition("Example: ")[2]), cwd=folder)


def the_readme_is_so(installed: Installed) -> None:
    """Its commands one after another, and its Python part in a fresh interpreter."""
    readme = ROOT / "README.md"
    folder = installed.folder / "readme"
    folder.mkdir()
    write_digits(installed, folder / "digits.csv")
    for line in re.findall(
        "^    (grokking-reduced .*?)(?: +#.*)?$", readme.read_text(encoding="utf-8"), re.M
    ):
        installed.run(*line.split(), cwd=folder)
    installed.run("python", "-m", "doctest", str(readme), cwd=folder)


def a_shell_completes(installed: Installed) -> None:
    """Bash takes the completion script."""
    script = 'eval "$(grokking-reduced --completion bash)" && complete -p grokking-reduced'
    found = subprocess.run(["bash", "-c", script], env=installed.environment, capture_output=True, text=True)
    assert "complete -F" in found.stdout, found.stderr


def the_source_tests_itself(installed: Installed, source: Path) -> None:
    """A quick part of its own tests, where it is unpacked."""
    with tarfile.open(source) as held:
        held.extractall(installed.folder / "source", filter="data")
    unpacked = next((installed.folder / "source").iterdir())
    installed.run("python", "-m", "pytest", "-q", "-x", *OWN_TESTS, cwd=unpacked)


def nothing_was_written(installed: Installed, before: set[Path]) -> None:
    """The installation holds what it held, and the folder what was named."""
    assert installed.modules() == before
    named = {file.split("/")[0] for row in SMALL.values() for _, files in row for file in files.split()}
    stray = {path.name for path in installed.work.iterdir()} - named
    assert not stray, stray


def checks(installed: Installed, source: Path, wheel: Path) -> Iterator[Check]:
    """All that can run side by side; long ones first."""
    known = listed(installed)
    quick = [name for name in SMALL if name in known and name != "validate"]
    yield partial(the_source_tests_itself, installed, source)
    yield partial(commands_leave_their_files, installed, quick)
    yield partial(commands_leave_their_files, installed, ["validate"])
    yield partial(the_readme_is_so, installed)
    yield partial(tasks_generalize, installed)
    yield partial(examples_run, installed, [name for name in known if name not in SMALL])
    yield partial(the_page_has_no_link_that_leads_nowhere, wheel)
    yield partial(a_shell_completes, installed)


def passes(check: partial[None]) -> bool:
    """Run a check and say in one line how it went and how long it took."""
    began = time.perf_counter()
    failure = ""
    try:
        check()
    except (AssertionError, OSError) as error:
        failure = f"\n{error}"
    verdict = "FAILED" if failure else "passed"
    name = check.func.__name__.replace("_", " ")
    print(f"{time.perf_counter() - began:5.0f} s  {name}: {verdict}{failure}", flush=True)
    return not failure


def main() -> int:
    """Build, install, check; returns how many checks failed, at most 1."""
    with tempfile.TemporaryDirectory(prefix="grokking-reduced-") as name:
        installed = Installed(Path(name))
        began = time.perf_counter()
        source, wheel = build(Path(name) / "built")
        install(installed, wheel)
        print(f"{time.perf_counter() - began:5.0f} s  build and install", flush=True)
        before = installed.modules()
        with ThreadPoolExecutor(2) as pool:
            verdicts = list(pool.map(passes, checks(installed, source, wheel)))
        verdicts.append(passes(partial(nothing_was_written, installed, before)))
    failed = verdicts.count(False)
    print(f"{len(verdicts) - failed} passed, {failed} failed")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
