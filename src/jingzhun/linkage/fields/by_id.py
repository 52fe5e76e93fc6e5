"""Identity numbers (GB 11643-1999) among pairs that no pass by number has linked."""

from __future__ import annotations

import numpy as np
import polars as pl
from rapidfuzz import process
from rapidfuzz.distance import OSA

from jingzhun.linkage.fields.coded import UNKNOWN, Coded, Indices, Levels, Vocabulary
from jingzhun.linkage.numbers import Numbers

LEVELS = ("same", "one_slip", "unproven", "different")
"""unproven: they differ, and one of them is not valid. different: both are valid."""


def coded_id(field: str, left: Numbers, right: Numbers) -> Coded:
    """Identity numbers of both tables. Nearly all differ: every row has its own code."""
    texts = pl.concat([left.text, right.text])
    codes = np.where(texts.is_not_null().to_numpy(), np.arange(len(texts)), UNKNOWN).astype(
        np.int32
    )
    words = Vocabulary(texts, codes[: len(left.text)], codes[len(left.text) :])
    proven = np.concatenate([left.is_proven, right.is_proven])

    def compare(one: Indices, two: Indices) -> Levels:
        both = proven[one] & proven[two]
        found = np.where(both, np.int8(3), np.int8(2))
        ours, theirs = texts.gather(one).to_numpy(), texts.gather(two).to_numpy()
        apart = process.cpdist(ours, theirs, scorer=OSA.distance, score_cutoff=1, dtype=np.int32)
        found[(np.asarray(apart) <= 1) & ~both] = 1
        found[np.asarray(apart) == 0] = 0
        return found

    return Coded(field, "gb11643", LEVELS, words, compare, is_quick=True)
