"""Shared by the tests of the measures: the invented survey, figures of R, and short ways to estimate."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from jingzhun.identify.measures import (
    CONVENTIONS,
    Columns,
    Conventions,
    Estimate,
    MeasureResult,
    Options,
    PovertyLine,
    estimate_measures,
    income_table,
)

DATA = Path(__file__).parent / "data"


@cache
def survey() -> pl.DataFrame:
    return pl.read_csv(DATA / "survey.csv")


@cache
def reference() -> Mapping[str, Any]:
    data: Mapping[str, Any] = json.loads((DATA / "reference.json").read_text("utf-8"))
    return data


def measured(
    frame: pl.DataFrame | Sequence[float],
    line: str = "10",
    *,
    income: str = "income",
    columns: Columns | None = None,
    per_capita: bool = False,
    conventions: Conventions | str = "default",
    **options: Any,
) -> MeasureResult:
    """Estimates of a frame, or of plain incomes with weight 1."""
    if not isinstance(frame, pl.DataFrame):
        frame = pl.DataFrame({"income": [float(y) for y in frame]})
    chosen = CONVENTIONS[conventions] if isinstance(conventions, str) else conventions
    table = income_table(frame, income, columns or Columns(), per_capita=per_capita)
    settings = replace(Options(conventions=chosen), **options)
    return estimate_measures(table, PovertyLine.parse(line), settings)


def totals(result: MeasureResult) -> dict[str, Estimate]:
    return {row.measure: row for row in result.estimates if row.by is None}


def value(result: MeasureResult, measure: str) -> float:
    found = totals(result)[measure].value
    assert found is not None
    return found
