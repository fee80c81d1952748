"""The paper's claims about modular addition, measured on the first-layer flow."""

from collections.abc import Callable
from functools import partial

from reduced.claims import modular_measurements as measured
from reduced.claims.claim import Claim
from reduced.claims.modular_measurements import FLOW, PROTOCOL, QUADRATIC

GROUP = "paper's claims"
FIGURE_6 = "Section 7, Figure 6"
#: ± 250 of 5000 steps: how well times can be read off a printed curve.
READING = 0.25
AT_REST = "not yet at rest at the end of the run"

in_the_paper = partial(
    Claim,
    GROUP,
    source=FIGURE_6,
    quick=False,
    printed=True,
    method="ReLU, p = 37, 512 hidden units, 70 % train, explicit Euler steps of 10⁻³ in τ to τ = 5, seed 0",
)
in_our_small_run = partial(
    Claim,
    GROUP,
    source="our own run",
    method="quadratic, p = 11, 256 hidden units, 85 % train, explicit Euler in τ, seed 0",
)
in_our_resolved_run = partial(
    Claim,
    GROUP,
    source="our own run",
    quick=False,
    method="ReLU, p = 37, 512 hidden units, 70 % train, the flow resolved in stabilized steps, seed 0",
)


def claims() -> list[Claim]:
    """What is said of modular addition: exact targets and a small run quickly, the paper's run in full."""
    return [*_targets(), *_small_run(), *_memorization(), *_circles(), *_resolved_run()]


def _targets() -> list[Claim]:
    return [
        Claim(
            GROUP,
            f"a quadratic network of width 5(p−1)/2 + 1 adds modulo {p} exactly, with squared norm p^(1/3)[3/4 + …]",
            source="closed-form target",
            measure=partial(measured.target_error, p),
            expected=0.0,
            tolerance=1e-6,
            because="the printed constant 1.581071 has seven digits",
            method="larger of the residual on all pairs and the relative error of the norm",
        )
        for p in (5, 7, 11, 37)
    ]


def _small_run() -> list[Claim]:
    return [
        in_our_small_run(
            "a quadratic network on p = 11 memorizes throughout: largest training residual",
            measure=partial(measured.largest_residual, QUADRATIC),
            expected=0.0,
            tolerance=1e-9,
            because="rounding",
        ),
        in_our_small_run(
            "a quadratic network on p = 11 generalizes: final test accuracy",
            measure=partial(measured.at_the_end, QUADRATIC, "test_accuracy"),
            expected=1.0,
            tolerance=0.05,
            because="95 %",
        ),
        in_our_small_run(
            "a quadratic network on p = 11 ends balanced: ‖W1‖² / 2‖W2‖²",
            measure=partial(measured.balance, QUADRATIC),
            expected=1.0,
            tolerance=0.03,
            because=AT_REST,
        ),
    ]


def _memorization() -> list[Claim]:
    return [
        in_the_paper(
            "the network memorizes throughout: largest training residual",
            measure=partial(measured.largest_residual, PROTOCOL),
            expected=0.0,
            tolerance=1e-9,
            because="rounding",
        ),
        in_the_paper(
            "test accuracy is at chance for 500 steps: its largest value until then",
            measure=measured.early_accuracy,
            expected=0.0,
            tolerance=0.06,
            because="twice chance, 2/37",
        ),
        in_the_paper(
            "generalization appears near step 1000: τ at which the test accuracy is twice chance",
            measure=partial(measured.time_to_reach, 2 / 37),
            expected=1.0,
            tolerance=READING,
            because="times are read off a printed curve",
        ),
        in_the_paper(
            "generalization is perfect by step 2000: τ at which the test accuracy is 99 %",
            measure=partial(measured.time_to_reach, 0.99),
            expected=2.0,
            tolerance=READING,
            because="times are read off a printed curve",
        ),
        in_the_paper(
            "the network generalizes: final test accuracy",
            measure=partial(measured.at_the_end, PROTOCOL, "test_accuracy"),
            expected=1.0,
            tolerance=0.005,
            because="one of 211 test samples",
        ),
        in_the_paper(
            "the layers end balanced: ‖W1‖² / ‖W2‖²",
            measure=partial(measured.balance, PROTOCOL),
            expected=1.0,
            tolerance=0.03,
            because=AT_REST,
        ),
    ]


def _circles() -> list[Claim]:
    def cosine(words: str, table: str, tolerance: float, because: str) -> Claim:
        measure: Callable[[], float] = partial(measured.mean_cosine, table)
        return in_the_paper(words, measure=measure, expected=0.0, tolerance=tolerance, because=because)

    return [
        in_the_paper(
            "the embedding's circles become round: mean ratio of ‖Re F_k‖ and ‖Im F_k‖, the smaller over the larger",
            measure=measured.ratio_of_radii,
            expected=1.0,
            tolerance=0.03,
            because=AT_REST,
        ),
        cosine("Re F_k and Im F_k become orthogonal: mean |cosine|", "within", 0.03, AT_REST),
        cosine("planes of different frequencies become orthogonal: mean cosine", "between", 0.03, AT_REST),
        cosine(
            "different frequencies use different hidden units: mean cosine between patterns |F_k|",
            "overlap",
            0.3,
            "random patterns have 0.79",
        ),
    ]


def _resolved_run() -> list[Claim]:
    return [
        in_our_resolved_run(
            "Euler's first step of 10⁻³ throws ‖W1‖² from 507 to 3139",
            measure=measured.norm_after_one_euler_step,
            expected=3139.0,
            tolerance=1.0,
            because="same seed, other processors",
        ),
        in_our_resolved_run(
            "the resolved flow keeps ‖W1‖² near 520 at τ = 0.01",
            measure=measured.norm_of_the_flow,
            expected=520.0,
            tolerance=5.0,
            because="stated to three digits",
        ),
        in_our_resolved_run(
            "the resolved flow reaches test accuracy 0.95 at τ = 1.29",
            measure=partial(measured.grokking_time, FLOW),
            expected=1.29,
            tolerance=0.1,
            because="what another split of the pairs changes",
        ),
        in_our_resolved_run(
            "a start p^(1/4) wider groks when the scaling law predicts: the difference in τ",
            measure=measured.missed_prediction,
            expected=0.0,
            tolerance=0.02,
            because="relative steps of 1 %",
        ),
    ]
