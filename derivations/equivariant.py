"""Translation-equivariant networks for modular addition: an invariant subspace, and its flow in frequency space.

Hidden units carry two indices (g, j) and the first layer is tied to templates, W1[a, (g, j)] = f_j(a + g). Samples
carry two indices (d, s): the pair (s + d, s − d) of difference class d, with label 2s. Every sum over residues in the
dense flow (20) then depends on a + g alone, for any odd p, any number of templates and any activation; and what is a
convolution over the residues is a product of spectra.

The formulas are for one class of functions: those of residues, periodic in p. All of them are evaluated at explicit
small p by :mod:`derivations.residues` and held to the dense flow of :mod:`derivations.two_layer`.
"""

from typing import Any

import sympy as sp

from derivations.residues import contracted, over, p, shifted
from derivations.two_layer import ridge, sigma

a, d, e, g, j, k, s, t, u = sp.symbols("a d e g j k s t u", integer=True)
s2 = sp.Symbol("s'", integer=True)
m, classes = sp.symbols("m n_D", integer=True, positive=True)
f, h, gamma, omega, G, z, D = map(sp.Function, ("f", "h", "gamma", "omega", "G", "z", "D"))
h_hat, gamma_hat, omega_hat, f_hat = map(sp.Function, ("hhat", "gammahat", "omegahat", "fhat"))
slope = sp.Function("σ′")


def over_templates(summand: Any) -> Any:
    """Sum over the m templates."""
    return sp.Sum(summand, (j, 1, m))


def over_classes(summand: Any) -> Any:
    """Sum over the training classes, with d the i-th of them."""
    i = sp.Symbol("i", integer=True)
    return sp.Sum(summand.xreplace({d: D(i)}), (i, 1, classes))


def inputs(sample: Any = s) -> Any:
    """Entry of X at sample (d, s) and residue a: e_{s+d} + e_{s−d}."""
    return sp.KroneckerDelta(a, sample + d) + sp.KroneckerDelta(a, sample - d)


def pre_activation() -> Any:
    """Entry (d, s), (g, j) of X W1."""
    return over(inputs() * f(j, a + g), a)


def templates_sum() -> Any:
    """z_j^d(s) = f_j(s + d) + f_j(s − d), the pre-activation of unit g = 0."""
    return f(j, s + d) + f(j, s - d)


def hidden() -> Any:
    """h_j^d(s) = σ(z_j^d(s))."""
    return sigma(templates_sum())


def gram_sum() -> Any:
    """Entry (d, s), (e, s′) of HHᵀ; each hidden activation depends on s + g."""
    return over_templates(over(h(j, d, s + g) * h(j, e, s2 + g), g))


def gram_entry() -> Any:
    """The same entry, a function of s − s′: the sum over g shifted by −s′."""
    return shifted(gram_sum(), g, -s2)


def gram_times_dual_sum() -> Any:
    """What class e adds to entry (d, s), 2t of HHᵀM, where M[(e, s′), 2t] = γ_e(s′ − t)."""
    return over(sp.Function("c")(d, e, s - s2) * gamma(e, s2 - t), s2)


def gram_times_dual() -> Any:
    """The same, a function of s − t: the sum over s′ shifted by t."""
    return shifted(gram_times_dual_sum(), s2, t)


def readout_sum() -> Any:
    """Entry (g, j), 2t of HᵀM."""
    return over_classes(over(h(j, d, s + g) * gamma(d, s - t), s))


def readout_entry() -> Any:
    """The same entry, a function of g + t: the sum over s shifted by t."""
    return shifted(readout_sum(), s, t)


def force_sum() -> Any:
    """Entry (d, s), (g, j) of M MᵀH, where (MᵀH)[2t, (g, j)] = ω_j(g + t)."""
    return over(gamma(d, s - t) * omega(j, g + t), t)


def force_entry() -> Any:
    """The same entry, a function of s + g: the sum over t shifted by −g."""
    return shifted(force_sum(), t, -g)


def velocity_sum() -> Any:
    """Entry a, (g, j) of Xᵀ[(M MᵀH) ⊙ σ′] − W1."""
    return over_classes(over(inputs() * G(j, d, s + g) * slope(z(j, d, s + g)), s)) - f(j, a + g)


def velocity_entry() -> Any:
    """The same entry, a function of a + g: the sum over s carried out."""
    pulled = contracted(over(inputs() * G(j, d, s + g) * slope(z(j, d, s + g)), s))
    return over_classes(pulled) - f(j, a + g)


def transform(function: Any, index: Any, frequency: Any = k) -> Any:
    """Discrete Fourier transform of a function of a residue."""
    return over(function * sp.exp(-2 * sp.pi * sp.I * frequency * index / p), index)


def inverse_transform(spectrum: Any, index: Any) -> Any:
    """The function of a residue that has this spectrum."""
    return over(spectrum * sp.exp(2 * sp.pi * sp.I * k * index / p), k) / p


def block_entry() -> Any:
    """B_k[d, e] = Σ_j ĥ_j^d(k) conj ĥ_j^e(k) + λ δ_de."""
    return over_templates(h_hat(j, d, k) * sp.conjugate(h_hat(j, e, k))) + ridge * sp.KroneckerDelta(d, e)


def readout_spectrum() -> Any:
    """ω̂_j(k) = Σ_d ĥ_j^d(k) conj γ̂_d(k)."""
    return over_classes(h_hat(j, d, k) * sp.conjugate(gamma_hat(d, k)))


def force() -> Any:
    """G_j^d(s), the function with the spectrum γ̂_d(k) ω̂_j(k)."""
    return inverse_transform(gamma_hat(d, k) * omega_hat(j, k), s)


def flow() -> Any:
    """df_j/dτ(u), from :func:`velocity_entry` at a = u, g = 0."""
    return velocity_entry().xreplace({a: u, g: sp.S.Zero}).doit(deep=False)


def cost() -> Any:
    """R/λ = p Σ f² + Σ_k 1ᵀ B_k⁻¹ 1, with γ̂(k) = B_k⁻¹ 1."""
    return p * over_templates(over(f(j, u) ** 2, u)) + over(over_classes(gamma_hat(d, k)), k)


def outputs() -> Any:
    """Output of class d at r residues from half its label, r = t − s, from both spectra."""
    return inverse_transform(over_templates(sp.conjugate(h_hat(j, d, k)) * omega_hat(j, k)), s)


def quadratic_spectrum() -> Any:
    """ĥ_j^d(k) for σ(z) = z²: spectra of the template at frequencies that add up to k, with the cosines of class d."""
    l = sp.Symbol("l", integer=True)

    def shift_factor(frequency: Any) -> Any:
        return f_hat(j, frequency) * 2 * sp.cos(2 * sp.pi * frequency * d / p)

    return over(shift_factor(l) * shift_factor(k - l), l) / p
