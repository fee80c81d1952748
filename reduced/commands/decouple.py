"""Hold the fast parameters of your own loss at their optimum: derivation, NumPy source, trajectory, plot."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import tyro

from reduced.console.ranges import RESULTS
from reduced.inputs.assignments import assigned
from reduced.inputs.formula import FUNCTIONS, parse_formula
from reduced.inputs.ranges import Positive


@dataclass(frozen=True)
class Options:
    """Derive, check and run the reduced model of a loss: its fast parameters are held at their optimum.

    Writes derivation.html and derivation.tex (every line with the checks that decide it), model.py (NumPy and SciPy
    alone), trajectory.csv and trajectory.png. The formula knows numbers, pi, + - * / ** and functions such as exp, log,
    tanh, Abs and Max; it is read, never run. Exit status 1 if a line of the derivation fails.

    Example: grokking-reduced decouple "(a*b-1)**2 + lam*(a**2+b**2)" --slow a --fast b --set lam=0.1 --start a=2
    """

    loss: tyro.conf.Positional[Annotated[str, tyro.conf.arg(metavar="LOSS")]]
    """Formula of the loss, weight decay included."""
    slow: Annotated[tuple[str, ...], tyro.conf.arg(metavar="NAME [NAME ...]")]
    """Parameters whose motion is wanted."""
    fast: Annotated[tuple[str, ...], tyro.conf.arg(metavar="NAME [NAME ...]")]
    """Parameters that are optimal for the slow ones."""
    start: Annotated[tuple[str, ...], tyro.conf.arg(metavar="NAME=NUMBER [...]")]
    """Where each slow parameter begins."""
    set: Annotated[tuple[str, ...], tyro.conf.arg(metavar="NAME=NUMBER [...]")] = ()
    """A number for every other symbol; the derivation keeps the symbol, with the number's sign."""
    zero_loss: Annotated[str | None, tyro.conf.arg(metavar="NAME")] = None
    """Weight decay that goes to zero: the trajectory is that of the zero-loss regime, in slow time."""
    end: Positive = 20.0
    """End of the trajectory: flow time t, or slow time with --zero-loss."""
    seconds: Positive = 20.0
    """Processor time for the symbolic search; what it does not solve is found numerically, and said."""
    out: Annotated[Path, tyro.conf.arg(metavar="FOLDER")] = RESULTS / "decoupled"
    """Folder for the files; made if it is missing."""


def main(options: Options) -> int:
    """Read the formula, decouple it, judge its derivation, and write every file."""
    import sympy as sp

    from derivations import decouple
    from reduced.flows.decoupled_runs import simulate
    from reduced.flows.decoupled_source import source
    from reduced.plots.decoupled import draw_decoupled
    from reduced.runs.decoupled_files import write_table
    from reduced.runs.results import writable_folder

    values = assigned("set", options.set)
    begin = assigned("start", options.start)
    symbols = _symbols(options, values, begin)
    loss = parse_formula(options.loss, symbols.values(), name="loss")
    idle = sorted(name for name in values if symbols[name] not in loss.free_symbols)
    if idle:
        raise ValueError(f"set {', '.join(idle)}: does not occur in the loss; leave it out")
    slow, fast = ([symbols[name] for name in names] for names in (options.slow, options.fast))
    model = decouple(loss, slow, fast, seconds=options.seconds)
    decay = None if options.zero_loss is None else symbols[options.zero_loss]
    moving: Any = model if decay is None else model.limit(decay, seconds=options.seconds)
    free = model.loss.free_symbols - {*slow, *fast}
    parameters = {symbols[name]: value for name, value in values.items() if symbols[name] in free - {decay}}
    point = [begin[name] for name in options.slow]
    folder = writable_folder(options.out)
    print(model)
    path = simulate(moving, point, (0.0, options.end), parameters)
    origin = {
        name: getattr(options, name) for name in ("loss", "slow", "fast", "set", "start", "zero_loss", "end")
    }
    cost = "cost" if decay is None else f"cost/{options.zero_loss}"
    time = "flow time t" if decay is None else "slow time tau"
    names = [time.split()[-1], *options.slow, *options.fast, cost]
    write_table(folder / "trajectory.csv", path, names, origin | {"verdict": model.optimum})
    draw_decoupled(path, options.slow, options.fast, cost, time, folder / "trajectory.png")
    program = source(moving, parameters, point, (0.0, options.end), f"Reduced model of {sp.sstr(loss)}")
    (folder / "model.py").write_text(program, encoding="utf-8")
    document = model.document(decay)
    (folder / "derivation.html").write_text(document.html(), encoding="utf-8")
    (folder / "derivation.tex").write_text(document.latex(), encoding="utf-8")
    for name in ("derivation.html", "derivation.tex", "model.py", "trajectory.csv", "trajectory.png"):
        print(f"wrote {folder / name}")
    print(f"FAILED: {', '.join(document.failures)}" if document.failures else document.summary)
    return int(bool(document.failures))


def _symbols(options: Options, values: dict[str, float], begin: dict[str, float]) -> dict[str, Any]:
    """A symbol for every name: real, and of the sign of its number where it is a parameter."""
    import sympy as sp

    moving = [*options.slow, *options.fast]
    for name in (*moving, *values, *filter(None, [options.zero_loss])):
        if not (name.isascii() and name.isidentifier()) or name in (*FUNCTIONS, "pi"):
            raise ValueError(
                f"{name!r} cannot name a symbol: use plain letters, digits, underscores, and no function"
            )
    if len(set(moving)) < len(moving):
        raise ValueError(
            f"slow = {options.slow}, fast = {options.fast}: each parameter belongs on one side, once"
        )
    for name in values:
        if name in moving:
            raise ValueError(
                f"set {name}: is a slow or fast parameter; --start gives slow ones their beginning"
            )
    if set(begin) != set(options.slow):
        raise ValueError(
            f"start = {options.start}: needs one number for each of {', '.join(options.slow)}, as a=2"
        )
    signed = {name: _signs(value) for name, value in values.items()}
    if options.zero_loss is not None:
        if options.zero_loss in moving:
            raise ValueError(f"zero_loss = {options.zero_loss}: is a slow or fast parameter, no weight decay")
        signed[options.zero_loss] = {"positive": True}
    return {name: sp.Symbol(name, real=True) for name in moving} | {
        name: sp.Symbol(name, **signs) for name, signs in signed.items()
    }


def _signs(value: float) -> dict[str, bool]:
    if value == 0:
        return {"real": True}
    return {"positive": True} if value > 0 else {"negative": True}
