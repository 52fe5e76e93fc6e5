"""From judged indicators to an outcome: points, score, vetoes, what is missing, passed or not.

Unknown is neither met nor failed. A household is *failed* when that is certain whatever the missing
values are (a veto is known to be unmet, or full marks for all that is missing would not reach the pass
mark); otherwise one missing indicator makes it *not assessable*, never passed. In the score a missing
indicator counts as not met.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import add, or_

import narwhals as nw

from jingzhun.evaluate.yardstick import Item, Yardstick

PASSED, FAILED, NOT_ASSESSABLE = "passed", "failed", "not_assessable"
OUTCOMES = (PASSED, FAILED, NOT_ASSESSABLE)
FULL_SCORE = 100.0
TOLERANCE = 1e-9
"""Scores are sums of decimal weights; two that differ by less are the same score."""


def met_column(number: int, item: Item) -> nw.Expr:
    """Whether the indicator is met; null when it can't be assessed. `number`: place of the profile."""
    head = f"q{number}__{item.id}"
    if item.met is not None:
        return nw.col(f"{head}__met")
    return nw.col(f"{head}__score") >= FULL_SCORE - TOLERANCE


def points_column(number: int, item: Item) -> nw.Expr:
    """Points for the indicator; null when it can't be assessed."""
    head = f"q{number}__{item.id}"
    if item.met is not None:
        return nw.col(f"{head}__met").cast(nw.Float64) * item.weight
    share = nw.col(f"{head}__score").cast(nw.Float64).clip(0.0, FULL_SCORE) / FULL_SCORE
    return share * item.weight


def score(number: int, stick: Yardstick) -> nw.Expr:
    """The score, missing indicators counted as not met; null for a profile that does not weigh."""
    if not stick.is_weighted:
        return nw.lit(None).cast(nw.Float64)
    return reduce(add, [points_column(number, item).fill_null(0.0) for item in stick.items])


def flags(number: int, stick: Yardstick) -> dict[str, nw.Expr]:
    """The outcome of one profile as three conditions, never null: `f` failed, `u` unknown, `v` vetoed.

    Neither failed nor unknown is passed; what is failed is not unknown.
    """
    return {
        f"f{number}": _certainly_failed(number, stick),
        f"u{number}": _any([met_column(number, item).is_null() for item in stick.items]),
        f"v{number}": _any([_unmet(number, item) for item in stick.vetoes]),
    }


def is_outcome(number: int, outcome: str) -> nw.Expr:
    """Whether a row with the columns of `flags` has this outcome."""
    failed, unknown = nw.col(f"f{number}"), nw.col(f"u{number}")
    if outcome == FAILED:
        return failed
    return ~failed & unknown if outcome == NOT_ASSESSABLE else ~failed & ~unknown


def named(failed: nw.Expr, unknown: nw.Expr) -> nw.Expr:
    """An outcome as a word from its two conditions."""
    undecided = nw.when(unknown).then(nw.lit(NOT_ASSESSABLE)).otherwise(nw.lit(PASSED))
    return nw.when(failed).then(nw.lit(FAILED)).otherwise(undecided)


def outcome(number: int, stick: Yardstick) -> nw.Expr:
    """passed, failed or not_assessable for one profile; see the module's text."""
    found = flags(number, stick)
    return named(found[f"f{number}"], found[f"u{number}"])


def _certainly_failed(number: int, stick: Yardstick) -> nw.Expr:
    vetoed = _any([_unmet(number, item) for item in stick.vetoes])
    if stick.pass_mark is None:
        return vetoed
    best = reduce(add, [points_column(number, item).fill_null(item.weight) for item in stick.items])
    return vetoed | (best < stick.pass_mark - TOLERANCE)


def _unmet(number: int, item: Item) -> nw.Expr:
    return ~met_column(number, item).fill_null(True)


def _any(conditions: Sequence[nw.Expr]) -> nw.Expr:
    return reduce(or_, conditions) if conditions else nw.lit(False)


def veto_list(number: int, stick: Yardstick) -> nw.Expr:
    """Ids of vetoes known to be unmet, joined by commas; empty when there is none."""
    return _joined([(item.id, _unmet(number, item)) for item in stick.vetoes])


def missing_list(number: int, stick: Yardstick) -> nw.Expr:
    """Ids of indicators that can't be assessed, joined by commas; empty when there is none."""
    return _joined([(item.id, met_column(number, item).is_null()) for item in stick.items])


def _joined(flags: Sequence[tuple[str, nw.Expr]]) -> nw.Expr:
    if not flags:
        return nw.lit("")
    parts = [nw.when(flag).then(nw.lit(f"{name},")).otherwise(nw.lit("")) for name, flag in flags]
    return nw.concat_str(*parts).str.strip_chars_end(",")


def stricter(numbers: Sequence[int]) -> dict[str, nw.Expr]:
    """The stricter of several outcomes: failed before not assessable before passed. See `flags`."""
    failed = _any([nw.col(f"f{number}") for number in numbers])
    return {"failed": failed, "unknown": ~failed & _any([nw.col(f"u{n}") for n in numbers])}


def strictest(columns: Sequence[str]) -> nw.Expr:
    """The stricter of several outcomes that stand in columns as words; see `stricter`."""
    failed = _any([nw.col(name) == FAILED for name in columns])
    unknown = _any([nw.col(name) == NOT_ASSESSABLE for name in columns])
    return named(failed, unknown)
