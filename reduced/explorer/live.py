"""The same page with runs made on demand, on this machine's own address alone."""

import threading
import webbrowser
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import panel as pn
from bokeh.models import Button, Slider

from reduced.explorer.command import END, command
from reduced.explorer.frames import Frames, Setting, experiment_of, play
from reduced.explorer.layout import curve_data, fact_data, parts, ring_data
from reduced.explorer.page import connect, stored
from reduced.runs.experiment import run
from reduced.runs.results import dataset, save

__all__ = ["ADDRESS", "END", "FRAMES", "Session", "command", "serve"]

#: What the menus offer. Larger moduli take longer than one waits for.
MODULI = (5, 7, 11, 13, 17, 19, 23, 29, 31, 37)
RIDGES = ("0", "0.0001", "0.001", "0.01", "0.1", "1")
LOSSES = ("squared", "pseudo_huber", "cross_entropy")
FRAMES, FREQUENCIES = 61, 18
#: The address of this machine that no other machine can reach.
ADDRESS = "127.0.0.1"


def serve(port: int, show: bool) -> None:
    """Serve the page until Ctrl-C.

    Parameters
    ----------
    port : int
        Of the loopback address; 0 takes a free one.
    show : bool
        Open it in a browser.
    """
    pn.extension()
    server = pn.serve(
        lambda: Session().view,
        address=ADDRESS,
        port=port,
        show=False,
        start=False,
        title="After memorization",
    )
    url = f"http://{ADDRESS}:{server.port}"
    print(f"playing at {url}; Ctrl-C ends it", flush=True)
    if show:
        webbrowser.open(url)
    server.start()
    server.io_loop.start()


class Session:
    """One open page: its controls, the run that it shows, and the run that is being made."""

    def __init__(self) -> None:
        controls: dict[str, Any] = {
            "width": Slider(title="units a pair", start=1.1, end=4, step=0.1, value=1.5),
            "seed": Slider(title="seed", start=0, end=20, step=1, value=0),
            "cancel": Button(label="cancel", disabled=True),
        }
        choices = {
            "p": [str(p) for p in MODULI],
            "ridge": RIDGES,
            "loss": LOSSES,
            "width": ["1.5"],
            "frequency": [str(k) for k in range(1, FREQUENCIES + 1)],
        }
        self.page = parts(choices, controls)
        self.page.controls["p"].value = "23"
        self.setting, self.seed = self._asked()
        frames = play(
            experiment_of(self.setting, end=END, seed=self.seed), frames=FRAMES, frequencies=FREQUENCIES
        )
        self.run = stored(self.setting, frames)
        self.shown = connect(self.page, {"live": self.run}, MODULI, settings=False)
        self.run["facts"].js_on_change("data", self.shown)
        self.page.controls["time"].end = FRAMES - 1
        for name in ("p", "width", "ridge", "loss", "seed"):
            event = "value_throttled" if isinstance(self.page.controls[name], Slider) else "value"
            self.page.controls[name].on_change(event, self._changed)
        self.page.controls["cancel"].on_click(self._cancelled)
        self._stop = threading.Event()
        self._worker: threading.Thread | None = None
        self.command = pn.pane.Markdown(sizing_mode="stretch_width")
        self._turn = 0
        pn.state.onload(lambda: self._show(self.setting, self.seed, frames))
        self._say_command()
        download = pn.widgets.FileDownload(
            callback=self.result_file, filename="result.nc", label="save this run as a result file"
        )
        self.view = pn.Column(
            "# What does a network do after it has memorized?",
            pn.pane.Bokeh(self.page.root, sizing_mode="stretch_width"),
            self.command,
            download,
            sizing_mode="stretch_width",
            max_width=1200,
        )

    def _asked(self) -> tuple[Setting, int]:
        value = {
            name: widget.value for name, widget in self.page.controls.items() if hasattr(widget, "value")
        }
        setting = Setting(int(value["p"]), float(value["width"]), float(value["ridge"]), value["loss"])
        return setting, int(value["seed"])

    def _changed(self, name: str, old: Any, new: Any) -> None:
        """Make the run that the controls ask for, in place of one that is being made."""
        setting, seed = self._asked()
        if setting.ridge == 0 and setting.loss == "cross_entropy":
            self.page.controls["note"].text = "Cross-entropy has no minimum without a ridge. Choose λ > 0."
            return
        self._stop.set()
        self._stop = stop = threading.Event()
        document = self.page.root.document
        self.page.controls["cancel"].disabled = False

        def say(tau: float) -> None:
            self.page.controls["note"].text = f"computing … τ = {tau:.1f} of {END:g}"

        last = [-1.0]

        def report(tau: float) -> None:
            if stop.is_set():
                raise KeyboardInterrupt
            if tau - last[0] >= END / 10:
                last[0] = tau
                document.add_next_tick_callback(lambda: say(tau))

        def work() -> None:
            try:
                experiment = experiment_of(setting, end=END, seed=seed)
                frames = play(experiment, frames=FRAMES, frequencies=FREQUENCIES, report=report)
            except KeyboardInterrupt:
                return
            except (ValueError, ArithmeticError) as error:
                text = str(error)
                document.add_next_tick_callback(lambda: self._failed(text))
                return
            if not stop.is_set():
                document.add_next_tick_callback(lambda: self._show(setting, seed, frames))

        self._worker = threading.Thread(target=work, daemon=True)
        self._worker.start()

    def _cancelled(self, _: Any = None) -> None:
        self._stop.set()
        self.page.controls["cancel"].disabled = True
        self.page.controls["note"].text = "cancelled; shown is the run before"

    def _failed(self, text: str) -> None:
        self.page.controls["cancel"].disabled = True
        self.page.controls["note"].text = text

    def _show(self, setting: Setting, seed: int, frames: Frames) -> None:
        self.setting, self.seed = setting, seed
        self.page.controls["cancel"].disabled = True
        self.run["curves"].data = curve_data(frames)
        self.run["rings"].data = ring_data(frames)
        self._turn += 1
        self.run["facts"].data = {**fact_data(setting, frames), "turn": [self._turn]}
        self._say_command()

    def _say_command(self) -> None:
        self.command.object = f"The same run: `{command(self.setting, self.seed)}`"

    def result_file(self) -> BytesIO:
        """Run it as ``simulate`` does, and hand out its result file."""
        experiment = experiment_of(self.setting, end=END, seed=self.seed)
        with TemporaryDirectory() as folder:
            path = Path(folder) / "result.nc"
            save(dataset([experiment], [run(experiment)]), path)
            return BytesIO(path.read_bytes())
