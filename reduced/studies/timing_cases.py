"""The common runs on which laws of grokking times are compared: a base of each kind, and one setting changed at a time.

The first run of a kind is its reference, on which every law with a free constant is calibrated.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from reduced.predictors.runs import Setting
from reduced.symmetry.classes import draw_classes

#: λ and the learning rate in flow time of training with the squared loss; in frequency space those of λ and rate.
LAMBDA, RATE, TIED_LAMBDA, TIED_RATE = 0.05, 1.8e-3, 0.09, 1.1e-3


def cases() -> list[Setting]:
    """Every run, small ones first, each once.

    Examples
    --------
    >>> found = cases()
    >>> dense = [one for one in found if one.space == "dense"]
    >>> len(dense) >= 60, len(found) - len(dense) >= 40, len(set(found)) == len(found)
    (True, True, True)
    """
    kinds = (
        _trained(),
        _cross_entropy(),
        _flows("zero-loss flow", 13, 128, 0.9, 8.0, (11, 17)),
        _flows("first-layer flow", 23, 256, 0.8, 4.0, (11, 13, 17, 29, 37)),
        _tied_flows("first-layer flow", 59, "relu", 3.0, (23, 37, 97, 113, 151, 251)),
        _tied_flows("zero-loss flow", 37, "gelu", 4.0, (23, 59, 97)),
        _tied_trained(),
    )
    found = dict.fromkeys(setting for kind in kinds for setting in kind)
    return sorted(found, key=lambda setting: setting.p)


def reference(setting: Setting) -> Setting:
    """The run on which laws are calibrated for a setting's kind: same path, space and loss."""
    kind = (setting.path, setting.space, setting.loss)
    kinds = {(one.path, one.space, one.loss): one for one in _bases()}
    return kinds[kind]


def _bases() -> tuple[Setting, ...]:
    return (
        next(_trained()),
        next(_cross_entropy()),
        next(_flows("zero-loss flow", 13, 128, 0.9, 8.0, ())),
        next(_flows("first-layer flow", 23, 256, 0.8, 4.0, ())),
        next(_tied_flows("first-layer flow", 59, "relu", 3.0, ())),
        next(_tied_flows("zero-loss flow", 37, "gelu", 4.0, ())),
        next(_tied_trained()),
    )


def training(
    p: int, hidden: int, share: float, *, ridge: float = LAMBDA, rate: float = RATE, **others: Any
) -> Setting:
    """Training with the squared loss at given λ and learning rate in flow time, in the units of libraries."""
    terms = round(share * p * (p + 1) / 2) * p
    return Setting(
        p=p,
        hidden=hidden,
        train_fraction=share,
        weight_decay=float(f"{2 * ridge / terms:.3g}"),
        learning_rate=float(f"{rate * terms:.3g}"),
        **({"slow_time": 6.0} | others),
    )


def _trained() -> Iterator[Setting]:
    base = training(23, 256, 0.8)
    yield base
    yield from (replace(base, seed=seed) for seed in (1, 2))
    for ridge, end in ((0.01, 4.0), (0.02, 4.0), (0.15, 8.0), (0.4, 8.0)):
        yield training(23, 256, 0.8, ridge=ridge, slow_time=end)
    for factor in (0.25, 0.5, 2.0):
        yield training(23, 256, 0.8, rate=factor * RATE)
    for momentum, end in ((0.0, 3.0), (0.5, 4.0), (0.95, 6.0)):
        yield replace(base, momentum=momentum, slow_time=end)
    for alpha in (0.5, 0.7, 1.5, 2.0, 3.0):
        rate = RATE / max(1.0, alpha) ** 2
        yield training(23, 256, 0.8, rate=rate, init_factor=alpha)
    yield from (training(23, hidden, 0.8, rate=RATE / 2) for hidden in (128, 384, 512))
    yield from (training(23, 256, share) for share in (0.65, 0.7, 0.75, 0.9))
    for p, hidden, share, seeds in (
        (11, 128, 0.89, 3),
        (13, 128, 0.9, 3),
        (17, 192, 0.85, 3),
        (29, 384, 0.8, 2),
    ):
        yield from (training(p, hidden, share, seed=seed, rate=RATE / 2) for seed in range(seeds))
    yield training(37, 512, 0.7, rate=RATE / 2, ridge=0.1)


def _cross_entropy() -> Iterator[Setting]:
    base = Setting(
        loss="cross_entropy",
        p=29,
        hidden=256,
        train_fraction=0.9,
        learning_rate=3.0,
        weight_decay=1e-4,
        slow_time=6.0,
    )
    yield base
    yield from (replace(base, seed=seed) for seed in (1, 2))
    yield from (replace(base, weight_decay=decay) for decay in (5e-5, 2e-4, 4e-4, 8e-4))
    yield replace(base, learning_rate=1.5)
    yield from (replace(base, momentum=momentum) for momentum in (0.5, 0.8))
    yield from (replace(base, init_factor=alpha) for alpha in (0.5, 1.5, 2.0))
    yield from (replace(base, hidden=hidden) for hidden in (128, 384))
    yield from (replace(base, train_fraction=share) for share in (0.8, 0.85))
    yield from (replace(base, p=p, hidden=hidden) for p, hidden in ((17, 192), (23, 256)))


def _flows(
    path: str, p: int, hidden: int, share: float, end: float, moduli: tuple[int, ...]
) -> Iterator[Setting]:
    base = Setting(path, p=p, hidden=hidden, train_fraction=share, slow_time=end)
    yield base
    yield from (replace(base, seed=seed) for seed in (1, 2))
    for alpha in (0.5, 0.7, 1.5, 2.0):
        yield replace(base, init_factor=alpha, slow_time=end + 0.5)
    yield from (replace(base, hidden=round(factor * hidden)) for factor in (1.25, 1.5))
    yield from (
        replace(base, train_fraction=other) for other in (round(share - 0.05, 2), round(share - 0.1, 2))
    )
    for other in moduli:
        pairs = round(share * other * (other + 1) / 2)
        yield replace(base, p=other, hidden=round(1.2 * pairs))


def _tied(p: int, share: float, ratio: float, **others: Any) -> Setting:
    classes = len(draw_classes(p, share, 0))
    return Setting(space="frequency", p=p, hidden=round(ratio * classes), train_fraction=share, **others)


def _tied_flows(path: str, p: int, activation: str, end: float, moduli: tuple[int, ...]) -> Iterator[Setting]:
    how: dict[str, Any] = {"path": path, "activation": activation, "slow_time": end}
    base = _tied(p, 0.7, 1.3, **how)
    yield base
    yield from (replace(base, seed=seed) for seed in (1, 2))
    yield from (replace(base, init_factor=alpha) for alpha in (0.5, 0.7, 1.5, 2.0))
    yield from (_tied(p, 0.7, ratio, **how) for ratio in (2.0, 3.0))
    yield from (_tied(p, share, 1.3, **how) for share in (0.6, 0.8))
    yield from (_tied(other, 0.7, 1.3, **how) for other in moduli)


def _tied_trained() -> Iterator[Setting]:
    def one(
        p: int = 37,
        share: float = 0.7,
        ratio: float = 1.3,
        ridge: float = 1.0,
        rate: float = 1.0,
        **others: Any,
    ) -> Setting:
        terms = len(draw_classes(p, share, 0)) * p**2
        decay, learning = 2 * TIED_LAMBDA * ridge / terms, TIED_RATE * rate * terms
        how = {"activation": "gelu", "slow_time": 4.0} | others
        rounded = {"weight_decay": float(f"{decay:.3g}"), "learning_rate": float(f"{learning:.3g}")}
        return _tied(p, share, ratio, **rounded, **how)

    yield one()
    yield from (one(seed=seed) for seed in (1, 2))
    yield from (one(ridge=factor) for factor in (0.3, 3.0))
    yield from (one(rate=factor) for factor in (0.5, 2.0))
    yield from (one(momentum=momentum) for momentum in (0.0, 0.5, 0.8))
    yield from (one(init_factor=alpha, rate=min(1.0, alpha**-2)) for alpha in (0.5, 1.5, 2.0))
    yield from (one(ratio=ratio) for ratio in (2.0, 3.0))
    yield from (one(share=share) for share in (0.6, 0.8))
    yield from (one(p) for p in (23, 59))
    yield one(97, rate=0.7)
