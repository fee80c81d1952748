"""Whose commit a result names, and which BLAS kernel a checkpoint was computed with."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from reduced.integration import checkpoint, environment
from reduced.integration.checkpoint import Checkpoints
from reduced.runs.experiment import run
from tests.interruption import SMALL, interrupted_at, same


def git(folder, *arguments):
    who = ["-c", "user.name=somebody", "-c", "user.email=somebody@example.org"]
    command = ["git", "-C", str(folder), *who, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def repository(folder, package=".", **files):
    """A repository with a copy of this package in a folder of it; returns that folder."""
    copy = folder / package
    shutil.copytree(Path(environment.__file__).parent, copy / "reduced" / "integration")
    (folder / "setup.cfg").write_text("[metadata]\nname = another-project\n")
    for name, text in files.items():
        (copy / name.replace("_", ".")).write_text(text)
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "somebody's work")
    return copy


OURS = "[metadata]\nname = grokking-reduced\n"


@pytest.mark.parametrize("package", [".", "vendor", ".venv/lib/site-packages"])
def test_a_repository_of_somebody_else_is_not_named(package, tmp_path):
    assert environment.commit(repository(tmp_path, package)) == "unknown"


def test_a_whole_copy_in_a_folder_of_somebody_else_is_not_named(tmp_path):
    assert environment.commit(repository(tmp_path, "vendor", setup_cfg=OURS)) == "unknown"


def test_a_checkout_of_this_project_is_named_and_marked_when_modified(tmp_path, monkeypatch):
    checkout = repository(tmp_path / "ours", setup_cfg=OURS)
    other = repository(tmp_path / "other")
    for variable, value in {"GIT_DIR": other / ".git", "GIT_WORK_TREE": other}.items():
        monkeypatch.setenv(variable, str(value))
    found = environment.commit(checkout)
    monkeypatch.undo()
    assert found == git(checkout, "rev-parse", "HEAD")
    (checkout / "setup.cfg").write_text(f"{OURS}version = 2\n")
    assert environment.commit(checkout) == f"{found}-dirty"


def test_without_git_or_a_repository_the_commit_is_unknown(tmp_path, monkeypatch):
    assert environment.commit(tmp_path) == "unknown"
    monkeypatch.setenv("PATH", str(tmp_path))
    assert environment.commit() == "unknown"


@pytest.mark.parametrize("kernel", ["Haswell", "another"])
def test_a_run_goes_on_under_another_kernel_and_says_so(kernel, tmp_path, monkeypatch):
    path, whole = tmp_path / "checkpoint", run(SMALL)
    monkeypatch.setattr("reduced.integration.snapshot.kernel", lambda: "Haswell")
    interrupted_at(3, path)
    monkeypatch.setattr("reduced.integration.snapshot.kernel", lambda: kernel)
    checkpoints = Checkpoints(path, "options")
    if kernel == "Haswell":
        assert checkpoints.resume()
    else:
        with pytest.warns(
            RuntimeWarning, match="BLAS kernel is Haswell, this run's is another; .*last digits"
        ):
            assert checkpoints.resume()
    same(run(SMALL, checkpoints=checkpoints), whole)


def test_a_checkpoint_that_names_no_kernel_is_read_and_says_so(tmp_path, monkeypatch):
    """Those of earlier versions do not."""
    path, header = tmp_path / "checkpoint", checkpoint.header

    def earlier(configuration):
        return {name: value for name, value in header(configuration).items() if name != "BLAS kernel"}

    with monkeypatch.context() as patch:
        patch.setattr(checkpoint, "header", earlier)
        interrupted_at(3, path)
    with pytest.warns(RuntimeWarning, match="BLAS kernel is not recorded"):
        assert Checkpoints(path, "options").resume()


def test_the_kernel_is_that_of_every_blas_in_the_process(tmp_path):
    """OpenBLAS takes the kernel that its variable names, if the processor has it: the oldest is always there."""
    if "Haswell" not in environment.kernel() and "SkylakeX" not in environment.kernel():
        pytest.skip(f"BLAS has no kernel that can be chosen here: {environment.kernel()}")
    code = "from reduced.integration.environment import kernel; print(kernel())"
    given = os.environ | {"OPENBLAS_CORETYPE": "Haswell"}
    found = subprocess.run(
        [sys.executable, "-c", code], env=given, capture_output=True, text=True, check=True
    )
    assert found.stdout == "Haswell\n"
