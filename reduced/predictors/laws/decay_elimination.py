"""Decay elimination: the first-layer flow at λ → 0 from every initial scale, exactly, from one run."""

from reduced.flows.scaling import rescaled_time
from reduced.predictors.law import Law, Needs, declare
from reduced.predictors.runs import Run


def predict(run: Run, reference: Run) -> float:
    """τ = ln(1 + α^{2q+2}(e^{(2q+2)τ₀} − 1))/(2q+2), τ₀ the reference's time and α the ratio of the initial scales."""
    alpha = run.setting.init_factor / reference.setting.init_factor
    degree = run.setting.degree
    if degree != degree:
        return float("nan")
    return float(rescaled_time(reference.measured.generalized, alpha, int(degree)))


declare(
    Law(
        name="decay elimination",
        formula="τ = ln(1 + α^(2q+2)(e^((2q+2)τ₀) − 1))/(2q+2)",
        source="ours; reduced.rescaled_time",
        needs=Needs.NOTHING,
        calibrated="τ₀, the time of the run at α = 1",
        scope="exact in α for the first-layer flow at λ → 0 and σ of degree q, other settings alike",
        predict=predict,
        units="slow time τ = 2λt from the start of the flow",
    )
)
