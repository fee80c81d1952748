"""Names and folders of results."""

import hashlib
import re
import tempfile
from pathlib import Path

from reduced.runs.formats import configuration
from reduced.runs.options import Experiment, task_of


def run_name(experiment: Experiment, seeds: int) -> str:
    """Folder name of a run: its main options, and a hash of all of them.

    Examples
    --------
    >>> run_name(Experiment(), 1)
    'add-p37-h512-relu-resolved-f6438c'
    """
    digest = hashlib.sha256(f"{configuration(experiment)} x {seeds}".encode()).hexdigest()[:6]
    e = experiment
    loss = "" if e.loss == "squared" else f"-{e.loss}"
    modulus = f"-p{e.p}" if "p" in vars(task_of(e)) else ""
    width = f"h{e.hidden}" if e.templates is None else f"{e.symmetry}-m{e.templates}"
    sigma = re.sub(r"\W+", "-", e.activation).strip("-")[:20]
    return f"{e.task}{modulus}-{width}-{sigma}{loss}-{e.integrator}-{digest}"


def writable_folder(path: Path) -> Path:
    """Make a folder and try to write in it, before anything is computed.

    Raises
    ------
    ValueError
        If it cannot be made or written.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=path).close()
    except OSError as error:
        raise ValueError(f"{path}: cannot be written ({error.strerror}); choose another folder") from None
    return path
