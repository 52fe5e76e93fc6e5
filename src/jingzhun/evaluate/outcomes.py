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


def outcome(number: int, stick: Yardstick) -> nw.Expr:
    """passed, failed or not_assessable for one profile; see the module's text."""
    failed = _certainly_failed(number, stick)
    missing = _any([met_column(number, item).is_null() for item in stick.items])
    return (
        nw.when(failed)
        .then(nw.lit(FAILED))
        .otherwise(nw.when(missing).then(nw.lit(NOT_ASSESSABLE)).otherwise(nw.lit(PASSED)))
    )


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


def stricter(outcomes: Sequence[str]) -> nw.Expr:
    """The stricter of several outcome columns: failed before not assessable before passed."""
    columns = [nw.col(name) for name in outcomes]
    failed = _any([column == FAILED for column in columns])
    missing = _any([column == NOT_ASSESSABLE for column in columns])
    return (
        nw.when(failed)
        .then(nw.lit(FAILED))
        .otherwise(nw.when(missing).then(nw.lit(NOT_ASSESSABLE)).otherwise(nw.lit(PASSED)))
    )
