"""Identity numbers (GB 11643-1999) among pairs that no pass by number has linked."""

from __future__ import annotations

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from jingzhun.linkage.fields.coded import Coded, Indices, Levels, Vocabulary
from jingzhun.linkage.numbers import Numbers

LEVELS = ("same", "one_slip", "unproven", "different")
"""unproven: they differ, and one of them is not valid. different: both are valid."""


def coded_id(field: str, left: Numbers, right: Numbers) -> Coded:
    """Identity numbers of both tables."""
    words = Vocabulary.of(left.text, right.text)
    value = words.values.to_numpy()
    proven = np.zeros(len(value) + 1, dtype=bool)
    for side, codes in ((left, words.left), (right, words.right)):
        proven[codes[side.is_proven & (codes >= 0)]] = True

    def compare(one: Indices, two: Indices) -> Levels:
        both = proven[one] & proven[two]
        found = np.where(both, np.int8(3), np.int8(2))
        open_ = np.nonzero(~both)[0]
        apart = process.cpdist(
            value[one[open_]],
            value[two[open_]],
            scorer=OSA.distance,
            score_cutoff=1,
            dtype=np.int32,
        )
        found[open_[np.asarray(apart) <= 1]] = 1
        return found

    return Coded(field, "gb11643", LEVELS, words, compare, is_quick=True)
