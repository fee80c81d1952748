"""The live page: controls compute, and what is shown is the run that they ask for."""

import subprocess
import sys

import numpy as np
import pytest

from reduced.explorer.frames import Setting, experiment_of, play
from reduced.explorer.live import ADDRESS, END, FRAMES, Session, command
from reduced.runs.results import stored_experiments
from tests.live_browser import evaluate


class Document:
    """Calls back at once, as a page does at its next turn."""

    def add_next_tick_callback(self, callback):
        callback()


@pytest.fixture
def session(monkeypatch):
    one = Session()
    monkeypatch.setattr(type(one.page.root), "document", Document(), raising=False)
    return one


def ask(session, **values):
    for name, value in values.items():
        session.page.controls[name].value = value
    session._changed("value", None, None)
    if session._worker is not None:
        session._worker.join(60)


def test_it_is_served_on_the_loopback_address():
    assert ADDRESS == "127.0.0.1"


def test_controls_compute_the_run_that_they_ask_for(session):
    ask(session, p="7", ridge="0.01", seed=3)
    expected = play(
        experiment_of(Setting(7, 1.5, 0.01, "squared"), end=END, seed=3), frames=FRAMES, frequencies=3
    )
    np.testing.assert_array_equal(session.run["curves"].data["test"], expected.curves["test"])
    assert session.run["facts"].data["p"] == [7]
    assert command(Setting(7, 1.5, 0.01, "squared"), 3) in session.command.object


def test_a_loss_without_a_minimum_is_refused_and_the_run_before_stays(session):
    before = session.run["facts"].data
    ask(session, loss="cross_entropy", ridge="0")
    assert "Choose λ > 0" in session.page.controls["note"].text
    assert session.run["facts"].data == before


def test_cancel_keeps_the_run_before(session):
    before = session.run["facts"].data
    session.page.controls["p"].value = "37"
    session._changed("value", None, None)
    session._cancelled()
    session._worker.join(60)
    assert session.run["facts"].data == before
    assert "cancelled" in session.page.controls["note"].text


def test_the_result_file_is_the_run_of_the_command(session, tmp_path):
    ask(session, p="5")
    path = tmp_path / "result.nc"
    path.write_bytes(session.result_file().getvalue())
    (one,) = stored_experiments(path)
    assert one == experiment_of(Setting(5, 1.5, 0.0, "squared"), end=END, seed=0)


def test_a_browser_shows_what_was_computed():
    command = [sys.executable, "-m", "reduced", "explore", "--live", "--no-open"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            address = next(line for line in server.stdout if "playing at" in line).split()[2].rstrip(";")
            note = "Bokeh.documents[0].get_model_by_name('note').text"
            begin = f"window.Bokeh && Bokeh.documents.length > 0 && {note}.includes('193 pairs')"
            choose = "Bokeh.documents[0].get_model_by_name('p').value = '7'"
            began, _, shown, errors = evaluate(address, [begin, choose, f"{note}.includes('20 pairs')"])
        finally:
            server.terminate()
    assert began
    assert shown
    assert not errors
