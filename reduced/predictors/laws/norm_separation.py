"""Norm separation: the delay is of the order of ln(‖θ_mem‖²/‖θ_post‖²)/(ηλ)."""

from reduced.predictors.law import Law, Needs, declare
from reduced.predictors.laws.first_passage import delay
from reduced.predictors.runs import Run


def predict(run: Run, reference: Run) -> float:
    """The reference's delay times the ratio of the logarithms, each run with its own two norms."""
    now, there = run.measured, reference.measured
    delays = [delay(one.squared_norm_memorized, one.squared_norm_end) for one in (now, there)]
    return now.memorized + (there.generalized - there.memorized) * delays[0] / delays[1]


def least(run: Run, reference: Run) -> float:
    """Lower bound: κ ≤ 1 on the zero-loss set, so ‖θ‖² cannot fall to V* faster than e^{−2τ}."""
    now, there = run.measured, reference.measured
    return now.memorized + delay(now.squared_norm_memorized, there.squared_norm_generalized)


_KNOWN = "Truong et al., arXiv:2603.13331; abstract read"
declare(
    Law(
        name="norm separation",
        formula="τ = τ_mem + c·ln(V_mem/V∞)",
        source=_KNOWN,
        needs=Needs.RUN,
        calibrated="c, from the reference",
        scope="order of magnitude: printed with Θ; the last state of the run stands for the one after",
        predict=predict,
        units="slow time τ; printed in steps, Θ(ln(ratio)/γ) with γ = ηλ for descent, λ our weight decay",
    )
)
declare(
    Law(
        name="fastest contraction",
        formula="τ ≥ τ_mem + ½ ln(V_mem/V*)",
        source="ours: κ ≤ 1 on the zero-loss set",
        needs=Needs.MEMORIZATION,
        calibrated="V*, ‖θ‖² of the reference as it generalizes",
        scope="a lower bound of the zero-loss flow, exact with the run's own V*",
        predict=least,
        units="slow time τ = 2λt",
    )
)
