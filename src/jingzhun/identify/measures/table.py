"""From a data frame to arrays, with errors that name the column and the row."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import narwhals as nw
import numpy as np
from numpy.typing import NDArray

from jingzhun.errors import InputError
from jingzhun.identify.measures.design import (
    Floats,
    Integers,
    LonelyPsu,
    SurveyDesign,
    survey_design,
)
from jingzhun.identify.measures.domains import Group
from jingzhun.identify.measures.origin import Origin

MISSING_GROUP = "(missing)"
NOWHERE = Origin()


@dataclass(frozen=True)
class Columns:
    """Which columns hold what. Grain of the table: one row per person, or per household (`size`)."""

    weight: str | None = None
    size: str | None = None
    by: str | None = None
    strata: str | None = None
    psu: str | None = None
    age: str | None = None
    lonely: LonelyPsu = LonelyPsu.ADJUST

    @property
    def numbers(self) -> list[str]:
        """Those that must be numeric."""
        return [name for name in (self.weight, self.size, self.age) if name is not None]

    @property
    def codes(self) -> list[str]:
        """Those of any type."""
        return [name for name in (self.by, self.strata, self.psu) if name is not None]


@dataclass(frozen=True, eq=False)
class SampleTable:
    """Weights, design and groups of a table's rows, common to all kinds of measures.

    `weight` is the weight of the row in persons: `weight` times `size`. `group_codes` gives the
    position of each row's group in `groups`.
    """

    weight: Floats
    design: SurveyDesign
    origin: Origin
    groups: list[Group] | None = None
    group_codes: Integers | None = None

    @property
    def n_rows(self) -> int:
        """Rows of the table."""
        return len(self.weight)


@dataclass(frozen=True, eq=False)
class IncomeTable(SampleTable):
    """Adds the income of each row, per person; NaN where it is missing."""

    income: Floats = field(default_factory=lambda: np.zeros(0))
    age: Floats | None = None

    @property
    def left_out(self) -> dict[str, int]:
        """Rows that take no part, by reason."""
        return {
            "income_missing": int(np.isnan(self.income).sum()),
            "weight_zero": int((~np.isnan(self.income) & (self.weight == 0)).sum()),
        }


def income_table(
    frame: Any,
    income: str,
    columns: Columns,
    *,
    per_capita: bool = False,
    origin: Origin = NOWHERE,
) -> IncomeTable:
    """Read the columns of an eager data frame (Polars, pandas, ...) into arrays.

    `per_capita` divides the income by `size`. Null and NaN incomes are kept as missing. Raises
    InputError for a missing column, text or infinity where numbers belong, and for weights, sizes,
    strata or PSUs that are missing; weights must not be negative, sizes not below zero.
    """
    table = nw.from_native(frame, eager_only=True)
    _need_rows_and_columns(table, [income, *columns.numbers, *columns.codes], origin)
    sample = sample_table(table, columns, origin)
    amount = numbers(table, income, origin)
    if per_capita:
        if columns.size is None:
            raise InputError(
                "--per-capita needs --size",
                why="Income can only be divided by the household's size when that is given",
                do="Add --size COLUMN",
            )
        size = numbers(table, columns.size, origin)
        amount = np.where(size > 0, amount / np.where(size > 0, size, 1.0), np.nan)
    age = None if columns.age is None else numbers(table, columns.age, origin)
    if age is not None:
        origin.refuse(
            np.isnan(age), columns.age, "The age is missing", "Fill it or leave the row out"
        )
    return IncomeTable(
        sample.weight, sample.design, sample.origin, sample.groups, sample.group_codes, amount, age
    )


def mpi_table(frame: Any, columns: Columns, *, origin: Origin = NOWHERE) -> SampleTable:
    """Weights, design and groups of an eager data frame, for `estimate_mpi`; errors as above."""
    table = nw.from_native(frame, eager_only=True)
    _need_rows_and_columns(table, [*columns.numbers, *columns.codes], origin)
    return sample_table(table, columns, origin)


def sample_table(table: nw.DataFrame[Any], columns: Columns, origin: Origin) -> SampleTable:
    """Weights, design and groups; columns must exist."""
    n = len(table)
    weight = np.ones(n)
    for name, what in ((columns.weight, "weight"), (columns.size, "size")):
        if name is None:
            continue
        values = numbers(table, name, origin)
        origin.refuse(
            np.isnan(values), name, f"The {what} is missing", "Fill it or leave the row out"
        )
        origin.refuse(values < 0, name, f"The {what} is negative", "Correct it; 0 leaves a row out")
        weight *= values
    design = survey_design(
        n,
        strata=_design_codes(table, columns.strata, origin),
        psu=_design_codes(table, columns.psu, origin),
        lonely=columns.lonely,
    )
    groups, group_codes = (None, None)
    if columns.by is not None:
        groups, group_codes = grouped(table[columns.by])
    return SampleTable(weight, design, origin, groups, group_codes)


def numbers(table: nw.DataFrame[Any], name: str, origin: Origin) -> Floats:
    """A numeric column as floats, missing as NaN."""
    series = table[name]
    if not (series.dtype.is_numeric() or series.dtype == nw.Unknown or _all_null(series)):
        raise InputError(
            "The column holds no numbers",
            where=origin.place(name),
            why=f"Its type is {series.dtype}",
            do="Convert it to numbers, or name another column",
        )
    values = series.cast(nw.Float64).to_numpy().astype(np.float64)
    origin.refuse(np.isinf(values), name, "The value is infinite", "Correct it")
    return values


def grouped(series: nw.Series[Any]) -> tuple[list[Group], Integers]:
    """The groups in ascending order and each row's position; missing is a group of its own, last."""
    codes, values = _dense(series)
    groups: list[Group] = [_plain(value) for value in values]
    if (codes < 0).any():
        codes = np.where(codes < 0, len(groups), codes)
        groups.append(MISSING_GROUP)
    return groups, codes


def require_columns(table: nw.DataFrame[Any], names: list[str], origin: Origin) -> None:
    """Raise InputError naming the first column that the table lacks, or that it has no rows."""
    _need_rows_and_columns(table, names, origin)


def _design_codes(
    table: nw.DataFrame[Any], name: str | None, origin: Origin
) -> NDArray[np.int64] | None:
    if name is None:
        return None
    codes, _ = _dense(table[name])
    origin.refuse(
        codes < 0, name, "The code is missing", "Give every row its stratum and sampling unit"
    )
    return codes


def _dense(series: nw.Series[Any]) -> tuple[Integers, list[Any]]:
    """Position of each value among the sorted distinct ones, -1 for null; and those values."""
    if series.dtype.is_float():
        series = series.cast(nw.Float64)
        null = np.isnan(series.to_numpy())
    else:
        null = series.is_null().to_numpy()
    if series.dtype.is_numeric():
        values, codes = np.unique(series.to_numpy()[~null], return_inverse=True)
        out = np.full(len(series), -1, dtype=np.int64)
        out[~null] = codes
        return out, values.tolist()
    distinct = series.drop_nulls().unique().sort().to_list()
    if not distinct:
        return np.full(len(series), -1, dtype=np.int64), []
    filled = series.fill_null(distinct[0])
    coded = filled.replace_strict(distinct, list(range(len(distinct))), return_dtype=nw.Int64)
    return np.where(null, -1, coded.to_numpy()).astype(np.int64), distinct


def _plain(value: Any) -> Group:
    return value if isinstance(value, str | bool | int | float) else str(value)


def _all_null(series: nw.Series[Any]) -> bool:
    return bool(series.is_null().all())


def _need_rows_and_columns(table: nw.DataFrame[Any], names: list[str], origin: Origin) -> None:
    for name in names:
        if name not in table.columns:
            raise InputError(
                f"There is no column {name!r}",
                where=origin.place(),
                why="The file has " + ", ".join(table.columns[:20]),
                do="Name one of them",
            )
    if not len(table):
        raise InputError(
            "The file has no rows",
            where=origin.place(),
            why="There is nothing to measure",
            do="Hand in a file with data below the header",
        )
