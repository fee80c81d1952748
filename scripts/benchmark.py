"""Time the first-layer field against its peers, the paper's whole run, many small systems, and start-up."""

import json
import os
import platform
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np
from _cli import run
from _contestants import PEERS
from _convex_race import accuracy_along, readouts
from _convex_race import whole_run as cross_entropy_run
from _race import euler_run, race, resolved_run
from _ranges import OutPath
from _whole import small_networks, small_systems, start_up

from reduced.inputs.ranges import Count, Modulus
from reduced.integration.integrators import INTEGRATORS
from reduced.runs.experiment import Experiment

#: Ratio of medians with the generated field, and what is asked of it.
TARGETS = {
    "bare BLAS and LAPACK calls": ("generated / peer", 1.25),
    "printed formula, PyTorch": ("peer / generated", 4.0),
    "autograd of the cost, PyTorch": ("peer / generated", 3.0),
}
#: How much faster than the printed formula's Euler steps the flow is to be resolved.
RESOLVED = 15.0
#: The run of cross-entropy; the longest that it is to take in seconds, and how much faster than L-BFGS.
RIDGE, END, LONGEST, FASTER = 1e-3, 4.0, 120.0, 10.0
#: Shares by which a step moves W1: the flow's own, and one and a half times that.
SHARES = (INTEGRATORS["resolved"].step, 1.5 * INTEGRATORS["resolved"].step)


@dataclass(frozen=True)
class Options:
    """Print medians, quartiles and ratios; every contestant must first agree with the field to 1e-8."""

    rounds: Count = 60
    """Rounds; each times every contestant once, so that drifts of the machine hit all alike."""
    p: Modulus = 37
    """Modulus of the problem."""
    hidden: Count = 512
    """Hidden width."""
    json: OutPath | None = None
    """File for the table as JSON."""


def main(options: Options) -> None:
    """Benchmark the field on one thread and on all, the whole run, then small systems and start-up."""
    machine = f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores"
    experiment = Experiment(p=options.p, hidden=options.hidden)
    names = [name for name in PEERS if find_spec(package(name))]
    for name in set(PEERS) - set(names):
        print(f"{name}: {package(name)} is not installed, not timed; pip install '.[bench]'")
    report: dict[str, Any] = {"machine": machine}
    for threads in sorted({1, os.cpu_count() or 1}):
        print(f"\nfield, p = {options.p}, hidden = {options.hidden}, {threads} BLAS threads ({machine})")
        report[f"field, {threads} threads"] = table(race(names, experiment, threads, options.rounds))
    if "printed formula, PyTorch" in names:
        report["the whole run"] = whole_run(experiment)
        report["cross-entropy"] = cross_entropy(options)
    report["small systems"] = small_systems()
    report["small networks"] = small_networks()
    report["start-up"] = start_up()
    if options.json is not None:
        options.json.write_text(json.dumps(report, indent=1))


def table(seconds: dict[str, Any]) -> dict[str, dict[str, float]]:
    """Print and return the median, the quartiles and the ratio of each contestant."""
    rows = {}
    ours = np.median(seconds["generated field"])
    for name, measured in seconds.items():
        low, middle, high = np.percentile(1e3 * measured, (25, 50, 75))
        kind, target = TARGETS.get(name, ("peer / generated", None))
        below = kind.startswith("generated")
        ratio = float(ours / np.median(measured) if below else np.median(measured) / ours)
        reached = "" if target is None else verdict(ratio, target, below)
        print(f"{name:32}{middle:8.2f} ms ({low:.2f} to {high:.2f})   {kind} = {ratio:5.2f}  {reached}")
        rows[name] = {"median_ms": middle, "low_ms": low, "high_ms": high, "ratio": ratio}
    return rows


def whole_run(experiment: Experiment) -> dict[str, float]:
    """The paper's Euler steps by the printed formula in PyTorch, and the same slow time resolved; one thread each."""
    steps = round(experiment.slow_time / experiment.step)
    literal = euler_run("printed formula, PyTorch", experiment, 1, steps)
    print(
        f"\nτ = {experiment.slow_time:g}, 1 thread: {steps} Euler steps by the printed formula, PyTorch {literal:.1f} s"
    )
    found = {"literal_s": literal}
    for share in SHARES:
        seconds, evaluations = resolved_run(experiment, 1, share)
        print(
            f"resolved in steps of {share:g} with a test accuracy each, {evaluations} evaluations: {seconds:.1f} s, "
            f"{literal / seconds:.1f} times faster  {verdict(literal / seconds, RESOLVED, below=False)}"
        )
        found[f"resolved_{share:g}_s"] = seconds
    return found


def cross_entropy(options: Options) -> dict[str, float]:
    """The whole flow of cross-entropy on one thread, what its readouts are worth, and L-BFGS for some of them."""
    how = {"p": options.p, "hidden": options.hidden, "ridge": RIDGE, "slow_time": END}
    experiment = Experiment(loss="cross_entropy", **how)
    seconds, called = cross_entropy_run(experiment)
    reached = verdict(seconds, LONGEST, below=True)
    print(
        f"\ncross-entropy, λ = {RIDGE:g}, τ = {END:g}, 1 thread: {len(called)} evaluations in {seconds:.1f} s  "
        f"{reached}"
    )
    found: dict[str, float] = {"seconds": seconds, **accuracy_along(experiment)}
    for name, value in found.items():
        print(f"  {name}: {value:.3g}")
    medians = {name: float(np.median(taken)) for name, taken in readouts(experiment, called).items()}
    ours, theirs = medians.values()
    print(
        f"  one readout along the run, to the same gap: {1e3 * ours:.0f} ms, L-BFGS of PyTorch {1e3 * theirs:.0f} ms"
    )
    print(f"  {theirs / ours:.1f} times faster  {verdict(theirs / ours, FASTER, below=False)}")
    return found | medians


def verdict(ratio: float, target: float, below: bool) -> str:
    """Whether a ratio is on the right side of its target."""
    return f"target {target:g} {'reached' if (ratio <= target) == below else 'MISSED'}"


def package(name: str) -> str:
    """The library that a contestant needs."""
    return next(
        (library for word, library in (("PyTorch", "torch"), ("JAX", "jax")) if word in name), "numpy"
    )


if __name__ == "__main__":
    sys.exit(run(main, Options))
