"""Play runs of the reduced flow in a browser: sliders, curves, and the rings of the embedding."""

from dataclasses import dataclass

from reduced.console.ranges import RESULTS, OutPath, Port
from reduced.inputs.packages import require
from reduced.inputs.ranges import Count, Modulus, NonNegative, Positive, Seed

#: Losses that the page offers: one that has a zero-loss limit, and one that needs a ridge.
LOSSES = ("squared", "cross_entropy")


@dataclass(frozen=True)
class Options:
    """Write one HTML file that needs no network: every combination of the values below is run once, then played.

    Example: grokking-reduced explore --out talk.html --p 13 23
    or --live alone, where each run is made when it is asked for.
    """

    out: OutPath = RESULTS / "explorer.html"
    """The page; its folder is made if it is missing."""
    p: tuple[Modulus, ...] = (13, 17, 23, 31)
    """Moduli of the addition."""
    width: tuple[Positive, ...] = (1.1, 1.5, 2.5)
    """Hidden units a training pair."""
    ridge: tuple[NonNegative, ...] = (0.0, 1e-3, 1e-2, 1e-1)
    """Values of the ridge; 0 is the limit, for the squared loss alone."""
    end: Positive = 4.0
    """Slow time of the last frame."""
    frames: Count = 41
    """Frames of a run."""
    frequencies: Count = 4
    """Frequencies whose rings are kept, from 1 on."""
    seed: Seed = 0
    """Seed of the split and of the start of every run."""
    live: bool = False
    """Serve a page whose controls compute, at this machine's own address; the options above are not used."""
    open: bool = True
    """Open the live page in a browser; --no-open prints its address alone."""
    port: Port = 0
    """Port of the live page; 0 takes a free one."""


def main(options: Options) -> int:
    """Run every combination on all cores, and write the page."""
    require("bokeh", "explore")
    if options.live:
        require("panel", "explore")
        from reduced.explorer.live import serve

        serve(options.port, show=options.open)
        return 0
    from reduced.explorer.build import build
    from reduced.explorer.frames import Setting

    settings = [
        Setting(p, width, ridge, loss)
        for p in options.p
        for width in options.width
        for ridge in options.ridge
        for loss in LOSSES
        if ridge > 0 or loss == "squared"
    ]
    size = build(
        options.out,
        settings,
        end=options.end,
        frames=options.frames,
        frequencies=options.frequencies,
        seed=options.seed,
    )
    print(f"wrote {options.out}: {len(settings)} runs, {size / 1e6:.1f} MB; open it in a browser")
    return 0
