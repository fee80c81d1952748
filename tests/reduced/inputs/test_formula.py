"""Text becomes a formula through the grammar alone; nothing in it is run."""

import os
import time

import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from reduced.inputs.formula import FUNCTIONS, parse_formula

z, decay, greek = sp.Symbol("z", real=True), sp.Symbol("lambda", positive=True), sp.Symbol("λ", real=True)
SYMBOLS = (z, decay, greek)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0.1*z + 1e-3", z / 10 + sp.Rational(1, 1000)),
        ("z/(1 + exp(-z))", z / (1 + sp.exp(-z))),
        ("Max(z, 0) + max(z - 1, 0, z/2)", sp.Max(z, 0) + sp.Max(z - 1, 0, z / 2)),
        ("lambda*z**2 + λ", decay * z**2 + greek),
        ("-z**2", -(z**2)),
        ("2**-1*z", z / 2),
        ("z**0.5", sp.sqrt(z)),
        ("pi*1_000*z", 1000 * sp.pi * z),
        (" z\n + 1 ", z + 1),
        ("expit(z) + logaddexp(0, z)", 1 / (1 + sp.exp(-z)) + sp.log(1 + sp.exp(z))),
        ("+".join(["z"] * 100), 100 * z),
    ],
)
def test_a_formula_is_read(text, expected):
    assert sp.simplify(parse_formula(text, SYMBOLS) - expected) == 0


REFUSED = {
    "a call that runs": ("__import__('os').getpid()*z", "is no function of it; use exp, log"),
    "an attribute": ("z.real", "'z.real' is no number, no name and no call"),
    "an attribute of a call": ("exp(z).func", "no number, no name and no call"),
    "an item": ("z[0]", "no number, no name and no call"),
    "a comprehension": ("[z for z in (1,)]", "no number, no name and no call"),
    "a lambda": ("(lambda y: y)(z)", "is not a formula"),
    "an assignment": ("z := 3", "is not a formula"),
    "two statements": ("z; z", "is not a formula"),
    "a string": ("'a'*z", "no number"),
    "a formatted string": ("f'{z}'", "no number"),
    "an imaginary number": ("1j*z", "no number"),
    "a truth": ("True*z", "no number"),
    "a comparison": ("z > 0", "no number"),
    "a choice": ("z if z else 0", "no number"),
    "a power as in other languages": ("z^2", "use + - * / **"),
    "a product without its sign": ("2z", "a product *"),
    "a floor": ("z//2", "use + - * / **"),
    "another symbol": ("z*a", "'a' is no symbol of it; use z, lambda, λ"),
    "a name of SymPy": ("zoo*z", "'zoo' is no symbol"),
    "another function": ("gamma(z)", "'gamma' is no function of it"),
    "too few arguments": ("Max(z)", "Max takes 2 to 9"),
    "a named argument": ("exp(x=z)", "exp takes 1 unnamed"),
    "a starred argument": ("exp(*z)", "no number"),
    "a tower of powers": ("9**9**9", "power above 100"),
    "a hidden tower": ("(((1.000001**100)**100)**100)**100", "power above 100, or a number beyond"),
    "a power of a power": ("((z + 1)**100)**100", "power above 100"),
    "long products": ("*".join(["9**64"] * 100), "not a finite real number"),
    "a small number": ("1e-300*1e-300", "number beyond double precision"),
    "a large number": ("1e400*z", "not a finite real number"),
    "towers of exponentials": ("Max(exp(exp(exp(9))), z)", "not a finite real number"),
    "a logarithm of nothing": ("log(0)*z", "not a finite real number"),
    "a complex number": ("(-1)**0.5*z", "not a finite real number"),
    "a division by zero": ("z/0", "not a finite real number"),
    "a hidden division by zero": ("1/(z - z)", "not a finite real number"),
    "depth": ("-" * 900 + "z", "nested deeper than 150"),
    "parentheses": ("(" * 400 + "z" + ")" * 400, "is not a formula"),
    "length": ("z" * 2000, "has 2000 characters; at most 1000"),
    "nothing": ("", "is not a formula"),
    "a null": ("\x00", "is not a formula"),
    "no text": (3, "must be text"),
}


@pytest.mark.parametrize(("text", "message"), REFUSED.values(), ids=REFUSED)
def test_anything_else_is_refused_in_one_line_and_at_once(text, message):
    began = time.process_time()
    with pytest.raises(ValueError, match="formula = ") as refused:
        parse_formula(text, SYMBOLS)
    assert message in str(refused.value)
    assert "\n" not in str(refused.value)
    assert time.process_time() - began < 5


def test_nothing_is_run(monkeypatch):
    ran = []
    monkeypatch.setattr(os, "getpid", lambda: ran.append(1))
    for text in (
        "__import__('os').getpid()",
        "z*__import__('os').getpid()",
        "exp(__import__('os').getpid())",
    ):
        with pytest.raises(ValueError, match="no function of it"):
            parse_formula(text, [z])
    assert not ran


@given(text=st.text(alphabet="z019.+-*/() ,expMaxlog'_[]\n\\", max_size=30))
def test_no_text_does_more_than_be_read_or_refused(text):
    try:
        assert parse_formula(text, [z]).free_symbols <= {z}
    except ValueError as refused:
        said = str(refused)
    else:
        said = ""
    assert "\n" not in said


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_value_of_a_constant_is_that_of_its_expression(name):
    """A constant is looked at as a double before SymPy builds it, so the two must agree."""
    fewest, _, value = FUNCTIONS[name]
    arguments = [1.5, 0.25][:fewest] if name == "acosh" else [0.5, 0.25][:fewest]
    text = f"{name}({', '.join(map(str, arguments))})"
    assert float(parse_formula(text, [])) == pytest.approx(float(value(*arguments)), rel=1e-14)
    assert np.isfinite(float(parse_formula(text, [])))
