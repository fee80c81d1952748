"""What stored runs are told apart by, across versions."""

import hashlib
import json
from dataclasses import dataclass, replace

import numpy as np
import pytest

from reduced.integration.checkpoint import Checkpoints
from reduced.runs import formats
from reduced.runs.experiment import Experiment, run
from reduced.runs.formats import (
    canonical,
    configuration,
    configuration_1,
    experiment_of,
    older_configurations,
)
from reduced.runs.results import dataset, save, stored_experiments
from reduced.runs.seeds import checkpoints_in
from reduced.runs.store import missing, result_path

#: What version 1 wrote into a result file.
OLD = {
    "activation": "relu",
    "hidden": 30,
    "init_factor": 1.0,
    "init_scale": "std",
    "method": "protocol",
    "operation": "add",
    "p": 5,
    "ridge": 0.0,
    "seed": 0,
    "slow_time": 0.02,
    "step": 1e-3,
    "train_fraction": 0.7,
}
SMALL = Experiment(p=5, hidden=30, slow_time=0.02, integrator="paper-euler")


def test_numbers_of_any_kind_are_the_same_run():
    odd = Experiment(
        p=np.uint8(5), hidden=np.int64(30), slow_time=np.float64(2), ridge=0, step=np.float32(0.5)
    )
    assert configuration(odd) == configuration(Experiment(p=5, hidden=30, slow_time=2.0, ridge=0.0, step=0.5))
    assert canonical(Experiment(seed=2**100)) == {"seed": 2**100}


def test_a_new_option_with_a_default_names_no_stored_run_anew(monkeypatch):
    @dataclass(frozen=True)
    class Later(Experiment):
        loss: str = "squared"

    assert configuration(Later(p=5)) == configuration(Experiment(p=5))
    assert configuration(Later(p=5, loss="logistic")) != configuration(Experiment(p=5))


def test_the_older_line_is_what_version_1_wrote():
    assert configuration_1(SMALL) == json.dumps(OLD, sort_keys=True)
    resolved = replace(SMALL, integrator="resolved")
    assert configuration_1(resolved) == json.dumps(OLD | {"method": "flow"}, sort_keys=True)
    assert configuration_1(replace(resolved, step=0.02)) is None


def test_a_run_that_version_1_stored_is_not_run_again(tmp_path):
    old_key = hashlib.sha256(json.dumps(OLD, sort_keys=True).encode()).hexdigest()[:16]
    (tmp_path / "runs").mkdir()
    assert missing(tmp_path, [SMALL]) == [SMALL]
    (tmp_path / "runs" / f"{old_key}.nc").write_bytes(b"")
    assert missing(tmp_path, [SMALL]) == []
    assert result_path(tmp_path, SMALL).name == f"{old_key}.nc"


@pytest.mark.parametrize("method", ["protocol", "flow"])
def test_a_result_of_version_1_is_read(method, tmp_path):
    result = dataset([SMALL], [run(SMALL)])
    del result.attrs["format_version"]
    result.attrs["options"] = json.dumps(OLD | {"method": method, "seeds": 1})
    save(result, tmp_path / "result.nc")
    (read,) = stored_experiments(tmp_path / "result.nc")
    expected = SMALL if method == "protocol" else replace(SMALL, integrator="resolved")
    assert configuration(read) == configuration(expected)


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("operation", ["add", "subtract", "multiply"])
def test_an_operation_of_an_older_version_is_its_task(version, operation):
    given = {"method": "protocol", "p": 5} if version == 1 else {"p": 5}
    read = experiment_of(given | {"operation": operation}, version)
    assert read.task == operation


def test_a_sweep_and_a_checkpoint_of_version_2_are_found(tmp_path):
    """Version 2 wrote the operation where today the task is written."""
    experiment = replace(SMALL, task="subtract")
    written = json.dumps(json.loads(configuration(SMALL)) | {"operation": "subtract"}, sort_keys=True)
    assert older_configurations(experiment)[0] == written
    assert older_configurations(SMALL)[0] == configuration_1(SMALL)
    (tmp_path / "runs").mkdir()
    (tmp_path / "runs" / f"{hashlib.sha256(written.encode()).hexdigest()[:16]}.nc").write_bytes(b"")
    assert missing(tmp_path, [experiment]) == []

    old = Checkpoints(tmp_path / "checkpoint-seed0", written, 1e-9)
    whole = run(experiment, checkpoints=old)
    resumed = checkpoints_in(tmp_path, experiment, None, resume=True)
    assert resumed.resumed is not None
    assert np.array_equal(run(experiment, checkpoints=resumed).y, whole.y)
    with pytest.raises(ValueError, match="its configuration is"):
        checkpoints_in(tmp_path, replace(experiment, task="multiply"), None, resume=True)


def test_a_newer_version_is_refused(tmp_path):
    result = dataset([SMALL], [run(SMALL)])
    result.attrs["format_version"] = formats.VERSION + 1
    save(result, tmp_path / "result.nc")
    with pytest.raises(ValueError, match="not a whole result of this version"):
        stored_experiments(tmp_path / "result.nc")
    with pytest.raises(ValueError, match=f"version {formats.VERSION + 1}"):
        experiment_of({}, formats.VERSION + 1)
