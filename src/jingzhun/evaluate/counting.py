"""Counts of an evaluation, added up from cells: households of a village with the same answers.

A cell has `village_code`, `registered`, `exited`, the columns of `outcomes.judged`, and in `n` how many
households and in `persons` how many persons it stands for. There are few cells, so adding up costs nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import combinations
from typing import Any, TypeAlias

import narwhals as nw

from jingzhun.evaluate import outcomes
from jingzhun.evaluate.outcomes import FAILED, NOT_ASSESSABLE, OUTCOMES, PASSED
from jingzhun.evaluate.yardstick import Yardstick

Eager: TypeAlias = nw.DataFrame[Any]
Counts: TypeAlias = Counter[tuple[str, ...]]
"""What was counted -> households. Keys start with a word: ("outcome", profile, outcome) ..."""

SCORE_STEP = 5
TOWNSHIP_DIGITS, COUNTY_DIGITS = 9, 6


def totals(cells: Eager, sticks: Sequence[Yardstick]) -> dict[str, Counts]:
    """County code -> counts over registered households; `households` counts the others too."""
    conditions = {("registered",): nw.lit(True), **_conditions(sticks)}
    ready = cells.select(
        "n",
        nw.col("village_code").str.slice(0, COUNTY_DIGITS).alias("county_code"),
        *(
            _if(nw.col("registered") & condition, nw.col("n")).alias(f"n{i}")
            for i, condition in enumerate(conditions.values())
        ),
    )
    added = [nw.col("n").sum(), *(nw.col(f"n{i}").sum() for i in range(len(conditions)))]
    grouped = ready.group_by("county_code").agg(*added).rows()
    return {
        str(code): Counter(
            {("households",): int(n)}
            | {key: int(count) for key, count in zip(conditions, counts, strict=True) if count}
        )
        for code, n, *counts in sorted(grouped, key=lambda row: str(row[0]))
    }


def score_bands(cells: Eager, sticks: Sequence[Yardstick]) -> dict[str, Counts]:
    """County code -> registered households by band of score, for every weighted profile."""
    found: dict[str, Counts] = {}
    registered = cells.filter(nw.col("registered"))
    for number, stick in enumerate(sticks):
        if not stick.is_weighted:
            continue
        band = ((nw.col(f"s{number}") + outcomes.TOLERANCE) // SCORE_STEP).cast(nw.Int64)
        county = nw.col("village_code").str.slice(0, COUNTY_DIGITS)
        banded = registered.select("n", county_code=county, band=band * SCORE_STEP)
        grouped = banded.group_by("county_code", "band").agg(nw.col("n").sum())
        for code, low, n in grouped.rows():
            found.setdefault(str(code), Counter())["score", stick.id, str(low)] += int(n)
    return found


def township_outcomes(cells: Eager, sticks: Sequence[Yardstick]) -> Counter[tuple[str, str, str]]:
    """(township code, profile, outcome) -> registered households."""
    found: Counter[tuple[str, str, str]] = Counter()
    place = nw.concat_str(nw.col("village_code").str.slice(0, TOWNSHIP_DIGITS), nw.lit("000"))
    registered = cells.filter(nw.col("registered")).with_columns(township=place)
    for number, stick in enumerate(sticks):
        named = outcomes.named(nw.col(f"f{number}"), nw.col(f"u{number}"))
        chosen = registered.select("township", "n", outcome=named)
        grouped = chosen.group_by("township", "outcome").agg(nw.col("n").sum())
        for code, outcome, n in grouped.rows():
            found[str(code), stick.id, str(outcome)] += int(n)
    return found


def village_facts(cells: Eager) -> Eager:
    """One row per village: households and persons of the register by stricter outcome."""
    registered, exited = nw.col("registered"), nw.col("exited")
    failed, unknown = nw.col("failed"), nw.col("unknown")
    masks = {
        "register_persons": registered,
        "passed_persons": registered & ~failed & ~unknown,
        "failed_persons": registered & failed,
        "not_assessable_persons": registered & unknown,
        "not_exited_persons": registered & ~exited,
        "wrongly_exited_persons": registered & exited & failed,
        "missed_persons": ~registered & failed,
    }
    ready = cells.select(
        "village_code",
        _if(registered, nw.col("n")).alias("register_households"),
        *(_if(mask, nw.col("persons")).alias(name) for name, mask in masks.items()),
    )
    names = ["register_households", *masks]
    facts = ready.group_by("village_code").agg(*(nw.col(name).sum() for name in names))
    poor = nw.col("failed_persons") + nw.col("not_assessable_persons") + nw.col("missed_persons")
    return facts.with_columns(poor_persons=poor).sort("village_code")


def _conditions(sticks: Sequence[Yardstick]) -> dict[tuple[str, ...], nw.Expr]:
    """What is counted over registered households, each as a condition on a cell."""
    conditions: dict[tuple[str, ...], nw.Expr] = {}
    for number, stick in enumerate(sticks):
        conditions |= _of_profile(number, stick)
    for a, b in combinations(range(len(sticks)), 2):
        for x in OUTCOMES:
            for y in OUTCOMES:
                both = outcomes.is_outcome(a, x) & outcomes.is_outcome(b, y)
                conditions["pair", sticks[a].id, sticks[b].id, x, y] = both
    failed, unknown = nw.col("failed"), nw.col("unknown")
    passed = ~failed & ~unknown
    strict = {PASSED: passed, FAILED: failed, NOT_ASSESSABLE: unknown}
    exited = nw.col("exited")
    conditions["exited",] = exited
    conditions["exited_failing",] = exited & failed
    conditions["not_exited_passing",] = ~exited & passed
    return conditions | {("stricter", name): is_it for name, is_it in strict.items()}


def _of_profile(number: int, stick: Yardstick) -> dict[tuple[str, ...], nw.Expr]:
    found: dict[tuple[str, ...], nw.Expr] = {}
    for x in OUTCOMES:
        found["outcome", stick.id, x] = outcomes.is_outcome(number, x)
    for item in stick.items:
        met = outcomes.met_column(number, item)
        found["not_met", stick.id, item.id] = ~met.fill_null(True)
        found["missing", stick.id, item.id] = met.is_null()
    if stick.pass_mark is not None:
        assessable = ~outcomes.is_outcome(number, NOT_ASSESSABLE)
        reached = assessable & (nw.col(f"s{number}") >= stick.pass_mark - outcomes.TOLERANCE)
        found["reached", stick.id] = reached
        found["reached_no_veto", stick.id] = reached & ~nw.col(f"v{number}")
    return found


def _if(condition: nw.Expr, value: nw.Expr) -> nw.Expr:
    return nw.when(condition).then(value).otherwise(nw.lit(0))
