"""SymPy derivations of the decoupled dynamics; nothing here touches floating point unless to check."""

from derivations.any_features import DecoupledReadout, decouple_readout
from derivations.decoupled import Decoupled
from derivations.decoupling import decouple
from derivations.zero_loss_limit import ZeroLossRegime

__all__ = ["Decoupled", "DecoupledReadout", "ZeroLossRegime", "decouple", "decouple_readout"]
