"""One block of raw rows becomes values, and for the cells that can't be read, problems."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from jingzhun.quality.intake.plan import BoundSource
from jingzhun.quality.intake.readings import Reading
from jingzhun.quality.intake.reasons import Problem, Reason, sentence, shown
from jingzhun.standard.schema import Column

PROBLEMS: dict[str, Any] = {
    "row": pl.UInt32,
    "field": pl.String,
    "value": pl.String,
    "reason_code": pl.String,
    "reason_en": pl.String,
    "reason_zh": pl.String,
}
"""One line per problem; `row` is the position in the block."""

_FEW = 100
"""Up to so many texts, the slow way is the faster one."""
_JUDGED = ("value", "reason_code", "reason_en", "reason_zh")


@dataclass(frozen=True)
class ReadRows:
    """The values of a block, one row per raw row, and the problems found in them."""

    values: pl.DataFrame
    problems: pl.DataFrame


def read_rows(bound: BoundSource, rows: pl.DataFrame) -> ReadRows:
    """Read every mapped column of a block. A cell with a problem, and a missing one, is null."""
    names = [name for name in bound.plan.filled if name in bound.texts]
    texts = rows.select(bound.texts[name].alias(name) for name in names)
    readings = bound.plan.readings
    # Lazy, so that what expressions of one column share is computed once.
    values = texts.lazy().select(_first_tier(name, readings[name]) for name in names).collect()
    found: list[pl.Series] = []
    problems: list[pl.DataFrame] = [pl.DataFrame(schema=PROBLEMS)]
    for name in names:
        column = bound.plan.table.column(name)
        series, wrong = _finished(texts[name], values[name], readings[name], column)
        found.append(series)
        problems += wrong
    return ReadRows(pl.DataFrame(found), pl.concat(problems))


def _first_tier(name: str, reading: Reading) -> pl.Expr:
    tiers = reading.fast
    raw = pl.col(name)
    value = tiers[0](raw) if tiers else pl.lit(None, dtype=reading.dtype)
    return value.cast(reading.dtype).alias(name)


def _finished(
    texts: pl.Series, values: pl.Series, reading: Reading, column: Column
) -> tuple[pl.Series, list[pl.DataFrame]]:
    """Values completed by what the later tiers and the slow way read, and the problems left."""
    rest = (texts.is_not_null() & values.is_null()).arg_true()
    if not len(rest):
        return values, []
    left = texts.gather(rest).alias("text").to_frame()
    judged = _judged(left["text"].unique(), reading, column)
    joined = left.with_columns(rest.cast(pl.UInt32).alias("row")).join(
        judged, on="text", how="left", maintain_order="left"
    )
    wrong = joined.filter(pl.col("reason_code").is_not_null())
    problems = wrong.select("row", pl.lit(column.name).alias("field"), *_JUDGED)
    return _put(values, joined), [problems] if problems.height else []


def _put(values: pl.Series, joined: pl.DataFrame) -> pl.Series:
    read = joined.filter(pl.col("read").is_not_null())
    if not read.height:
        return values
    if values.dtype.is_nested():
        whole = values.to_frame("old").with_row_index("row")
        both = whole.join(read.select("row", "read"), on="row", how="left", maintain_order="left")
        return both.select(pl.coalesce("read", "old").alias(values.name)).to_series()
    return values.scatter(read["row"], read["read"])


def _judged(distinct: pl.Series, reading: Reading, column: Column) -> pl.DataFrame:
    """For each distinct text: the value (`read`), or the reason, or neither when it says nothing."""
    done, texts = _quickly(distinct.alias("text").to_frame(), reading)
    slow = [reading.one(text) for text in texts]
    reasons = [_reason(item, column, text) for item, text in zip(slow, texts, strict=True)]
    values = [None if isinstance(item, Problem) else item for item in slow]
    by_hand = pl.DataFrame(
        [
            pl.Series("text", texts, dtype=pl.String),
            pl.Series("read", values, dtype=reading.dtype),
            *(
                pl.Series(part, [reason[place] for reason in reasons], dtype=pl.String)
                for place, part in enumerate(_JUDGED)
            ),
        ]
    )
    return pl.concat([done, by_hand], how="diagonal")


def _quickly(texts: pl.DataFrame, reading: Reading) -> tuple[pl.DataFrame, list[str]]:
    """What the later tiers read, and the texts left for the slow way (few texts go there at once)."""
    tiers = reading.fast[1:]
    if texts.height <= _FEW or not tiers:
        return texts.clear(), texts["text"].to_list()
    values = [tier(pl.col("text")).cast(reading.dtype) for tier in tiers]
    tried = texts.lazy().with_columns(pl.coalesce(values).alias("read")).collect()
    left = tried["read"].is_null()
    return tried.filter(~left), tried.filter(left)["text"].to_list()


def _reason(item: Any, column: Column, text: str) -> tuple[str | None, ...]:
    if not isinstance(item, Problem):
        return (None,) * len(_JUDGED)
    words = sentence(item, column, text)
    return (shown(column, text), item.reason.value, words.en, words.zh)


def problem_rows(
    rows: pl.Series, problem: Problem, column: Column | None, texts: pl.Series | None = None
) -> pl.DataFrame:
    """The same problem for several rows of a block, with their texts where these explain it."""
    given = [None] * len(rows) if texts is None else texts.to_list()
    words = {text: sentence(problem, column, text) for text in dict.fromkeys(given)}
    return pl.DataFrame(
        {
            "row": rows.cast(pl.UInt32),
            "field": [column.name if column else None] * len(rows),
            "value": [None if text is None else shown(column, text) for text in given],
            "reason_code": [problem.reason.value] * len(rows),
            "reason_en": [words[text].en for text in given],
            "reason_zh": [words[text].zh for text in given],
        },
        schema=PROBLEMS,
    )


def missing_rows(read: ReadRows, required: list[Column]) -> pl.DataFrame:
    """Problems for required columns that are empty, where no other problem emptied them."""
    found = [pl.DataFrame(schema=PROBLEMS)]
    for column in required:
        empty = read.values[column.name].is_null().arg_true().cast(pl.UInt32)
        if len(empty):
            known = read.problems.filter(pl.col("field") == column.name)["row"]
            rows = empty.filter(~empty.is_in(known.implode()))
            found.append(problem_rows(rows, Problem(Reason.REQUIRED_MISSING), column))
    return pl.concat(found)
