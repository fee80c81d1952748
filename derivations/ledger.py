"""The paper statement by statement: what became of each equation, theorem, figure and section that claims something."""

from typing import Literal, NamedTuple

Outcome = Literal[
    "derived", "wrong in print", "slip of the pen", "measured", "assumed", "cited", "quoted", "open"
]


class Statement(NamedTuple):
    """A statement of the paper and its verdict.

    Parameters
    ----------
    name : str
        Number or place in arXiv:2511.01938v3.
    outcome : str
        ``derived``: holds, by the steps named; ``wrong in print`` and ``slip of the pen``: by the errata named;
        ``measured``: by a number; ``assumed``, ``cited``, ``quoted``, ``open``: not decided, for the reason given.
    steps : tuple of str
        Names of the steps that decide it.
    reason : str
        Why there is no step, or what a step leaves open.
    """

    name: str
    outcome: Outcome
    steps: tuple[str, ...] = ()
    reason: str = ""


_STACK = "Erratum, (2) and (22)"
_REST = (
    "Where training rests: at a distance O(λ) from a regular zero-loss set, O(λ^{1/3}) from a singular one"
)
_FIG_3 = "Fig. 3: descent within the zero-loss set, with the metric that decoupling drops"
_FIG_4 = "Fig. 4: the gradient turns orthogonal to the zero-loss set at a rate linear in the distance"

EQUATIONS = (
    Statement("(1)", "derived", ("(1)",)),
    Statement("(2)", "slip of the pen", ("(2)", _STACK)),
    Statement("(3)", "derived", ("(3)", "(3), two layers")),
    Statement("(4)", "derived", ("(4)", "(21)"), "solved for one model; in general by (21), with no rate"),
    Statement("(5)", "derived", ("(5)", "(27)")),
    Statement("(6)", "derived", ("(6)",)),
    Statement(
        "(7)", "assumed", ("Erratum, §5, before (7)",), "an assumption on the split; it fails in Fig. 1"
    ),
    *(Statement(f"({n})", "derived", (f"({n})",)) for n in range(8, 20)),
    Statement(
        "(20)", "wrong in print", ("(20)", "Erratum, (20)"), "right in slow time, not in the time of (3)"
    ),
    Statement("(21)", "derived", ("(21)",)),
    Statement("(22)", "slip of the pen", ("(22)", _STACK)),
    *(Statement(f"({n})", "derived", (f"({n})",)) for n in range(23, 29)),
    Statement("(29)", "wrong in print", ("(29)", "Erratum, (29), J⁺", "Erratum, (29), J")),
)

THEOREMS = (
    Statement("Assumption 4.1", "assumed", ("Erratum, Lemma C.1",), "d ≥ km"),
    Statement(
        "Assumption 4.2",
        "assumed",
        ("Erratum, Assumption 4.2 and §7",),
        "f of class C^(d−km+1); ReLU has no second derivative",
    ),
    Statement("Definition 4.7", "quoted", (), "a definition: the distance from the zero-loss set"),
    Statement(
        "Theorem 4.8", "derived", ("(4)", _REST), "no λ_ε is given for a network; the slope is measured"
    ),
    Statement("Definition 4.9", "slip of the pen", ("Erratum, Def. 4.9",)),
    Statement("Theorem 4.10", "derived", ("(25)",), "but for measure zero, which is the Morse–Sard theorem"),
    Statement("Definition 4.11", "quoted", (), "a definition: a trajectory s"),
    Statement("Definition 4.13", "wrong in print", ("Erratum, Def. 4.13",)),
    Statement(
        "Theorem 4.14", "wrong in print", ("(5)", "(27)", "Erratum, Theorem 4.14"), "holds near the set"
    ),
    Statement("Theorem 5.1", "derived", ("(11)",)),
    Statement("Lemma A.1", "derived", ("(21)",)),
    Statement("Proposition B.1", "derived", ("(25)",)),
    Statement("Theorem B.2", "cited", (), "the Morse–Sard theorem"),
    Statement("Lemma C.1", "slip of the pen", ("Lemma C.1", "Erratum, Lemma C.1")),
    Statement("Theorem C.2", "cited", ("Erratum, Theorem C.2 and Part II",), "the implicit function theorem"),
    Statement("Proposition C.4", "derived", ("Proposition C.4",)),
    Statement(
        "4.3–4.6, 4.12, C.3",
        "open",
        (),
        "nothing here rests on these numbers of the paper; they have no verdict",
    ),
)

FIGURES = (
    Statement(
        "Fig. 1",
        "derived",
        ("two weights, one sample (1, 1) -> 2, from (−1, 1)", "Fig. 1: training loss and expected test loss"),
        "in expectation over the test samples; the paper's 100 drawn ones and its learning rate are not given",
    ),
    Statement("Fig. 2", "derived", ("Fig. 2: the regularized minimum of 1 + 1 + 1 = 3",)),
    Statement("Fig. 3", "derived", (_FIG_3, "product of two weights, zero-loss flow")),
    Statement("Fig. 4", "derived", (_FIG_4,)),
    Statement(
        "Fig. 5",
        "measured",
        (),
        "figures/FINDINGS.md: the cosine is not largest in the grokking stage, but before it",
    ),
    Statement(
        "Fig. 6",
        "wrong in print",
        ("Erratum, Fig. 6, bottom right",),
        "the rest is measured: the claims of the table of validation",
    ),
    Statement(
        "Fig. 7", "measured", (), "figures/FINDINGS.md, with Fig. 5; its first 1000 steps are not compared"
    ),
)

SECTIONS = (
    Statement(
        "§3.3",
        "open",
        (
            "A point is regular wherever H has full row rank, whatever the targets: the readout's part of J Jᵀ is HHᵀ",
        ),
        "almost every target is not the one-hot one; what is proved instead is named here",
    ),
    Statement("§4.1", "quoted", (), "a slip of the pen in the type of f"),
    Statement(
        "§4.6",
        "wrong in print",
        ("Erratum, §4.6", "Erratum, §4.6, after Theorem 4.14", "Erratum, §4.6, singular points", _REST),
    ),
    Statement("§5", "wrong in print", ("Erratum, §5, before (7)",)),
    Statement("§6.3", "wrong in print", ("Erratum, §6.3",)),
    Statement("§7.3", "wrong in print", ("Erratum, §7.3",)),
    Statement("§7.3.2", "wrong in print", ("Erratum, §7.3.2",)),
    Statement(
        "§8",
        "measured",
        ("Flow of W1 in a three-layer network",),
        "the three-layer run itself is not compared",
    ),
    Statement("Appendix A", "quoted", (), "𝒟(θ) is used without definition"),
    Statement(
        "Appendix D", "slip of the pen", ("Erratum, App. D, number of pairs", "Erratum, App. D, the numbers")
    ),
    Statement("Appendix E", "slip of the pen", ("Erratum, App. E, last line", "Erratum, App. E")),
)

STATEMENTS = (*EQUATIONS, *THEOREMS, *FIGURES, *SECTIONS)
