"""The parts of the benchmark that time whole tasks: many small systems and networks, and start-up."""

import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import scipy.integrate
from threadpoolctl import threadpool_limits

from derivations.exact.product import FIRST_LAYER
from reduced import equivariant_flow, equivariant_flows, integrate
from reduced.flows.scalar import flow_of
from reduced.runs.equivariant import equivariant_start
from reduced.solutions.product import product_first_layer


def small_systems(count: int = 10_000, looped: int = 50) -> dict[str, float]:
    """Ten thousand starts of the product model: one vectorised integration against a loop of ``solve_ivp``."""
    starts = np.linspace(0.3, 3.0, count)[None]
    derived = FIRST_LAYER.reduction
    flow = flow_of(derived.velocity, derived.variables, FIRST_LAYER.time, s=0.8)
    options: dict[str, Any] = {"rtol": 1e-6, "atol": 1e-9}
    together = timed(lambda: integrate(flow, starts, (0, 3), t_eval=[3], **options))
    some = starts[0, :: count // looped]
    each = timed(lambda: [scipy.integrate.solve_ivp(flow, (0, 3), [w], **options) for w in some])
    times = np.linspace(0, 5, 1_000_000)
    closed = timed(lambda: product_first_layer(0.8)(times, 2.0))
    ratio = each / looped * count / together
    print(f"\n{count} starts at once: {together:.3f} s, {ratio:.0f} times faster than a loop (target 50)")
    print(f"closed form at 10⁶ times: {closed:.3f} s")
    return {"together_s": together, "loop_over_together": ratio, "closed_form_s": closed}


def small_networks(count: int = 100, looped: int = 10, p: int = 23, templates: int = 16) -> dict[str, float]:
    """Equivariant networks to slow time 4, together as one stack against one after the other; one thread."""
    drawn = [equivariant_start(p, 0.7, templates, p**-0.5, seed) for seed in range(count)]
    stack, classes = np.array([f for _, f in drawn]), [named for named, _ in drawn]
    how: dict[str, Any] = {"method": "relative_legendre", "step": 0.02, "t_eval": [4.0]}
    flow, alone = equivariant_flows(p, classes), [equivariant_flow(p, named) for named in classes[:looped]]
    with threadpool_limits(1):
        flow(0.0, stack)
        began = time.process_time()
        integrate(flow, stack, (0.0, 4.0), **how)
        middle = time.process_time()
        for one, f in zip(alone, stack, strict=False):
            integrate(one, f, (0.0, 4.0), **how)
    together, each = count / (middle - began), looped / (time.process_time() - middle)
    print(
        f"\n{count} equivariant networks, p = {p}, {templates} templates, to τ = 4: {together:.0f} runs a processor "
        f"second together (target 20), {each:.0f} one after the other"
    )
    return {"together_per_s": together, "alone_per_s": each}


def start_up() -> dict[str, float]:
    """Seconds until help is shown, until the package is imported, and until the field is derived and generated."""
    field = "e.generated('first_layer_flow', reduced.get_activation('relu'))"
    commands = {
        "simulate.py --help": ["scripts/simulate.py", "--help"],
        "import reduced": ["-c", "import reduced"],
        "import, derive and generate the field": [
            "-c",
            f"import reduced, reduced.network.equations as e; {field}",
        ],
    }
    root = Path(__file__).resolve().parent.parent
    found = {}
    for name, arguments in commands.items():
        call = partial(
            subprocess.run, [sys.executable, *arguments], cwd=root, check=True, capture_output=True
        )
        found[name] = min(timed(call) for _ in range(3))
        print(f"{name}: {found[name]:.2f} s")
    return found


def timed(call: Callable[[], Any]) -> float:
    """Seconds of one call."""
    began = time.perf_counter()
    call()
    return time.perf_counter() - began
