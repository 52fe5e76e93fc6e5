"""What a mapping asks to derive where a cell is empty: birth date and sex, and the village by names."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import narwhals as nw
import polars as pl

from jingzhun.quality.intake.areas import Areas
from jingzhun.quality.intake.plan import BoundSource
from jingzhun.quality.intake.reasons import Problem, Reason
from jingzhun.quality.intake.rows import ReadRows, problem_rows
from jingzhun.standard.id_numbers import with_id_columns

_ID = "document_number"
_BETWEEN = " / "


def with_derived(
    read: ReadRows, bound: BoundSource, rows: pl.DataFrame, areas: Areas | None, *, on: date
) -> ReadRows:
    """The values with the derived columns filled. A number that has a problem gives nothing."""
    wanted = bound.plan.mapping.derive
    values, problems = read.values, read.problems
    from_number = [name for name in ("birth_date", "sex") if name in wanted]
    if from_number:
        values = _from_number(values, from_number, on)
    if bound.plan.places and areas is not None:
        values, found = _from_names(values, bound, rows, areas)
        problems = pl.concat([problems, found])
    return ReadRows(values, problems)


def _from_number(values: pl.DataFrame, wanted: Sequence[str], on: date) -> pl.DataFrame:
    types = {"birth_date": pl.Date, "sex": pl.String}
    absent = [pl.lit(None, dtype=types[n]).alias(n) for n in wanted if n not in values.columns]
    values = values.with_columns(absent)
    empty = pl.any_horizontal(pl.col(name).is_null() for name in wanted)
    rows = values.select((empty & pl.col(_ID).is_not_null()).arg_true()).to_series()
    if not len(rows):
        return values
    numbers = nw.from_native(values.select(_ID)[rows], eager_only=True)
    said = with_id_columns(numbers, _ID, on=on, prefix="id").to_native()
    for name in wanted:
        old = values[name].gather(rows)
        new = pl.select(pl.coalesce(old, said[f"id_{name}"])).to_series()
        values = values.with_columns(values[name].clone().scatter(rows, new))
    return values


def _from_names(
    values: pl.DataFrame, bound: BoundSource, rows: pl.DataFrame, areas: Areas
) -> tuple[pl.DataFrame, pl.DataFrame]:
    target = bound.plan.table.area or ""
    if target not in values.columns:
        values = values.with_columns(pl.lit(None, dtype=pl.String).alias(target))
    names = rows.select(name.alias(f"name{n}") for n, name in enumerate(bound.names))
    codes = areas.codes_of(names)
    given = names.select(pl.concat_str(pl.all(), separator=_BETWEEN)).to_series()
    unknown = (values[target].is_null() & codes.is_null() & given.is_not_null()).arg_true()
    column = bound.plan.table.column(target)
    problems = problem_rows(unknown, Problem(Reason.UNKNOWN_PLACE), column, given.gather(unknown))
    return values.with_columns(pl.coalesce(target, codes).alias(target)), problems
