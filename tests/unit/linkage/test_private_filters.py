"""Bloom filters: the same tokens give the same bits, and Dice is what its definition says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingzhun.linkage.private import filters

KEY = bytes(range(7, 39))


def _masks(tokens: list[str], key: bytes = KEY, hashes: int = 8, bits: int = 256) -> filters.Words:
    return filters.token_masks(
        tokens, np.full(len(tokens), hashes), key=key, digest="sha256", bits=bits
    )


def _places(row: filters.Words) -> set[int]:
    return set(np.nonzero(np.unpackbits(row.view(np.uint8), bitorder="little"))[0].tolist())


def test_a_token_sets_as_many_bits_as_asked_at_most() -> None:
    masks = _masks([f"token {i}" for i in range(200)], hashes=8)

    assert set(filters.counts(masks).tolist()) <= {5, 6, 7, 8}


def test_another_key_sets_other_bits() -> None:
    assert not np.array_equal(_masks(["c一二"]), _masks(["c一二"], key=KEY[::-1]))


def test_a_filter_is_the_union_of_its_tokens() -> None:
    masks = _masks(["a", "b", "c"])
    made = filters.united(masks, np.array([0, 1, 2]), np.array([2, 2, 3]))

    assert _places(made[0]) == _places(masks[0]) | _places(masks[1])
    assert _places(made[1]) == set()
    assert _places(made[2]) == _places(masks[2])


def test_filters_of_no_values_are_none() -> None:
    made = filters.united(_masks(["a"]), np.array([], dtype=np.int64), np.array([0, 0]))

    assert filters.counts(made).tolist() == [0, 0]


@given(st.sets(st.integers(0, 127)), st.sets(st.integers(0, 127)))
def test_dice_is_twice_the_common_bits_by_all_bits(one: set[int], two: set[int]) -> None:
    bits = np.zeros((2, 128), dtype=np.uint8)
    bits[0, list(one)] = 1
    bits[1, list(two)] = 1
    words = np.packbits(bits, axis=1, bitorder="little").view(np.uint64)

    expected = 2 * len(one & two) / (len(one) + len(two)) if one or two else 0.0
    assert filters.dice(words[:1], words[1:])[0] == pytest.approx(expected, abs=1e-6)


def test_dropped_bits_are_empty_and_the_others_stay() -> None:
    masks = _masks(["a"])
    some = sorted(_places(masks[0]))[:2]

    assert _places(filters.cleared(masks, some)[0]) == _places(masks[0]) - set(some)


def test_balanced_filters_all_have_half_of_their_bits_set() -> None:
    made = filters.balanced(_masks([f"token {i}" for i in range(50)]), KEY, "sha256")

    assert set(filters.counts(made).tolist()) == {256}


def test_balanced_filters_keep_the_order_of_likeness() -> None:
    masks = _masks(["a", "b", "c", "d"])
    rows = filters.united(masks, np.array([0, 1, 0, 1, 2, 2, 3]), np.array([2, 5, 7]))
    made = filters.balanced(rows, KEY, "sha256")

    near, far = filters.dice(made[[0, 0]], made[[1, 2]])
    assert near > far


def test_sm3_may_be_used_for_the_digest() -> None:
    one = filters.hashed(["x"], KEY, "sm3")

    assert one.shape == (1, 32)
    assert not np.array_equal(one, filters.hashed(["x"], KEY, "sha256"))
