import pickle
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from reduced import SingularGramError, first_layer_flow, get_activation, integrate, optimal_readout
from reduced.flows.first_layer import FirstLayerFlow
from reduced.network.problem import bind
from reduced.readout.gram import gram_condition
from reduced.readout.iterated import direct_work, pays
from reduced.readout.memory import Memory
from reduced.runs.experiment import Experiment, run

REGIMES = {"zero loss": (80, 120, 0.0), "ridge": (80, 120, 0.1), "more samples than units": (120, 80, 0.1)}


def always(*_):
    return True


def never(*_):
    return False


def draw(n, d_h, seed=0, d_in=20, d_out=3):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, d_in)), rng.normal(size=(n, d_out)), rng.normal(size=(d_in, d_h)) / 5


def iterating(X, Y, activation="relu", ridge=0.0, tolerance=1e-6):
    return FirstLayerFlow(bind(X, Y, activation, ridge), tolerance, always)


def directly(X, Y, activation="relu", ridge=0.0):
    return FirstLayerFlow(bind(X, Y, activation, ridge), 0.1, never)


def relative(a, b):
    return np.linalg.norm(a - b) / np.linalg.norm(b)


@pytest.fixture
def budget(monkeypatch):
    """Small systems iterate as long as large ones do."""
    monkeypatch.setattr("reduced.readout.iterated.direct_work", lambda *sizes: 20 * direct_work(*sizes))


@pytest.mark.usefixtures("budget")
@pytest.mark.parametrize("tolerance", [1e-3, 1e-6, 1e-10])
@pytest.mark.parametrize(("n", "d_h", "ridge"), REGIMES.values(), ids=REGIMES)
@pytest.mark.parametrize("activation", ["relu", "quadratic", "gelu"])
def test_agrees_with_the_direct_field_along_a_path(activation, n, d_h, ridge, tolerance):
    X, Y, W1 = draw(n, d_h)
    along = 1e-3 * draw(n, d_h, seed=1)[2]
    iterated, direct = iterating(X, Y, activation, ridge, tolerance), directly(X, Y, activation, ridge)
    readout = optimal_readout(X, Y, activation, ridge)
    errors = []
    for step in range(8):
        at = W1 + step * along
        velocity, expected = iterated(0.0, at), direct(0.0, at)
        errors.append(relative(velocity + at, expected + at))
        assert relative(iterated.at(at).readout, readout(at)) < 2 * tolerance
    assert max(errors) < 3 * tolerance
    assert iterated.saved()["solutions"] > 1
    if tolerance == 1e-3:
        assert max(errors) > 1e-9  # it did iterate, and stopped where it may


@pytest.mark.usefixtures("budget")
def test_a_solution_starts_from_the_last_one():
    X, Y, W1 = draw(80, 120)
    flow = iterating(X, Y)
    flow(0.0, W1)
    factored = flow.saved()["total"]
    assert flow.saved()["last"] == factored
    flow(0.0, W1)
    once = flow.saved()["last"]
    flow(0.0, 1.01 * W1)
    assert flow.saved()["last"] > once  # nothing to do, then a few iterations
    assert flow.saved()["solutions"] == 3
    assert np.array_equal(flow.saved()["W1"], W1)


@pytest.mark.parametrize("affordable", [True, False])
def test_the_factor_is_renewed_where_iterating_would_cost_more(affordable, request):
    if affordable:
        request.getfixturevalue("budget")
    X, Y, W1 = draw(80, 120)
    far = draw(80, 120, seed=1)[2]
    flow = iterating(X, Y)
    flow(0.0, W1)
    flow(0.0, far)
    assert flow.saved()["solutions"] == (2 if affordable else 1)
    assert np.array_equal(flow.saved()["W1"], W1 if affordable else far)


@pytest.mark.usefixtures("budget")
def test_a_flow_takes_layers_of_several_widths():
    X, Y, W1 = draw(80, 120)
    flow, direct, wide = iterating(X, Y), directly(X, Y), np.hstack([W1, W1[:, :7] / 2])
    for layer in (W1, wide, W1):
        assert relative(flow.at(layer).velocity, direct(0.0, layer)) < 1e-6
        assert relative(flow(0.0, layer), direct(0.0, layer)) < 1e-6


@pytest.mark.usefixtures("budget")
def test_a_worn_factor_is_renewed_before_it_fails():
    X, Y, W1 = draw(80, 120)
    flow = iterating(X, Y)
    flow(0.0, W1)
    flow(0.0, 1.001 * W1)
    fresh = flow.saved()
    flow.recall(fresh | {"last": 0.6 * fresh["total"]})
    flow(0.0, 1.002 * W1)
    assert flow.saved()["solutions"] == 1
    flow.recall(fresh | {"last": 0.4 * fresh["total"]})
    flow(0.0, 1.002 * W1)
    assert flow.saved()["solutions"] == 3


@pytest.mark.usefixtures("budget")
@pytest.mark.parametrize("tolerance", [1e-3, 1e-5])
def test_nearly_repeated_samples_do_not_spoil_the_tolerance(tolerance):
    """With targets that do not tell them apart, the readout converges first and B last."""
    X, Y, W1 = draw(80, 120)
    X[:40] = X[40:] + 0.01 * X[:40]
    H = get_activation("gelu").value(X @ W1)
    Y = np.linalg.svd(H)[0][:, :3] @ Y[:3]
    flow, at = iterating(X, Y, "gelu", tolerance=tolerance), W1 + 3e-3 * draw(80, 120, seed=1)[2]
    flow(0.0, W1)
    flow(0.0, at)
    H = get_activation("gelu").value(X @ at)
    assert flow.saved()["solutions"] == 2
    assert relative(flow.saved()["solution"], np.linalg.solve(H @ H.T, Y)) < 2 * tolerance


@pytest.mark.parametrize(("last", "worn"), [(40.0, False), (60.0, True)])
def test_a_factor_is_worn_when_a_solution_costs_more_than_the_average(last, worn):
    one = np.eye(1)
    assert Memory(one, one, 1.0, one, last=last, total=100.0 + last, solutions=3).worn == worn


@pytest.mark.usefixtures("budget")
def test_looking_beside_the_path_leaves_no_trace():
    X, Y, W1 = draw(80, 120)
    flow, undisturbed = iterating(X, Y), iterating(X, Y)
    for scale in (1.0, 1.01, 1.02):
        flow.at((scale + 0.5) * W1)
        assert np.array_equal(flow(0.0, scale * W1), undisturbed(0.0, scale * W1))


def test_the_condition_number_is_the_one_at_the_last_factorization():
    X, Y, W1 = draw(80, 120)
    flow = iterating(X, Y, tolerance=0.1)
    assert flow.at(W1).gram_condition == gram_condition(X, Y)(W1)
    flow(0.0, W1)
    assert flow.at(1.001 * W1).gram_condition == gram_condition(X, Y)(W1)


@pytest.mark.parametrize("warm", [True, False])
def test_dead_units_are_named_as_by_the_direct_way(warm):
    X, Y, start = draw(80, 120)
    flow = iterating(X, Y)
    if warm:
        flow(0.0, start)
    with pytest.raises(SingularGramError, match="singular to working precision"):
        flow(0.0, np.zeros_like(start))


def test_too_narrow_a_layer_is_refused_before_iterating():
    X, Y, W1 = draw(80, 79)
    with pytest.raises(ValueError, match="d_h = 79 is less than the 80 training samples"):
        iterating(X, Y)(0.0, W1)


def test_a_tolerance_out_of_range_is_refused():
    X, Y, _ = draw(8, 12)
    with pytest.raises(ValueError, match=r"tolerance = 0: must lie strictly between 0 and 1"):
        first_layer_flow(X, Y, tolerance=0)


def test_large_problems_iterate_and_the_papers_does_not():
    assert not pays(492, 512, 37)
    assert pays(4509, 5000, 113)
    assert not pays(4509, 5000, 4509)


@pytest.mark.usefixtures("budget")
def test_threads_and_processes_get_solutions_within_the_tolerance():
    X, Y, W1 = draw(80, 120)
    states = [(1 + 0.01 * i) * W1 for i in range(20)]
    flow, direct = iterating(X, Y), directly(X, Y)
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda at: flow(0.0, at), states))
    for at, velocity in zip(states, together, strict=True):
        assert relative(velocity + at, direct(0.0, at) + at) < 3e-6
    copied = pickle.loads(pickle.dumps(flow))
    assert copied.saved() == {}
    assert relative(copied(0.0, W1), direct(0.0, W1)) < 1e-12


@pytest.mark.usefixtures("budget")
def test_an_integration_does_not_depend_on_earlier_ones():
    X, Y, W1 = draw(30, 50)
    flow = iterating(X, Y, "gelu")
    paths = [integrate(flow, W1, (0, 0.1), t_eval=[0.1], rtol=1e-4) for _ in range(2)]
    assert np.array_equal(paths[0].y, paths[1].y)


@pytest.mark.usefixtures("budget")
@pytest.mark.parametrize("integrator", ["paper-euler", "resolved"])
def test_a_run_by_iteration_follows_the_direct_one(integrator, monkeypatch):
    experiment = Experiment(
        p=11, hidden=80, slow_time=0.3, step=1e-2, integrator=integrator, activation="gelu"
    )
    iterated = run(experiment)
    monkeypatch.setattr("reduced.readout.iterated.CROSSING", np.inf)
    direct = run(experiment)
    assert not np.array_equal(iterated.y, direct.y)
    assert np.max(np.abs(iterated.y - direct.y)) < 1e-2
    assert np.max(direct.observed["residual"]) < 1e-10 < np.max(iterated.observed["residual"]) < 0.03
