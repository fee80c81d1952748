"""The parts of the benchmark that time whole tasks: many small systems, and start-up."""

import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import scipy.integrate

from derivations.exact.product import FIRST_LAYER
from reduced import integrate
from reduced.flows.scalar import flow_of
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
