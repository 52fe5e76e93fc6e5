"""Bits that most people have: they tell nobody apart and help an attacker to align frequencies."""

from __future__ import annotations

import numpy as np

from jingzhun.errors import InputError
from jingzhun.linkage.private.encoded import Encoded


def frequent_bits(encoded: Encoded, *, above: float = 0.5) -> list[int]:
    """Places that are set in more than this share of the rows, in any filter.

    The owner works them out on a first encoding, both sides put them into `dropped_bits` and encode again.
    InputError for balanced filters, whose places are mixed, and for a file without rows.
    """
    if encoded.settings.is_balanced:
        raise InputError(
            "In balanced filters the places are mixed",
            do="Encode without is_balanced to find the frequent bits, then with it",
        )
    if not encoded.rows.height:
        raise InputError("The file has no rows")
    found: set[int] = set()
    for name in encoded.settings.filters:
        words = np.ascontiguousarray(encoded.rows[name].to_numpy())
        bits = np.unpackbits(words.view(np.uint8), axis=1, bitorder="little")
        found |= set(np.nonzero(bits.mean(axis=0) > above)[0].tolist())
    return sorted(found)
