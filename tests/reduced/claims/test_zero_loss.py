import pytest

from reduced.claims import check, zero_loss


@pytest.mark.parametrize("claim", zero_loss.claims(), ids=lambda claim: claim.claim[:50])
def test_every_claim_holds(claim):
    assert check(claim).verdict == "holds"


def test_a_flow_that_leaves_the_set_fails_the_dense_comparison(monkeypatch):
    right = zero_loss.zero_loss_flow

    def without_readout(X, Y, activation):
        return lambda tau, state: (right(X, Y, activation)(tau, state)[0], -state[1])

    monkeypatch.setattr(zero_loss, "zero_loss_flow", without_readout)
    assert zero_loss.dense_difference() > 0.01
