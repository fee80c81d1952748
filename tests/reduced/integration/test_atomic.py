"""A file is whole or absent, and a write that fails says so."""

import os
import stat

import pytest

from reduced.integration.atomic import replacing


def fail(*_):
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize("call", ["open", "fsync", "replace"])
def test_a_write_that_fails_is_heard_and_leaves_the_old_file(call, tmp_path, monkeypatch):
    path = tmp_path / "file"
    path.write_text("old")

    def write():
        with replacing(path) as temporary:
            temporary.write_text("new")
            monkeypatch.setattr(os, call, fail)

    with pytest.raises(OSError, match="No space left"):
        write()
    monkeypatch.undo()
    assert os.listdir(tmp_path) == ["file"]
    assert path.read_text() == "old"


def test_a_name_that_does_not_reach_the_disk_is_heard(tmp_path, monkeypatch):
    fsync = os.fsync

    def only_files(descriptor):
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            fail()
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", only_files)
    with pytest.raises(OSError, match="No space left"), replacing(tmp_path / "file") as temporary:
        temporary.write_text("new")


def test_a_block_that_fails_leaves_the_old_file(tmp_path):
    path = tmp_path / "file"
    path.write_text("old")

    def write():
        with replacing(path) as temporary:
            temporary.write_text("half of the n")
            fail()

    with pytest.raises(OSError, match="No space left"):
        write()
    assert os.listdir(tmp_path) == ["file"]
    assert path.read_text() == "old"


def test_the_data_reach_the_disk_before_the_name_does(tmp_path, monkeypatch):
    calls = []
    for name in ("fsync", "replace"):
        original = getattr(os, name)
        monkeypatch.setattr(
            os, name, lambda *a, name=name, original=original: [calls.append(name), original(*a)]
        )
    with replacing(tmp_path / "file") as temporary:
        temporary.write_text("new")
    assert calls == ["fsync", "replace", "fsync"]
    assert (tmp_path / "file").read_text() == "new"
