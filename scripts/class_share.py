"""How many difference classes must be seen: the share of classes that suffices, against p and against width."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from _cli import run as run_command
from _plot import STYLE, save
from _pyplot import plt
from _ranges import OutPath
from threadpoolctl import threadpool_limits
from tqdm import tqdm

from reduced.inputs.ranges import Count, Fraction, Modulus, Positive
from reduced.integration.atomic import replacing
from reduced.runs.results import writable_folder
from reduced.studies.classes import critical_share, generalization

COLORS = ("tab:purple", "tab:blue", "tab:green", "tab:orange", "tab:red")


@dataclass(frozen=True)
class Options:
    """Run the first-layer flow of equivariant ReLU networks on shares of the classes, and draw which generalize."""

    moduli: tuple[Modulus, ...] = (23, 37, 59, 97, 151)
    """Moduli, odd."""
    ratios: tuple[Positive, ...] = (1.3, 2.0, 4.0)
    """Templates over training classes."""
    shares: tuple[Fraction, ...] = (0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
    """Shares of the classes that train."""
    seeds: Count = 5
    """Seeds of classes and initial templates."""
    slow_time: Positive = 8.0
    """Slow time after which a run counts as one that does not generalize."""
    json: OutPath = Path("runs/class_share.json")
    """Where the runs are kept; those that are there are not run again."""
    out: OutPath = Path("figures/class_share.png")
    """Figure."""


def main(options: Options) -> None:
    """Run what is missing, draw, and print the shares at which half of the seeds generalize."""
    writable_folder(options.json.parent)
    runs = json.loads(options.json.read_text()) if options.json.exists() else {}
    wanted = [
        (p, ratio, share, seed)
        for p in options.moduli
        for ratio in options.ratios
        for share in options.shares
        for seed in range(options.seeds)
    ]
    with threadpool_limits(1):
        for p, ratio, share, seed in tqdm(wanted, desc="runs", disable=None):
            key = f"{p} {ratio:g} {share:g} {seed} {options.slow_time:g}"
            if key not in runs:
                one = generalization(p, share, ratio, seed, options.slow_time)
                runs[key] = {
                    "time": one.time,
                    "accuracy": one.accuracy[-1],
                    "held": one.held,
                    "margin": one.margin,
                }
                with replacing(options.json) as temporary:
                    temporary.write_text(json.dumps(runs, indent=1) + "\n")
    draw(options, runs)


def draw(options: Options, runs: dict[str, dict[str, float]]) -> None:
    """One column a ratio: share of seeds that generalize above, their median time below; then the critical share."""
    shares = np.array(options.shares)
    with plt.rc_context(STYLE):
        figure, axes = plt.subplots(2, len(options.ratios) + 1, figsize=(4 * len(options.ratios) + 4, 7))
        for column, ratio in enumerate(options.ratios):
            critical = []
            for p, color in zip(options.moduli, COLORS, strict=False):
                times = np.array(
                    [
                        [
                            runs[f"{p} {ratio:g} {s:g} {seed} {options.slow_time:g}"]["time"]
                            for seed in range(options.seeds)
                        ]
                        for s in options.shares
                    ]
                )
                generalized = np.isfinite(times).mean(axis=1)
                critical.append(critical_share(shares, generalized))
                axes[0, column].plot(shares, generalized, "o-", color=color, label=f"p = {p}")
                most = np.where(
                    generalized > 0.5, np.median(np.where(np.isnan(times), np.inf, times), axis=1), np.nan
                )
                axes[1, column].plot(shares, most, "o-", color=color)
                print(
                    f"p = {p}, {ratio:g} templates a class: generalized {generalized}, half at {critical[-1]:g}"
                )
            known = np.isfinite(critical)
            if known.sum() > 1:
                slope = np.polyfit(
                    np.log(np.array(options.moduli)[known]), np.log(np.array(critical)[known]), 1
                )[0]
                print(f"{ratio:g} templates a class: the critical share falls as p^{slope:.2f}")
            axes[0, column].set(
                title=f"{ratio:g} templates a class", xlabel="share of the classes that train"
            )
            axes[1, column].set(xlabel="share of the classes that train")
            axes[0, -1].plot(options.moduli, critical, "o-", label=f"{ratio:g} templates a class")
            axes[1, -1].plot(options.moduli, np.array(critical) * [(p + 1) / 2 for p in options.moduli], "o-")
        axes[0, 0].set_ylabel(f"share of {options.seeds} seeds that generalize")
        axes[1, 0].set_ylabel(r"median $\tau$ of 95 % test accuracy")
        figure.legend(
            *axes[0, 0].get_legend_handles_labels(), loc="outside lower center", ncols=len(options.moduli)
        )
        axes[0, -1].set(
            xscale="log", xlabel="p", title="half of the seeds generalize", ylabel="share of the classes"
        )
        axes[1, -1].set(xscale="log", xlabel="p", ylabel="classes")
        axes[0, -1].legend(loc="lower left")
        for axis in axes[:, -1]:
            axis.set_xticks(options.moduli, [str(p) for p in options.moduli])
            axis.minorticks_off()
        save(
            figure,
            options.out,
            f"Whole difference classes held out: ReLU, ridge 0, slow time up to {options.slow_time:g}",
        )


if __name__ == "__main__":
    sys.exit(run_command(main, Options))
