"""Bloom filters of many values at once: each token sets bits that only holders of the key can tell.

A value's filter is the union of its tokens' bits (Schnell, Bachteler, Reiher 2009, "Privacy-preserving
record linkage using Bloom filters"). The places come straight from the digest (random hashing) rather
than from sums of two hashes, which is easier to attack (Niedermeyer et al. 2014).
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint64]
"""Filters, one row each, 64 bits a word."""

WORD = 64
MOST_HASHES = 16
"""Two bytes of a digest of 32 give one place."""
_CHUNK = 50_000


def hashed(values: Sequence[str], key: bytes, digest: str) -> NDArray[np.uint8]:
    """Keyed digest of each value: 32 bytes a row."""
    keyed = hmac.new(key, digestmod=digest)

    def made(value: str) -> bytes:
        own = keyed.copy()  # the key is taken in once: a quarter quicker
        own.update(value.encode())
        return own.digest()

    found = b"".join(map(made, values))
    return np.frombuffer(found, dtype=np.uint8).reshape(len(values), 32)


def token_masks(
    tokens: Sequence[str], hashes: NDArray[Any], *, key: bytes, digest: str, bits: int
) -> Words:
    """Bits that each token sets: the first `hashes` places of its digest (at most 16)."""
    places = hashed(tokens, key, digest).view("<u2").astype(np.int64) % bits
    rows, order = np.nonzero(np.arange(MOST_HASHES) < np.asarray(hashes)[:, None])
    masks = np.zeros((len(tokens), bits // WORD), dtype=np.uint64)
    chosen = places[rows, order]
    np.bitwise_or.at(
        masks, (rows, chosen // WORD), np.uint64(1) << (chosen % WORD).astype(np.uint64)
    )
    return masks


def united(masks: Words, tokens: NDArray[Any], ends: NDArray[Any]) -> Words:
    """Union of the masks of each value; `ends` is where each value's run of `tokens` ends.

    A value without tokens has an empty filter.
    """
    out = np.zeros((len(ends), masks.shape[1]), dtype=np.uint64)
    starts = np.concatenate([[0], ends[:-1]]).astype(np.int64)
    for first in range(0, len(ends), _CHUNK):
        rows = np.arange(first, min(first + _CHUNK, len(ends)))
        rows = rows[ends[rows] > starts[rows]]
        if len(rows):
            begin, end = starts[rows[0]], ends[rows[-1]]
            out[rows] = np.bitwise_or.reduceat(masks[tokens[begin:end]], starts[rows] - begin)
    return out


def cleared(filters: Words, places: Sequence[int]) -> Words:
    """The filters with some places empty."""
    keep = np.full(filters.shape[1], ~np.uint64(0))
    for place in places:
        keep[place // WORD] &= ~(np.uint64(1) << np.uint64(place % WORD))
    return filters & keep


def balanced(filters: Words, key: bytes, digest: str) -> Words:
    """Each filter followed by its complement, the places mixed in an order that only the key tells.

    Every filter then has half of its bits set, so that their number says nothing.
    """
    bits = np.unpackbits(filters.view(np.uint8), axis=1, bitorder="little")
    size = 2 * bits.shape[1]
    places = hashed([str(place) for place in range(size)], key, digest)
    order = np.argsort(np.ascontiguousarray(places[:, :8]).view("<u8").ravel())
    out = np.empty((len(filters), size // WORD), dtype=np.uint64)
    for first in range(0, len(filters), _CHUNK):
        part = bits[first : first + _CHUNK]
        both = np.concatenate([part, 1 - part], axis=1)[:, order]
        packed = np.ascontiguousarray(np.packbits(both, axis=1, bitorder="little"))
        out[first : first + _CHUNK] = packed.view(np.uint64)
    return out


def dice(left: Words, right: Words) -> NDArray[np.float32]:
    """Dice coefficient of each pair of rows: twice the common bits by all bits; 0 where both are empty."""
    common = np.bitwise_count(left & right).sum(axis=1, dtype=np.int32)
    total = counts(left) + counts(right)
    return np.asarray(2.0 * common / np.maximum(total, 1), dtype=np.float32)


def counts(filters: Words) -> NDArray[np.int32]:
    """Bits set in each filter."""
    return np.asarray(np.bitwise_count(filters).sum(axis=1, dtype=np.int32))
