"""What kind of field a column is, told from its values."""

from __future__ import annotations

import polars as pl

from jingzhun.linkage.fields.by_date import days
from jingzhun.linkage.spec import FieldKind

LOOKED_AT = 5_000
"""Values looked at."""
FEW = 6
"""A column with so few different values is a code whose writings say nothing."""
WORDS = 2.2
"""Mean number of words from which a column holds texts."""


def kind_of(left: pl.Series, right: pl.Series) -> FieldKind:
    """The kind; from the data type where it tells, else from what most values look like."""
    if _tells(left):
        return _by_type(left)
    known = pl.concat([side.cast(pl.String).drop_nulls().head(LOOKED_AT) for side in (left, right)])
    if known.is_empty() or known.n_unique() <= FEW:
        return "exact"
    if _share(days(known).is_not_null()) > 0.8:
        return "date"
    return (
        "number" if left.dtype.is_float() else _by_look(known, is_integer=left.dtype.is_integer())
    )


def _tells(values: pl.Series) -> bool:
    return (
        isinstance(values.dtype, pl.List)
        or values.dtype == pl.Boolean
        or values.dtype.is_temporal()
    )


def _by_type(values: pl.Series) -> FieldKind:
    if isinstance(values.dtype, pl.List):
        return "set"
    return "exact" if values.dtype == pl.Boolean else "date"


def _by_look(known: pl.Series, *, is_integer: bool) -> FieldKind:
    if is_integer:
        return "number" if known.n_unique() < 200 else "code"
    if _share(known.str.contains("@", literal=True)) > 0.5:
        return "email"
    words = known.str.strip_chars().str.count_matches(r"\s+").mean() or 0.0
    has_digit = _share(known.str.contains(r"\d"))
    if has_digit > 0.8 and _share(known.str.len_chars() <= 12) > 0.8:
        return "code"
    return "text" if float(str(words)) + 1 >= WORDS or has_digit > 0.4 else "string"


def _share(flags: pl.Series) -> float:
    return int(flags.sum()) / max(len(flags), 1)
