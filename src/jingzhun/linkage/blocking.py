"""Which pairs are compared at all: those that share one of a few keys, chosen by what they cost and find."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Any, TypeAlias

import numpy as np
import polars as pl
from numpy.typing import NDArray

from jingzhun.linkage.fields.coded import UNKNOWN, Coded
from jingzhun.linkage.rows import Tables

Key: TypeAlias = tuple[str, str]
"""Field and the name of one of its keys."""
Rule: TypeAlias = tuple[Key, ...]
"""Keys that a pair must share, all of them."""
Numbers: TypeAlias = NDArray[np.int64]

RELIABLE: dict[str, dict[str, float]] = {
    "name_full": {"whole": 0.80, "written": 0.84, "sound": 0.86, "first": 0.90, "surname": 0.92},
    "name_given": {"whole": 0.78, "written": 0.82, "sound": 0.84, "first": 0.92},
    "name_surname": {"whole": 0.80, "written": 0.81, "sound": 0.87, "first": 0.94},
    "birth_date": {
        "whole": 0.85,
        "month_day": 0.88,
        "year_month": 0.9,
        "year_day": 0.9,
        "year": 0.93,
    },
    "date": {"whole": 0.75, "year": 0.85},
    "sex": {"whole": 0.97},
    "area": {"whole": 0.75, "county": 0.88},
    "gb11643": {"head": 0.88, "tail": 0.88},
    "exact_id": {"whole": 0.82, "head": 0.88, "tail": 0.88},
    "email": {"whole": 0.7, "user": 0.78},
    "string": {"whole": 0.72, "start": 0.82, "last": 0.75},
    "text": {"whole": 0.6, "start": 0.75, "last": 0.7},
    "code": {"whole": 0.75, "start": 0.85},
    "exact": {"whole": 0.85},
    "number": {"whole": 0.75},
    "set": {"whole": 0.6},
}
"""How often records of one person agree on a key, by kind of field: a guess of ours, for choosing keys only.

It is on the low side, so that people with several mistakes are found too."""
_TRIED = 4_000
"""Imagined pairs of one person on which rules are tried."""
_GAIN = 2e-4
_PAIRS_FOR_ONE = 2_500
"""Pairs that may be compared to find one person more."""
_SAMPLE = 100_000
"""Rows of a large table by which the pairs of a rule are estimated."""
_WIDE = 0.002
"""Keys that so many pairs of any two share serve to narrow others."""
_TROUBLE = 1.5
"""Records are not equally bad: the mean of how many times as many mistakes one has than assumed."""
"""Share of pairs of one person that a rule must add to be worth its cost."""


@dataclass(frozen=True)
class Budget:
    """Pairs that may be compared in all and by one rule, and what a rule must find for its pairs."""

    pairs: int
    by_rule: int
    free: int
    """A rule of so few pairs need not be worth them."""
    people: int
    """People who may be in both tables at most."""

    @classmethod
    def of(cls, people: int) -> Budget:
        """Grows with the people who may be in both tables, so that time does too."""
        pairs = min(80 * people, 4_000_000) + 4 * people
        return cls(pairs, pairs // 2, max(pairs // 40, 20_000), people)

    def allows(self, gain: Any, cost: Any) -> Any:
        """Whether a rule that adds `gain` (share of the people) is worth `cost` pairs."""
        return (gain >= _GAIN) & (
            (cost <= self.free) | (gain * self.people * _PAIRS_FOR_ONE >= cost)
        )


class Blocks:
    """Keys of all fields of two tables, or of one against itself."""

    def __init__(self, fields: Sequence[Coded], tables: Tables, *, seed: int) -> None:
        self._fields = {coded.field: coded for coded in fields}
        self._tables = tables
        self._is_one_table = tables.is_one
        self._seed = seed

    @cached_property
    def keys(self) -> list[Key]:
        """Every key that both tables have values of, in a fixed order."""
        named = [
            (name, key)
            for name, coded in self._fields.items()
            for key in coded.keys
            if key in RELIABLE.get(coded.kind, {})
        ]
        return [key for key in named if self._chance(key) > 0]

    def chosen(self, budget: Budget) -> tuple[Rule, ...]:
        """Rules that together find most pairs of one person for what they cost."""
        found = self._imagined()
        rules = self._possible(budget) if self.keys else []
        if not rules:
            return ()
        agrees = np.array([np.logical_and.reduce([found[key] for key in rule]) for rule in rules])
        cost = np.array([self._expected(rule) for rule in rules])
        return self._greedy(rules, agrees.astype(np.float32), cost, budget)

    def _greedy(
        self, rules: list[Rule], agrees: NDArray[np.float32], cost: NDArray[Any], budget: Budget
    ) -> tuple[Rule, ...]:
        missing = np.ones(_TRIED, dtype=np.float32)
        chosen: list[Rule] = []
        left, overhead = float(budget.pairs), budget.pairs / 50
        counted: set[int] = set()
        while len(rules):
            gains = agrees @ missing / _TRIED
            worth = np.where(
                budget.allows(gains, cost) & (cost <= min(left, budget.by_rule)), gains, 0
            ) / (cost + overhead)
            best = int(np.argmax(worth))
            if not worth[best]:
                break
            if best not in counted:
                # Keys may have more to do with each other than supposed: then look again.
                counted.add(best)
                supposed, cost[best] = cost[best], float(self.count(rules[best]))
                if cost[best] > 2 * supposed + overhead:
                    continue
            chosen.append(rules[best])
            left -= cost[best]
            missing *= 1 - agrees[best]
            cost[best] = np.inf
        return tuple(chosen)

    def count(self, rule: Rule) -> int:
        """Pairs that share all keys of the rule; of large tables an estimate."""
        left, right, _ = self._numbers(rule)
        if self._is_one_table:
            return sum(_shared(ours, theirs) for ours, theirs in self._may_match(left, right)) // 2
        every = -(-len(left) // _SAMPLE) or 1
        return every * sum(
            _shared(ours[::every], theirs) for ours, theirs in self._may_match(left, right)
        )

    def _may_match(self, left: Numbers, right: Numbers) -> list[tuple[Numbers, Numbers]]:
        """Keys of both tables without the pairs of two proven identity numbers: those differ."""
        if self._tables.proven is None:
            return [(left, right)]
        ours, theirs = self._tables.proven
        return [
            (left, np.where(theirs, UNKNOWN, right)),
            (np.where(ours, UNKNOWN, left), np.where(theirs, right, UNKNOWN)),
        ]

    def pairs(self, rules: Iterable[Rule]) -> pl.DataFrame:
        """Every pair that one of the rules finds, once: left, right (row numbers), in order."""
        parts = [self._pairs(rule) for rule in rules]
        if not parts:
            return pl.DataFrame(schema={"left": pl.UInt32, "right": pl.UInt32})
        codes = pl.concat(parts).unique().sort()
        return pl.DataFrame(
            {"left": (codes // 2**32).cast(pl.UInt32), "right": (codes % 2**32).cast(pl.UInt32)}
        )

    def _pairs(self, rule: Rule) -> pl.Series:
        left, right, _ = self._numbers(rule)
        parts = [
            _rows(ours, "left").join(_rows(theirs, "right"), on="key")
            for ours, theirs in self._may_match(left, right)
        ]
        both = pl.concat(parts)
        if self._is_one_table:
            both = both.filter(pl.col("left") < pl.col("right"))
        pair = pl.col("left").cast(pl.UInt64) * 2**32 + pl.col("right")
        return both.select(pair.alias("pair"))["pair"]

    def _key(self, key: Key) -> tuple[Numbers, Numbers, int]:
        """Number of the key in every row, made anew each time: kept, they would need the most memory of all."""
        coded = self._fields[key[0]]
        by_value = np.append(coded.keys[key[1]], UNKNOWN)
        return (
            by_value[coded.words.left],
            by_value[coded.words.right],
            int(by_value.max(initial=0)) + 1,
        )

    def _numbers(self, rule: Rule) -> tuple[Numbers, Numbers, int]:
        """One number per row for all keys of the rule together; -1 where one is not known."""
        left, right, size = self._key(rule[0])
        for key in rule[1:]:
            more_left, more_right, more = self._key(key)
            if size * more >= 2**62:
                left, right, size = _dense(left, right)
            left = np.where((left < 0) | (more_left < 0), UNKNOWN, left * more + more_left)
            right = np.where((right < 0) | (more_right < 0), UNKNOWN, right * more + more_right)
            size *= more
        return left, right, size

    def _possible(self, budget: Budget) -> list[Rule]:
        """Single keys, pairs, and triples of pairs that find too much."""
        dear = budget.by_rule / 10
        singles: list[Rule] = [(key,) for key in self.keys]
        pairs: list[Rule] = [
            (one, two) for one, two in combinations(self.keys, 2) if one[0] != two[0]
        ]
        wide = [key for key in self.keys if self._chance(key) > _WIDE]
        triples = {
            tuple(sorted((*pair, key)))
            for pair in pairs
            if self._expected(pair) > dear
            for key in wide
            if key[0] not in {pair[0][0], pair[1][0]}
        }
        rules = [*singles, *pairs, *sorted(triples)]
        return [rule for rule in rules if self._expected(rule) <= budget.by_rule]

    def _expected(self, rule: Rule) -> float:
        """Pairs of a rule if its keys had nothing to do with each other."""
        total = self._tables.all_pairs
        for key in rule:
            total *= self._chance(key)
        return total

    def _chance(self, key: Key) -> float:
        """Chance that two rows share a key."""
        if key not in self._chances:
            left, right, _ = self._key(key)
            left, right = (side[:: -(-len(side) // _SAMPLE) or 1] for side in (left, right))
            self._chances[key] = _shared(left, right) / max(float(len(left)) * len(right), 1.0)
        return self._chances[key]

    @cached_property
    def _chances(self) -> dict[Key, float]:
        return {}

    def _imagined(self) -> dict[Key, NDArray[np.bool_]]:
        """Which keys imagined pairs of one person share; a field's keys fail together."""
        random = np.random.default_rng(self._seed)
        found: dict[Key, NDArray[np.bool_]] = {}
        trouble = random.exponential(_TROUBLE, _TRIED)
        for name, coded in self._fields.items():
            luck = random.random(_TRIED)
            known = random.random(_TRIED) < _known(coded)
            for key in coded.keys:
                if (name, key) in self.keys:
                    found[(name, key)] = known & (luck < RELIABLE[coded.kind][key] ** trouble)
        return found


def _known(coded: Coded) -> float:
    left, right = (float((codes >= 0).mean()) if len(codes) else 0.0
                   for codes in (coded.words.left, coded.words.right))  # fmt: skip
    return min(left, right)


def _counts(numbers: Numbers, name: str) -> pl.DataFrame:
    return pl.Series("key", numbers).value_counts(name=name).filter(pl.col("key") >= 0)


def _shared(left: Numbers, right: Numbers) -> int:
    """Pairs with the same number."""
    both = _counts(left, "ours").join(_counts(right, "theirs"), on="key")
    return int((both["ours"].cast(pl.Int64) * both["theirs"].cast(pl.Int64)).sum())


def _rows(numbers: Numbers, side: str) -> pl.DataFrame:
    rows = pl.DataFrame({"key": numbers, side: np.arange(len(numbers), dtype=np.uint32)})
    return rows.filter(pl.col("key") >= 0)


def _dense(left: Numbers, right: Numbers) -> tuple[Numbers, Numbers, int]:
    both: Any = np.concatenate([left, right])
    values, codes = np.unique(both, return_inverse=True)
    codes = codes - int(values[0] == UNKNOWN)
    return codes[: len(left)], codes[len(left) :], len(values)
