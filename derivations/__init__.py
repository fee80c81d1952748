"""SymPy derivations of the decoupled dynamics; nothing here touches floating point unless to check."""

from derivations.decoupled import Decoupled
from derivations.decoupling import decouple
from derivations.zero_loss_limit import ZeroLossRegime

__all__ = ["Decoupled", "ZeroLossRegime", "decouple"]
