"""What the symbols of the zero-loss set stand for: undefined outputs, curves on the set, the foot of a point."""

from typing import Any

import sympy as sp

from derivations.regularized_meaning import OUTPUTS, PARAMETERS, RESIDUAL, targets, theta, training_loss

t = sp.Symbol("t", real=True)


d, km = sp.symbols("d km", integer=True, positive=True)


J, H = sp.MatrixSymbol("J", km, d), sp.MatrixSymbol("H", d, d)


bends = tuple(sp.MatrixSymbol(f"H_{i}", d, d) for i in (1, 2))


v, g, acceleration, point, foot = (
    sp.MatrixSymbol(letter, d, 1) for letter in ("v", "g", "a", "theta", "phi")
)


r_1, r_2 = sp.symbols("r_1 r_2")


def second_derivatives(where: dict[Any, Any]) -> dict[Any, Any]:
    """What the symbols stand for with undefined outputs; H is the loss differentiated, J and H_i the outputs."""

    def there(expression: Any) -> Any:
        return expression.subs(where)

    return {
        km: 2,
        d: 3,
        sp.Symbol("L"): sum((output - target) ** 2 for output, target in zip(OUTPUTS, targets, strict=True)),
        H: there(sp.hessian(training_loss(), theta)),
        J: there(OUTPUTS.jacobian(PARAMETERS)),
        **{bend: there(sp.hessian(output, theta)) for bend, output in zip(bends, OUTPUTS, strict=True)},
        **dict(zip((r_1, r_2), there(RESIDUAL), strict=True)),
        v: sp.Matrix(sp.symbols("v_1:4")),
    }


def on_the_set() -> dict[Any, Any]:
    """The same on the set, y = F."""
    return second_derivatives(dict(zip(targets, OUTPUTS, strict=True)))


def on_a_curve() -> dict[Any, Any]:
    """A cubic loss of two parameters along an undefined curve."""
    a, b = sp.symbols("a b")
    coefficients = iter(sp.symbols("c_:10"))
    loss = sum(next(coefficients) * a**i * b**j for i in range(4) for j in range(4 - i))
    curve = sp.Matrix([sp.Function("s_1")(t), sp.Function("s_2")(t)])
    return _along(loss, (a, b), curve)


def on_the_parabola() -> dict[Any, Any]:
    """L = (y − x²)² along (t, t²)."""
    x, y = sp.symbols("x y")
    return _along((y - x**2) ** 2, (x, y), sp.Matrix([t, t**2]))


def _along(loss: Any, variables: Any, curve: Any) -> dict[Any, Any]:
    on_curve = dict(zip(variables, curve, strict=True))
    return {
        d: 2,
        sp.Function("L")(t).diff(t, 2): loss.subs(on_curve).diff(t, 2),
        v: curve.diff(t),
        acceleration: curve.diff(t, 2),
        g: sp.Matrix([loss]).jacobian(variables).subs(on_curve).T,
        H: sp.hessian(loss, variables).subs(on_curve),
    }


def distance() -> dict[Any, Any]:
    """The squared distance of θ from an undefined curve in three dimensions."""
    curve = sp.Matrix([sp.Function(f"s_{i}")(t) for i in range(3)])
    square = sum((p - s) ** 2 for p, s in zip(PARAMETERS, curve, strict=True))
    return {
        d: 3,
        sp.Function("D")(t).diff(t): square.diff(t),
        v: curve.diff(t),
        point: PARAMETERS,
        foot: curve,
    }


def foot_on_the_parabola() -> dict[Any, Any]:
    """The nearest of the points of y = x² whose distance to a point is stationary."""
    x = sp.Symbol("x", real=True)
    away = sp.Matrix([sp.Rational(1, 2), sp.Rational(5, 4)])
    square = (x - away[0]) ** 2 + (x**2 - away[1]) ** 2
    nearest = min(sp.Poly(square.diff(x), x).real_roots(), key=lambda root: square.subs(x, root))
    return {d: 2, v: sp.Matrix([1, 2 * nearest]), point: away, foot: sp.Matrix([nearest, nearest**2])}
