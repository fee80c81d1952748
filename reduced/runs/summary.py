"""What a result comes to, in one line a seed."""

from typing import TYPE_CHECKING

from reduced.runs.quantities import learned, learned_at

if TYPE_CHECKING:
    import xarray as xr


def _fit(one: "xr.Dataset") -> str:
    """How well the readout of one seed fits: its residual, or how far from its minimum it may be."""
    if "duality_gap" in one:
        return f"largest duality gap {float(one.duality_gap.max()):.1e} of the loss"
    tolerance = float(one.readout_tolerance)
    iterated = f" (readout iterated to {tolerance:.0e})" if tolerance else ""
    return f"largest training residual {float(one.residual.max()):.1e}{iterated}"


def summary(result: "xr.Dataset") -> str:
    """One line for each seed: memorization and generalization time, final accuracy, norms, residual, cost."""
    lines = []
    for seed in result.seed.values:
        one = result.sel(seed=seed)
        memorized, grokked = (
            f"{learned_at(one, part):.2f}".replace("nan", "never") for part in ("train", "test")
        )
        last, fit, level = one.isel(tau=-1), _fit(one), learned(one, "test")[0]
        end = float(last["test_accuracy" if "test_accuracy" in last else "test_error"])
        lines.append(
            f"seed {seed}: training {level} at tau = {memorized}, test {level} at tau = {grokked}, "
            f"in the end {end:.3f}; "
            f"|W1|^2 = {float(last.squared_norm_W1):.1f}, |W2|^2 = {float(last.squared_norm_W2):.1f}; {fit}; "
            f"{int(one.nfev)} evaluations in {float(one.seconds):.0f} s"
        )
    return "\n".join(lines)
