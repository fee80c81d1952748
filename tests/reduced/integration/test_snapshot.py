"""Which files a run goes on from, and how the others are refused."""

import json
import pickle

import numpy as np
import pytest

from reduced import integrate
from reduced.integration.checkpoint import Checkpoints
from reduced.integration.snapshot import CheckpointError
from tests.interruption import interrupted_at, resumed


@pytest.fixture
def saved(tmp_path):
    interrupted_at(3, tmp_path / "checkpoint")
    return tmp_path / "checkpoint"


def with_header(**changes):
    def damage(path):
        line, _, content = path.read_bytes().partition(b"\n")
        path.write_bytes(json.dumps(json.loads(line) | changes).encode() + b"\n" + content)

    return damage


def flipped(share):
    """Flip one bit, at this share of the file's length."""

    def damage(path):
        content = bytearray(path.read_bytes())
        content[int(share * len(content))] ^= 1
        path.write_bytes(content)

    return damage


def kept(share):
    def damage(path):
        path.write_bytes(path.read_bytes()[: int(share * path.stat().st_size)])

    return damage


def replaced_by(content):
    return lambda path: path.write_bytes(content)


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (replaced_by(b""), "not a checkpoint"),
        (replaced_by(pickle.dumps({"an": "object"})), "not a checkpoint"),
        (replaced_by(b"CDF\x01 of another program"), "not a checkpoint"),
        (replaced_by(b"[1, 2]\n"), "not a checkpoint"),
        (kept(0.02), "not a checkpoint"),
        (kept(0.5), "does not match its checksum"),
        (kept(0.999), "does not match its checksum"),
        (with_header(format="grokking-reduced checkpoint 0"), "its format is grokking-reduced checkpoint 0"),
        *[
            (with_header(**{f"{name} version": "0.0"}), f"its {name} version is 0.0, this run's is")
            for name in ("grokking-reduced", "numpy", "scipy")
        ],
        (with_header(checksum="0" * 64), "does not match its checksum"),
        *[(flipped(share), "does not match its checksum") for share in np.linspace(0.15, 0.999, 10)],
    ],
)
def test_a_file_that_cannot_be_trusted_is_refused_by_name(damage, message, saved):
    damage(saved)
    with pytest.raises(CheckpointError, match=message) as refused:
        resumed(saved)
    assert str(saved) in str(refused.value)
    assert "delete it" in str(refused.value)


def test_a_checkpoint_of_another_run_is_refused(saved):
    with pytest.raises(CheckpointError, match=r"its configuration is .*, this run's is .*started with"):
        Checkpoints(saved, "other options").resume()


@pytest.mark.parametrize("every", [0.0, -1.0, float("nan")])
def test_an_interval_must_be_positive(every, tmp_path):
    with pytest.raises(ValueError, match="must be a positive number"):
        Checkpoints(tmp_path / "checkpoint", "options", every=every)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"method": "Radau"},
            "only euler, relative_euler, relative_legendre, RK23, RK45, DOP853 can be saved and continued",
        ),
        ({"t_eval": None}, "stores its end alone"),
        ({"t_eval": [0.5, 1.0]}, "stores its end alone"),
    ],
)
def test_what_cannot_be_continued_is_refused(change, message, tmp_path):
    arguments = {"method": "RK45", "t_eval": [1.0], **change}
    with pytest.raises(ValueError, match=message):
        integrate(
            lambda t, y: -y, [1.0], (0, 1), checkpoints=Checkpoints(tmp_path / "c.npz", ""), **arguments
        )


def test_a_state_of_another_size_is_refused(saved):
    checkpoints = Checkpoints(saved, "options")
    checkpoints.resume()
    with pytest.raises(ValueError, match=r"a state of 280 numbers at t = 0.02 does not fit"):
        integrate(
            lambda t, y: -y, [1.0], (0, 1), method="euler", step=0.1, t_eval=[1.0], checkpoints=checkpoints
        )
