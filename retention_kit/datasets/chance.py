"""Draws that are the same on every machine and with every release of numpy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from zlib import crc32

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Shares = NDArray[np.float64]
    Whole = NDArray[np.int64]
    Flags = NDArray[np.bool_]


class Chance:
    """A stream of draws of its own for one seed and subject, so that no table's draws move another's.

    numpy promises the same raw numbers of PCG64 for ever, and of nothing built on them. So shares are made here,
    and all that follows is comparing, counting and multiplying, which every processor does alike; no logarithm,
    no power, no sum of fractions in an order that a processor may choose.
    """

    def __init__(self, seed: int, subject: str) -> None:
        self._bits = np.random.PCG64(np.random.SeedSequence([seed, crc32(subject.encode())]))

    def shares(self, *shape: int) -> Shares:
        """Numbers from 0 to below 1."""
        raw: Any = self._bits.random_raw(int(np.prod(shape)))
        return ((raw >> np.uint64(11)) * 2.0**-53).reshape(shape)

    def happens(self, probability: Any, count: int) -> Flags:
        """Whether each of `count` things happens; a probability for all, or one for each."""
        return np.asarray(self.shares(count) < probability)

    def whole(self, least: Any, most: Any, count: int) -> Whole:
        """Whole numbers from `least` to `most`, both included, each as likely as the others."""
        return np.asarray(least + (self.shares(count) * (most - least + 1)).astype("int64"))

    def picks(self, weights: Sequence[int] | Whole, count: int) -> Whole:
        """Places in a list of weights, each as likely as its weight; whole weights have exact sums."""
        bounds = np.cumsum(np.asarray(weights, "int64"))
        return np.searchsorted(bounds, (self.shares(count) * bounds[-1]).astype("int64"), side="right")
