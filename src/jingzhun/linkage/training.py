"""A model from the pairs themselves, without labels: Fellegi and Sunter's, trained by expectation-maximisation.

Three kinds of pairs are told apart: one person; two people of one household, who share what households
share; any two people. The last kind is measured on pairs drawn by chance and stays fixed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jingzhun.linkage.fields.coded import Coded
from jingzhun.linkage.model import FieldModel
from jingzhun.linkage.rows import Tables

Shares = NDArray[np.float64]
LevelRows = NDArray[np.int8]
"""One row per field, one column per pair (or pattern)."""

DRAWN = 100_000
"""Pairs drawn by chance."""
_DRAWS = 20
"""Times that so many are drawn where few may be one person."""
ROUNDS = 60
_STOP = 1e-5
_STRENGTH = 50.0
"""Weight of our first guess, in pairs."""
PERSONAL = {"name_given", "birth_date", "sex", "gb11643", "exact_id", "email"}
"""Kinds of fields in which two people of one household are as any two."""
RARITY = {
    "name_full",
    "name_given",
    "name_surname",
    "birth_date",
    "string",
    "text",
    "code",
    "area",
    "date",
}
"""Kinds of fields in which a common value says less than a rare one."""
SEEN = 150_000
"""Compared pairs looked at in training."""
IDENTIFYING = {"name_full", "name_given", "name_surname", "birth_date", "gb11643", "exact_id"}
"""Kinds of fields that rarely differ for one person, however few people there are to learn from."""
_DIFFERS = 0.3
"""They differ at most so often for one person as for two: weight at most -1.7."""
MOST_EACH = 10
"""Rows of one person in a table, on the average, at most."""
_NEAR_BY_BIRTH = 0.01
"""Chance that numbers of two people with the same birth date and region are one slip apart; a guess of ours."""
_FIRST = 0.86
_LAST = 0.04
_SHARED = 0.7
"""Share of pairs of a household that have the same value of a shared field: a first guess."""

LARGEST_PRIOR = 0.4
"""With a handful of rows every pair could be one person; odds of certainty would be no odds."""


@dataclass
class Trained:
    """Shares of the levels of each field by kind of pair, and how many pairs of each kind there are."""

    m: list[Shares]
    u: list[Shares]
    household: list[Shares]
    prior: float
    prior_household: float
    rounds: int = 0


def drawn_pairs(tables: Tables, seed: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Row numbers of pairs drawn by chance among those that may be one person."""
    random = np.random.default_rng(seed)
    left, right = tables.left.height, tables.right.height
    one, two = np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    wanted = int(min(DRAWN, 4 * tables.all_pairs))
    for _ in range(_DRAWS if left and right else 0):
        more, other = random.integers(left, size=DRAWN), random.integers(right, size=DRAWN)
        fit = np.ones(len(more), dtype=bool)
        if tables.is_one:
            fit &= more != other
        if tables.proven is not None:
            fit &= ~(tables.proven[0][more] & tables.proven[1][other])
        one, two = np.append(one, more[fit])[:wanted], np.append(two, other[fit])[:wanted]
        if len(one) >= wanted:
            break
    return one, two


def chances(coded: Coded, levels: NDArray[np.int8], *, is_one_table: bool = False) -> Shares:
    """Share of each level among pairs drawn by chance; that of equal values is computed, not drawn."""
    size = len(coded.levels)
    known = levels[levels >= 0]
    counts = np.bincount(known, minlength=size).astype(float)
    # A level that never occurred may still do so; the better it is, the rarer.
    guess = np.full(size, 0.3)
    shares = (counts + guess) / (counts.sum() + guess.sum())
    if coded.kind == "gb11643":
        # People born on one day in one county have numbers that are near each other.
        shares[1] = max(shares[1], _NEAR_BY_BIRTH)
    same = min(max(coded.chance(is_one_table=is_one_table), 1e-9), 0.999)
    shares[1:] *= (1 - same) / shares[1:].sum()
    shares[0] = same
    return np.asarray(shares)


def first_guess(coded: Coded) -> Shares:
    """Shares among pairs of one person before training."""
    size = len(coded.levels)
    if size == 2:
        return np.array([0.95, 0.05])
    if coded.kind == "gb11643":
        # Pairs with the same number were found before: what is left has none, or a wrong one.
        return np.array([0.1, 0.3, 0.55, 0.05])
    middle = np.geomspace(2.0, 1.0, size - 2)
    middle *= (1 - _FIRST - _LAST) / middle.sum()
    return np.array([_FIRST, *middle, _LAST])


def household_guess(coded: Coded, u: Shares, *, is_shared: bool | None) -> Shares:
    """Shares among pairs of one household before training."""
    if coded.kind in PERSONAL or is_shared is False:
        return u.copy()
    if coded.kind == "name_full":
        guess = u.copy()
        surname = coded.levels.index("surname")
        guess[surname] += _SHARED
        return np.asarray(guess / guess.sum())
    agree = _SHARED if coded.kind in {"name_surname", "area"} or is_shared else 0.5
    return (1 - agree) * u + agree * first_guess(coded)


def rarity(
    fields: Sequence[Coded], levels: LevelRows, left: NDArray[np.int64], u: Sequence[Shares]
) -> tuple[Shares, Shares]:
    """What a pair's common or rare values add to the logarithm of how likely any two people have them.

    The first for any two people, the second for two of one household.
    """
    any_two, household = np.zeros(levels.shape[1]), np.zeros(levels.shape[1])
    for coded, row, shares in zip(fields, levels, u, strict=True):
        if coded.kind not in RARITY:
            continue
        same = np.nonzero(row == 0)[0]
        share = coded.shares[coded.words.left[left[same]]]
        added = np.log2(share) - np.log2(shares[0])
        any_two[same] += added
        if coded.kind in PERSONAL or coded.kind == "name_full":
            household[same] += added
    return any_two, household


def log_likelihood(levels: LevelRows, shares: Sequence[Shares]) -> Shares:
    """Base-2 logarithm of how likely each column of levels is; what is not known says nothing."""
    total = np.zeros(levels.shape[1])
    for row, share in zip(levels, shares, strict=True):
        total += np.append(np.log2(share), 0.0)[row]
    return total


def train(
    fields: Sequence[Coded],
    shared: dict[str, bool | None],
    levels: LevelRows,
    u: list[Shares],
    all_pairs: float,
    rare: tuple[Shares, Shares],
    known: LevelRows | None = None,
    weight: float = 1.0,
    most_matches: float = np.inf,
) -> Trained:
    """Shares by expectation-maximisation over the compared pairs.

    `all_pairs`: pairs of rows in all, of which those compared are the likeliest. `known`: levels of pairs
    that are one person by their number; they count in full. `most_matches`: pairs of one person at most.
    """
    sizes = [len(coded.levels) for coded in fields]
    rows, counts = levels, np.full(levels.shape[1], weight)
    guess = [first_guess(coded) for coded in fields]
    sure = [np.zeros(size) for size in sizes] if known is None else _counted(known, sizes)
    trained = Trained(
        m=[_updated(g, s) for g, s in zip(guess, sure, strict=True)],
        u=u,
        household=[
            household_guess(c, one, is_shared=shared.get(c.field))
            for c, one in zip(fields, u, strict=True)
        ],
        prior=min(max(counts.sum(), 2.0) * 0.05 / all_pairs, LARGEST_PRIOR),
        prior_household=min(max(counts.sum(), 2.0) * 0.02 / all_pairs, LARGEST_PRIOR),
    )
    free = [coded.kind not in PERSONAL and shared.get(coded.field) is not False for coded in fields]
    first_household = trained.household
    for round_ in range(1, ROUNDS + 1):
        one, house = responsibilities(trained, rows, rare)
        one, house = one * counts, house * counts
        before = trained.m
        trained.m = [
            _bounded(coded, _updated(g, s + _weighted(row, one, size)), drawn)
            for coded, g, s, row, size, drawn in zip(
                fields, guess, sure, rows, sizes, u, strict=True
            )
        ]
        trained.household = [
            _updated(h, _weighted(row, house, size)) if is_free else h
            for h, row, size, is_free in zip(first_household, rows, sizes, free, strict=True)
        ]
        trained.u = [
            _apart(shares, trained, m, h)
            for shares, m, h in zip(u, trained.m, trained.household, strict=True)
        ]
        matches = min(max(float(one.sum()), 1.0), most_matches)
        trained.prior = min(matches / all_pairs, LARGEST_PRIOR)
        trained.prior_household = min(max(float(house.sum()), 0.1) / all_pairs, LARGEST_PRIOR)
        trained.rounds = round_
        if max(float(np.abs(a - b).max()) for a, b in zip(before, trained.m, strict=True)) < _STOP:
            break
    return trained


def responsibilities(
    trained: Trained, rows: LevelRows, rare: tuple[Shares, Shares]
) -> tuple[Shares, Shares]:
    """Probability of each column of levels to be of one person, and of two of one household."""
    one = log_likelihood(rows, trained.m) + np.log2(trained.prior)
    house = log_likelihood(rows, trained.household) + rare[1] + np.log2(trained.prior_household)
    any_two = (
        log_likelihood(rows, trained.u)
        + rare[0]
        + np.log2(max(1 - trained.prior - trained.prior_household, 1e-9))
    )
    most = np.maximum(np.maximum(one, house), any_two)
    weights = [np.exp2(part - most) for part in (one, house, any_two)]
    total = np.sum(weights, axis=0)
    return weights[0] / total, weights[1] / total


def field_models(fields: Sequence[Coded], trained: Trained) -> tuple[FieldModel, ...]:
    """The shares as a model keeps them."""
    return tuple(
        FieldModel(
            field=coded.field,
            kind=coded.kind,
            levels=coded.levels,
            m=_kept(m),
            u=_kept(u),
            household=_kept(h),
        )
        for coded, m, u, h in zip(fields, trained.m, trained.u, trained.household, strict=True)
    )


def _kept(shares: Shares) -> tuple[float, ...]:
    return tuple(float(f"{share:.9g}") for share in shares)


def _counted(levels: LevelRows, sizes: Sequence[int]) -> list[Shares]:
    return [
        np.bincount(row[row >= 0], minlength=size).astype(float)
        for row, size in zip(levels, sizes, strict=True)
    ]


def _weighted(row: NDArray[np.int8], weight: Shares, size: int) -> Shares:
    known = row >= 0
    return np.asarray(np.bincount(row[known], weights=weight[known], minlength=size), dtype=float)


def _bounded(coded: Coded, m: Shares, u: Shares) -> Shares:
    """`m` with its last level no commoner than it may be for one person."""
    most = _DIFFERS * u[-1]
    if coded.kind not in IDENTIFYING or m[-1] <= most:
        return m
    rest = m[:-1] * (1 - most) / m[:-1].sum()
    return np.append(rest, most)


def _apart(drawn: Shares, trained: Trained, m: Shares, household: Shares) -> Shares:
    """Shares among pairs of two people: those drawn by chance, without the few that are of one person."""
    rest = drawn - trained.prior * m - trained.prior_household * household
    left = np.maximum(rest, 0.1 * drawn)
    return np.asarray(left / left.sum())


def _updated(guess: Shares, counts: Shares) -> Shares:
    total = counts + _STRENGTH * guess
    return np.asarray(total / total.sum())
