"""Deprivation flags of a table: 0/1 columns as they are, CEL expressions through the pack compiler."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import narwhals as nw
import numpy as np

from jingzhun.errors import InputError
from jingzhun.identify.measures.design import Floats
from jingzhun.identify.measures.mpi_spec import Indicator, MpiSpec
from jingzhun.identify.measures.origin import Origin
from jingzhun.identify.measures.table import NOWHERE, require_columns
from jingzhun.policy.cel import CelError, compile_table_expression

_NAME = re.compile(r"[^\W\d]\w*")


def columns_needed(spec: MpiSpec, available: Iterable[str]) -> dict[str, str]:
    """Columns of the file the spec uses: name -> `flag` (0/1) or `any` (seen by an expression).

    A name in an expression that is no column is left to the compiler to refuse. An indicator
    without `column` and `deprived` is the 0/1 column of its own name; so is a `deprived` that is
    nothing but a column's name.
    """
    known = set(available)
    needed: dict[str, str] = {}
    for indicator in spec.indicators:
        column = flag_column(indicator, known)
        if column is not None:
            needed.setdefault(column, "flag")
        else:
            for name in _NAME.findall(indicator.deprived or ""):
                if name in known:
                    needed[name] = "any"
    return needed


def flag_column(indicator: Indicator, known: set[str]) -> str | None:
    """The 0/1 column of the indicator, or None if it is given by an expression."""
    if indicator.deprived is None:
        return indicator.column or indicator.name
    return indicator.deprived.strip() if indicator.deprived.strip() in known else None


def deprivation_flags(frame: Any, spec: MpiSpec, origin: Origin = NOWHERE) -> Mapping[str, Floats]:
    """1 (deprived), 0, or NaN (not known) per row and indicator.

    Raises InputError for a column that is missing or holds anything but 0, 1, true, false and
    missing, and for an expression that does not compile or is not true/false.
    """
    table = nw.from_native(frame, eager_only=True)
    known = set(table.columns)
    flags: dict[str, Floats] = {}
    for indicator in spec.indicators:
        column = flag_column(indicator, known)
        if column is not None:
            require_columns(table, [column], origin)
            flags[indicator.name] = _flags(table[column], column, origin)
        else:
            flags[indicator.name] = _evaluated(table, indicator, origin)
    return flags


def _evaluated(table: nw.DataFrame[Any], indicator: Indicator, origin: Origin) -> Floats:
    text = indicator.deprived or ""
    kinds = {name: kind for name, dtype in table.schema.items() if (kind := _kind(dtype))}
    where = origin.place(f"indicator {indicator.name}")
    try:
        expression = compile_table_expression(text, kinds)
    except CelError as error:
        raise InputError(
            f"In `{text}`, column {error.column}: {error.what}",
            where=where,
            why=error.why,
            do=error.do or "Correct the expression in the specification",
        ) from error
    series = table.select(flag=expression)["flag"]
    if series.dtype != nw.Boolean:
        raise InputError(
            f"`{text}` is not true or false",
            where=where,
            why=f"It gives values of type {series.dtype}",
            do='Write a comparison such as "educyr < 6"',
        )
    return _flags(series, indicator.name, origin)


def _flags(series: nw.Series[Any], name: str, origin: Origin) -> Floats:
    if series.dtype == nw.Boolean:
        series = series.cast(nw.Int8)
    if not series.dtype.is_numeric() and not bool(series.is_null().all()):
        raise InputError(
            "The deprivation column holds no numbers",
            where=origin.place(name),
            why=f"Its type is {series.dtype}",
            do="Use 0 and 1, or write an expression under `deprived`",
        )
    values = series.cast(nw.Float64).to_numpy().astype(np.float64)
    bad = ~np.isnan(values) & (values != 0) & (values != 1)
    origin.refuse(
        bad,
        name,
        "A deprivation is neither 0 nor 1",
        "Write 1 for deprived, 0 for not deprived, or an expression under `deprived`",
    )
    return values


def _kind(dtype: nw.dtypes.DType) -> str | None:
    if dtype == nw.Boolean:
        return "bool"
    if dtype.is_integer():
        return "int"
    if dtype.is_numeric():
        return "float"
    return "str" if dtype == nw.String else None
