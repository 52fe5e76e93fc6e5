"""Random numbers by name: each use has its own stream, so that the order of work changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[Any]


@dataclass(frozen=True)
class Streams:
    """The random streams of one county: the same seed, county, purpose and period give the same numbers."""

    seed: int
    county: str
    branch: str = ""

    def of(self, purpose: str, period: int = 0) -> np.random.Generator:
        """The generator for one purpose (and period)."""
        key = (int(self.county), crc32(f"{self.branch}{purpose}".encode()), period)
        sequence = np.random.SeedSequence(entropy=self.seed, spawn_key=key)
        return np.random.Generator(np.random.PCG64(sequence))

    def uniform(self, purpose: str, size: int, period: int = 0) -> Array:
        """`size` numbers in [0, 1), in single precision."""
        return self.of(purpose, period).random(size, dtype=np.float32)

    def normal(self, purpose: str, size: int, period: int = 0) -> Array:
        """`size` standard normal numbers, in single precision."""
        return self.of(purpose, period).standard_normal(size, dtype=np.float32)


def pick(shares: Any, uniform: Array) -> Array:
    """Index drawn by shares (they need not add up to 1) from uniform numbers."""
    weights = np.asarray(list(shares), dtype=np.float64)
    edges = np.cumsum(weights)[:-1] / weights.sum()
    return np.searchsorted(edges, uniform, side="right").astype(np.int16)


def normal_share(z: Array) -> Array:
    """Share of the standard normal distribution below z, to 0.0002 (a smooth closed form)."""
    return 1.0 / (1.0 + np.exp(-z * (1.5976 + 0.070565992 * z * z)))


def whole(expected: float, uniform: float) -> int:
    """A whole number whose mean is `expected`."""
    return int(np.floor(expected + uniform))
