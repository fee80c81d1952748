"""The page in a browser: controls move, and what is shown changes as the numbers say."""

import html
import json
import re
import subprocess

import numpy as np
import pytest

from reduced.explorer.frames import Setting, experiment_of, play
from reduced.explorer.layout import colours
from reduced.explorer.page import key, write
from reduced.flows.scaling import rescaled_time
from reduced.network.observables import first_crossing
from tests.browser import CHROMIUM

SETTINGS = [
    Setting(7, 3.0, 0.0, "squared"),
    Setting(7, 3.0, 0.1, "squared"),
    Setting(7, 3.0, 0.1, "cross_entropy"),
]
#: Sets widgets in turn, waits, and notes what the page shows.
PROBE = """<script>
const errors = []
window.addEventListener("error", (event) => errors.push(event.message))
const started = setInterval(async () => {
  if (!window.Bokeh || !Bokeh.documents.length) return
  clearInterval(started)
  const wait = () => new Promise((done) => setTimeout(done, 150))
  const widget = (name) => Bokeh.documents[0].get_model_by_name(name)
  const seen = []
  await wait()
  for (const [name, value] of STEPS) {
    if (name) widget(name)[name === "play" ? "active" : "value"] = value
    await wait()
    if (name === "play") await new Promise((done) => setTimeout(done, 1500))
    seen.push({note: widget("note").text, frozen: widget("scale").disabled, frame: widget("time").value,
               wide: document.documentElement.scrollWidth > window.innerWidth, errors: [...errors]})
  }
  const result = document.createElement("pre")
  result.id = "seen"
  result.textContent = JSON.stringify(seen)
  document.body.appendChild(result)
}, 50)
</script></body>"""


@pytest.fixture(scope="module")
def runs():
    return {
        setting: play(experiment_of(setting, end=2.0, seed=0), frames=11, frequencies=2)
        for setting in SETTINGS
    }


@pytest.fixture(scope="module")
def page(runs, tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "page.html"
    write(path, runs)
    return path


def seen(page, steps, width=1250):
    """What the page shows after each step."""
    if CHROMIUM is None:
        pytest.skip("no Chromium to open the page with")
    text = page.read_text(encoding="utf-8")
    end = text.rindex("</body>")
    probed = page.with_name("probed.html")
    probed.write_text(
        text[:end] + PROBE.replace("STEPS", json.dumps(steps)) + text[end + len("</body>") :],
        encoding="utf-8",
    )
    command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", f"--window-size={width},900"]
    command += ["--virtual-time-budget=20000", "--dump-dom", probed.as_uri()]
    dom = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout
    return json.loads(html.unescape(re.search(r'<pre id="seen">(.*?)</pre>', dom, re.DOTALL)[1]))


def test_one_file_without_a_network(page):
    text = page.read_text(encoding="utf-8")
    assert len(text) < 8e6
    assert not re.findall(r"<(?:script|link|img)[^>]+(?:src|href)=[\"'](?:http|//)", text)


def test_controls_show_what_the_runs_say(page, runs):
    steps = [
        [None, 0],
        ["time", 10],
        ["scale", 2],
        ["ridge", "0.1"],
        ["loss", "cross_entropy"],
        ["ridge", "0"],
    ]
    start, late, scaled, ridged, crossed, impossible = seen(page, steps)
    limit = runs[SETTINGS[0]]
    assert f"τ = {limit.tau[0]:.2f}" in start["note"]
    assert f"τ = {limit.tau[-1]:.2f}" in late["note"]
    assert f"test {100 * limit.curves['test'][-1]:.0f} %" in late["note"]
    assert f"τ = {float(rescaled_time(2.0, 2.0, 1)):.2f}" in scaled["note"]
    assert [step["frozen"] for step in (start, late, scaled, ridged)] == [False, False, False, True]
    assert f"test {100 * runs[SETTINGS[1]].curves['test'][-1]:.0f} %" in ridged["note"]
    assert f"test {100 * runs[SETTINGS[2]].curves['test'][-1]:.0f} %" in crossed["note"]
    assert "no minimum without a ridge" in impossible["note"]
    assert not any(step["errors"] for step in (start, late, scaled, ridged, crossed, impossible))


def test_the_time_of_generalization_moves_by_the_exact_law(page, runs):
    limit = runs[SETTINGS[0]]
    reached = limit.tau[np.flatnonzero(limit.curves["test"] >= 0.95)]
    if not len(reached):
        assert np.isnan(first_crossing(limit.tau, limit.curves["test"], 0.95))
        return
    (note,) = (step["note"] for step in seen(page, [["scale", 3]]))
    assert f"reached at τ = {float(rescaled_time(reached[0], 3.0, 1)):.2f}" in note


def test_play_moves_the_frames(page):
    (step,) = seen(page, [["play", True]])
    assert step["frame"] > 0


def test_it_fits_a_phone(page):
    (step,) = seen(page, [[None, 0]], width=500)
    assert not step["wide"]


def test_settings_have_names_of_their_own():
    assert len({key(setting) for setting in SETTINGS}) == len(SETTINGS)
    assert len(set(colours(31))) == 31
