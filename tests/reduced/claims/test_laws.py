import pytest

from reduced.claims import check, law_measurements, laws, orders

LAWS = laws.claims()


@pytest.mark.parametrize("claim", LAWS, ids=lambda claim: claim.claim)
def test_every_law_holds(claim):
    assert check(claim).verdict == "holds"


@pytest.mark.parametrize("claim", LAWS, ids=lambda claim: claim.claim)
def test_no_law_survives_a_wrong_flow_or_readout(claim, monkeypatch):
    """One percent off in the velocity, the readout and the rescaled run: every law must notice."""

    def wrong(make):
        return lambda *a, **k: lambda *state: _scaled(make(*a, **k)(*state))

    def _scaled(value):
        return (
            tuple(1.01 * v if i == 0 else v for i, v in enumerate(value))
            if isinstance(value, tuple)
            else 1.01 * value
        )

    law_measurements.states(
        claim.measure.args[0], claim.measure.args[1] if len(claim.measure.args) > 1 else 0.0
    )
    for name in ("first_layer_flow", "optimal_readout", "full_flow"):
        monkeypatch.setattr(law_measurements, name, wrong(getattr(law_measurements, name)))
    rescale = law_measurements.rescale
    monkeypatch.setattr(law_measurements, "rescale", lambda run, alpha, q: rescale(run, 1.01 * alpha, q))
    assert check(claim).verdict == "fails"


@pytest.mark.parametrize("method", orders.METHODS)
def test_every_method_has_its_order(method):
    assert orders.smooth_order(method) == pytest.approx(orders.METHODS[method][0], abs=0.1)
