"""Every option of every script refuses what it cannot use: exit status 2, one line, nothing computed or written."""

import dataclasses
import importlib
import typing
from pathlib import Path

import pytest

from reduced.console.answer import run

COUNTS = ("0", "-1")
SIZES = ("0", "-1", "nan", "inf")
#: For each script, the values that each option refuses besides text that is no number.
REFUSED = {
    "attraction": {
        "p": ("1",),
        "share": ("0", "1", "nan"),
        "ratio": SIZES,
        "offsets": SIZES,
        "activations": ("nonsense",),
        "seeds": COUNTS,
        "slow_time": SIZES,
    },
    "benchmark": {"rounds": COUNTS, "p": ("1",), "hidden": COUNTS},
    "class_losses": {
        "p": ("1",),
        "share": ("0", "1", "nan"),
        "ratio": SIZES,
        "losses": ("nonsense",),
        "seeds": COUNTS,
        "slow_time": SIZES,
    },
    "class_share": {
        "moduli": ("1",),
        "ratios": SIZES,
        "shares": ("0", "1", "nan"),
        "seeds": COUNTS,
        "slow_time": SIZES,
    },
    "class_training": {
        "p": ("1",),
        "share": ("0", "1", "nan"),
        "ratio": SIZES,
        "activation": ("nonsense",),
        "weight_decays": SIZES,
        "seed": ("-1",),
        "slow_time": SIZES,
    },
    "conjugate_gradients": {"p": ("1",), "hidden": COUNTS, "seed": ("-1",)},
    "controls": {"networks": COUNTS, "slow_time": SIZES, "norm": SIZES, "seeds": COUNTS},
    "counterfactual": {"p": ("1",), "hidden": COUNTS, "slow_time": SIZES, "step": SIZES, "seeds": COUNTS},
    "cross_entropy": {
        "p": ("1",),
        "hidden": COUNTS,
        "train_fraction": ("0", "1", "nan"),
        "ridge": SIZES,
        "slow_time": SIZES,
        "seeds": COUNTS,
        "level": ("0", "1", "nan"),
        "small": ("1",),
    },
    "derive": {},
    "figure_1": {"ridges": SIZES, "step": SIZES, "steps": COUNTS},
    "figure_2": {"ridge": SIZES, "step": SIZES, "steps": COUNTS},
    "figure_3": {"ridge": SIZES, "step": SIZES, "steps": COUNTS},
    "figure_4": {"foot": ("nan", "inf"), "distances": SIZES},
    "figure_5_7": {"p": ("1",), "hidden": COUNTS, "steps": COUNTS, "every": COUNTS, "networks": COUNTS},
    "frequency_growth": {"moduli": ("1",)},
    "generalization_times": {"p": ("1",), "hidden": COUNTS, "slow_time": SIZES, "seeds": COUNTS},
    "growth": {"moduli": ("1",), "slow_time": SIZES},
    "initial_scale": {
        "p": ("1",),
        "hidden": COUNTS,
        "scales": SIZES,
        "train_fraction": ("0", "1", "nan"),
        "seed": ("-1",),
        "step": SIZES,
    },
    "ladder": {"p": ("1",), "hidden": COUNTS, "slow_time": SIZES, "activations": ("nonsense",)},
    "make_figures": {"only": ("nonsense",)},
    "memorization": {"p": ("1",), "hidden": COUNTS, "steps": COUNTS, "seeds": COUNTS},
    "optimizers": {"p": ("1",), "hidden": COUNTS, "steps": COUNTS, "every": COUNTS, "seeds": COUNTS},
    "paper_size": {"ridges": SIZES, "slow_time": SIZES, "step": SIZES},
    "phase_diagrams": {},
    "predictors": {"minutes": SIZES},
    "rooms": {},
    "simulate": {
        "p": ("1",),
        "hidden": COUNTS,
        "train_fraction": ("0", "1", "nan"),
        "activation": ("nonsense", "z/0", "z + __import__('os')", "z.real*2", "open(z)", "1/z", "2 + 3"),
        "ridge": ("-1", "nan", "inf"),
        "integrator": ("nonsense",),
        "step": SIZES,
        "slow_time": SIZES,
        "seed": ("-1",),
        "seeds": COUNTS,
        "init_scale": ("nonsense",),
        "init_factor": SIZES,
        "task": ("nonsense",),
        "bits": COUNTS,
        "secret": COUNTS,
        "samples": COUNTS,
        "inputs": COUNTS,
        "classes": ("1",),
        "standardize": ("nonsense",),
        "formula": ("a/b", "a + __import__('os')", "a.real", "a(b)"),
        "group": ("S1", "nonsense", "missing.csv"),
        "data": ("missing.csv",),
        "target": ("missing",),
        "target_kind": ("nonsense",),
        "test_file": ("missing.csv",),
        "symmetry": ("nonsense",),
        "templates": COUNTS,
        "checkpoint_every": ("0", "-1", "nan"),
        "from": ("nonsense",),
    },
    "small_training": {"p": ("1",), "hidden": COUNTS, "steps": COUNTS, "networks": COUNTS},
    "step_sizes": {"slow_time": SIZES, "step": SIZES, "tolerance": SIZES, "max_steps": COUNTS},
    "sweep": {
        "activation": ("nonsense", "z + __import__('os')"),
        "integrator": ("nonsense",),
        "init_scale": ("nonsense",),
        "task": ("nonsense",),
    },
    "theorems": {"p": ("1",), "hidden": COUNTS, "seeds": COUNTS, "activations": ("nonsense",)},
    "validate": {},
    "winning_frequencies": {
        "p": ("1",),
        "share": ("0", "1", "nan"),
        "ratio": SIZES,
        "seeds": COUNTS,
        "slow_time": SIZES,
    },
    "work_precision": {"max_seconds": ("0", "-1", "nan")},
}
ROWS = [
    (script, name, bad) for script, row in REFUSED.items() for name, values in row.items() for bad in values
]


def refused(script, name, bad, folder, capsys):
    """Standard error of a script given one option, its output going to a folder of the test."""
    module = importlib.import_module(script)
    declared = {field.name: field.default for field in dataclasses.fields(module.Options)}
    draws = getattr(declared.get("out"), "suffix", "") == ".png"
    flags = {"out": folder / ("figure.png" if draws else "out"), "json": folder / "table.json"}
    taken = declared.keys() & flags.keys() - {name}
    where = [part for flag in sorted(taken) for part in (f"--{flag}", str(flags[flag]))]
    status = run(module.main, module.Options, [*where, f"--{name.replace('_', '-')}", bad])
    error = capsys.readouterr().err
    assert status == 2, error
    assert error.count("\n") == 1, error
    assert not any(path.suffix for path in folder.rglob("*"))
    return error


@pytest.mark.parametrize(("script", "name", "bad"), ROWS)
def test_a_value_out_of_range_is_one_line(script, name, bad, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    error = refused(script, name, bad, tmp_path, capsys)
    assert name.replace("_", "") in error.replace("_", "").replace("-", "") or bad in error


@pytest.mark.parametrize("script", REFUSED)
def test_text_where_a_number_belongs_is_one_line(script, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for name, kind in typing.get_type_hints(importlib.import_module(script).Options).items():
        if kind in (int, float, tuple[int, ...], tuple[float, ...]):
            assert "'x'" in refused(script, name, "x", tmp_path, capsys)


@pytest.mark.parametrize("script", REFUSED)
def test_an_output_that_cannot_be_written_is_one_line(script, tmp_path, monkeypatch, capsys):
    """The kernel's own folder takes no new file, not even from root."""
    monkeypatch.chdir(tmp_path)
    for name in {"out", "json"} & {
        field.name for field in dataclasses.fields(importlib.import_module(script).Options)
    }:
        refused(script, name, "/proc/self/out/file.png", tmp_path, capsys)


def test_every_script_is_in_the_table():
    scripts = Path(importlib.import_module("simulate").__file__).parent.glob("[a-z]*.py")
    assert {path.stem for path in scripts} == set(REFUSED)
