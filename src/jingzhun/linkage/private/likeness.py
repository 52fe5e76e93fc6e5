"""How alike two encodings are: Dice, set against what two people at random have in common."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from jingzhun.linkage.private.encoded import Encoded
from jingzhun.linkage.private.filters import Words, counts, dice

WEIGHTS = {"whole": 1.0, "name": 0.55, "birth": 0.4, "place": 0.05}
_CHUNK = 500_000
_SAMPLE = 20_000


class Likeness:
    """Likeness of pairs of rows: 1 for the same encoding, about 0 for two people at random."""

    def __init__(self, left: Encoded, right: Encoded) -> None:
        self._filters = {
            name: (_words(left, name), _words(right, name)) for name in left.settings.filters
        }
        self._known = {
            name: (counts(one) > 0, counts(two) > 0) for name, (one, two) in self._filters.items()
        }
        self._random = {name: self._at_random(name) for name in self._filters}

    def of(self, left: NDArray[Any], right: NDArray[Any]) -> NDArray[np.float32]:
        """Weighted mean over the filters known on both sides; 0 where there is none."""
        out = np.zeros(len(left), dtype=np.float32)
        for start in range(0, len(left), _CHUNK):
            part = slice(start, start + _CHUNK)
            out[part] = self._of(left[part], right[part])
        return out

    def _of(self, left: NDArray[Any], right: NDArray[Any]) -> NDArray[np.float32]:
        total = np.zeros(len(left), dtype=np.float32)
        weight = np.zeros(len(left), dtype=np.float32)
        for name, (one, two) in self._filters.items():
            base = self._random[name]
            known = (self._known[name][0][left] & self._known[name][1][right]) * WEIGHTS[name]
            total += known * (dice(one[left], two[right]) - base) / (1.0 - base)
            weight += known
        return np.asarray(total / np.maximum(weight, 1e-9), dtype=np.float32)

    def _at_random(self, name: str) -> float:
        """Mean Dice of pairs of rows drawn with a fixed seed; they are hardly ever one person."""
        one, two = self._filters[name]
        if not len(one) or not len(two):
            return 0.0
        draw = np.random.default_rng(0)
        left, right = draw.integers(0, len(one), _SAMPLE), draw.integers(0, len(two), _SAMPLE)
        return min(float(dice(one[left], two[right]).mean()), 0.95)


def _words(encoded: Encoded, name: str) -> Words:
    return np.ascontiguousarray(encoded.rows[name].to_numpy())
