"""Plots are drawn on the axes they are given, say what they show, and keep one colour and line for one meaning."""

import subprocess
import sys
from itertools import combinations

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_rgb

from reduced import plots
from reduced.plots.embedding import strongest
from reduced.plots.style import CYCLE, LINES, MEANING, PALETTE, look
from reduced.runs.experiment import Experiment, draw, run
from reduced.runs.results import dataset

#: Machado, Oliveira and Fernandes, IEEE Trans. Vis. Comput. Graph. 15, 1291 (2009): full deficiency, on linear RGB.
DEFICIENCIES = {
    "none": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
#: CIE76 distance of two colours in Lab that are told apart at a glance; 2.3 is just noticeable.
APART = 11.0


def lab(colour, matrix):
    """L*a*b* (D65) of a colour as an eye with that matrix sees it."""
    rgb = np.array(to_rgb(colour))
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    seen = np.clip(np.asarray(matrix) @ linear, 0, 1)
    to_xyz = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    xyz = np.asarray(to_xyz) @ seen / [0.95047, 1.0, 1.08883]
    f = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def closest(colours, matrix):
    return min(np.linalg.norm(lab(a, matrix) - lab(b, matrix)) for a, b in combinations(colours, 2))


@pytest.mark.parametrize("matrix", DEFICIENCIES.values(), ids=DEFICIENCIES)
def test_no_two_meanings_and_no_two_colours_look_alike(matrix):
    assert closest(MEANING.values(), matrix) > APART
    assert closest(PALETTE.values(), matrix) > APART
    assert closest(CYCLE, matrix) > APART


def test_the_simulation_finds_a_palette_that_fails():
    """A red and the brown that it is to an eye without long-wave cones."""
    pair = "#ff0000", "#6d5f00"
    assert closest(pair, DEFICIENCIES["none"]) > 40
    assert closest(pair, DEFICIENCIES["protanopia"]) < APART


def test_every_meaning_has_a_line_of_its_own():
    assert LINES.keys() == MEANING.keys()
    assert len(set(MEANING.values())) == len(MEANING)
    beside = ("first-layer flow", "zero-loss flow", "training", "closed form")
    assert len({str(LINES[name]["ls"]) for name in beside}) == len(beside)


def test_matplotlib_is_loaded_by_a_plot_alone():
    code = "import sys; from reduced import plots; assert 'matplotlib' not in sys.modules; print(len(plots.__all__))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.strip() == str(len(plots.__all__)), done.stderr


def test_a_plot_that_is_not_there_is_named():
    with pytest.raises(AttributeError, match="has no 'learning_curve': choose from learning_curves"):
        plots.learning_curve  # noqa: B018  (reading it is the test)


EXPERIMENTS = [Experiment(p=7, hidden=40, slow_time=0.5, seed=seed) for seed in (0, 1)]
RUNS = [run(one) for one in EXPERIMENTS]
RESULT = dataset(EXPERIMENTS, RUNS)
EMBEDDING = RUNS[0].y[-1]
DRAWN = {
    "learning_curves": lambda ax: plots.learning_curves(RESULT, ax, chance=1 / 7),
    "norms": lambda ax: plots.norms(RESULT, ax),
    "circles": lambda ax: plots.circles(EMBEDDING, 2, ax),
    "circle_measures": lambda ax: plots.circle_measures(RESULT, ax),
    "fourier_spectrum": lambda ax: plots.fourier_spectrum(EMBEDDING, ax, before=draw(EXPERIMENTS[0]).W1),
    "phase_diagram": lambda ax: plots.phase_diagram([1, 2], [3], [[0.5, np.nan]], ax),
    "zero_loss_set": lambda ax: plots.zero_loss_set(
        lambda x, y: x * y - 1, {"zero-loss flow": np.array([[2, 0.5], [1, 1]])}, ax
    ),
    "compare": lambda ax: plots.compare({"one": RESULT}, ax, quantity="norms"),
}


@pytest.fixture
def axes():
    figure, axes = plt.subplots()
    yield axes
    plt.close(figure)


def test_every_plot_is_tried_here():
    assert DRAWN.keys() | {"animate_circles"} == set(plots.__all__)


@pytest.mark.parametrize("name", DRAWN)
def test_a_plot_draws_on_its_axes_and_says_what_it_shows(name, axes):
    settings = plt.rcParams.copy()
    assert DRAWN[name](axes) is axes
    assert dict(plt.rcParams) == dict(settings)
    assert axes.has_data()
    assert axes.get_xlabel() or name == "phase_diagram"
    assert all(text.get_fontsize() >= 9 for text in axes.texts)
    axes.figure.canvas.draw()


def test_without_axes_the_present_ones_are_drawn_on(axes):
    assert plots.norms(RUNS[0]) is axes


def test_learning_curves_have_their_meanings_and_a_message(axes):
    plots.learning_curves(RESULT, axes, chance=1 / 7)
    labelled = {line.get_label(): line for line in axes.lines if not line.get_label().startswith("_")}
    assert {name: line.get_color() for name, line in labelled.items()} == {
        name: MEANING[name] for name in ("train", "test")
    }
    assert np.allclose(labelled["test"].get_ydata(), RESULT.test_accuracy.mean("seed"))
    assert "tau" in axes.get_title() or "0.95" in axes.get_title()
    assert [text.get_text() for text in axes.texts] == ["chance"]


def test_a_circle_is_drawn_as_one(axes):
    p, k = 11, 3
    angle = 2 * np.pi * k * np.arange(p) / p
    W1 = np.stack([np.cos(angle), np.sin(angle)], axis=1) @ np.linalg.qr(np.eye(5)[:, :2] + 0.1)[0].T
    assert strongest(W1, 1) == [k]
    plots.circles(W1, k, axes)
    points = axes.collections[0]
    assert np.allclose(np.hypot(*np.asarray(points.get_offsets()).T), 1)
    assert np.array_equal(points.get_array(), np.arange(p) * k % p)
    assert "lengths 1.00 : 1, |cos| 0.00" in axes.get_xlabel()


@pytest.mark.parametrize("k", [0, 4])
def test_a_frequency_that_is_not_there_is_refused(k, axes):
    with pytest.raises(ValueError, match=rf"^k = {k}: must be a frequency from 1 to 3$"):
        plots.circles(EMBEDDING, k, axes)


def test_a_source_without_accuracies_is_refused(axes):
    with pytest.raises(ValueError, match="source has none of train_accuracy"):
        plots.learning_curves(RESULT.drop_vars(["train_accuracy", "test_accuracy"]), axes)


def test_what_was_not_run_has_no_number(axes):
    plots.phase_diagram([1, 2], [3], [[0.5, np.nan]], axes)
    assert [text.get_text() for text in axes.texts] == ["0.50"]
    with pytest.raises(ValueError, match=r"values has shape \(1, 2\): must be \(1, 1\)"):
        plots.phase_diagram([1], [3], [[0.5, np.nan]], axes)


def test_a_look_can_be_changed():
    assert look("training", lw=1) == {"color": MEANING["training"], "ls": (0, (1, 1)), "lw": 1}
