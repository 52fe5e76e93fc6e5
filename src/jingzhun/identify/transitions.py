"""Two periods side by side: one row per household with what became of it, and what drove the change."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Any, Literal, TypeAlias

import narwhals as nw

from jingzhun.identify.rules import GROUPS, NET
from jingzhun.standard.labels import Label

Lazy: TypeAlias = nw.LazyFrame[Any]

COMPARED = (
    "village_code",
    "is_registered",
    "exit_status",
    "household_size",
    "persons_year_end",
    NET,
    *GROUPS,
    "welfare",
    "line",
    "is_poor",
    "main_cause",
)
"""Columns of the status that a comparison reads."""

CHANGES = {
    "entered": Label(en="fell below the line", zh="收入由线上落到线下"),
    "left": Label(en="rose above the line", zh="收入由线下升到线上"),
    "stayed": Label(en="stayed below the line", zh="仍在线下"),
    "not_poor": Label(en="stayed above the line", zh="仍在线上"),
    "unknown": Label(en="income not known in one of the periods", zh="某期收入不详"),
    "appeared": Label(en="new in the register's data", zh="新增户"),
    "disappeared": Label(en="no longer in the register's data", zh="不再在册的户"),
}
"""What can become of a household between two periods; each household has exactly one."""

DRIVERS = {
    "wage": Label(en="wage income", zh="工资性收入"),
    "business": Label(en="business income", zh="生产经营性收入"),
    "property": Label(en="property income", zh="财产性收入"),
    "transfer": Label(en="transfer income", zh="转移性收入"),
    "household_size": Label(en="household size", zh="家庭人口变化"),
    "line": Label(en="the line itself", zh="标准线调整"),
    "other": Label(en="not told apart", zh="其他"),
}
"""Parts of the change of a household's distance to the line; they add up to it exactly."""


def transitions(
    before: Lazy,
    after: Lazy,
    *,
    conditions: Sequence[str] = (),
    how: Literal["inner", "full"] = "full",
) -> Lazy:
    """One row per household of either period (`how` inner: of both) with its change.

    `before` and `after` are `household_status` of two periods, tied by `household_id`. Columns:
    household_id, village_code, persons, change, and of both periods poverty, register and exit status,
    welfare, line; then `effect_<driver>` (yuan per person, positive away from poverty), the strongest
    `driver`, main cause (after, else before), and `<condition>_turned` (yes or no; null: no change known).
    """
    columns = [*COMPARED, *conditions]
    joined = _side(before, "before", columns).join(
        _side(after, "after", columns), left_on="id_before", right_on="id_after", how=how
    )
    if how == "inner":
        joined = joined.with_columns(id_after=nw.col("id_before"))
    joined = joined.with_columns(change=_change(), **_effects())
    joined = joined.with_columns(
        household_id=_later("id"),
        village_code=_later("village_code"),
        main_cause=_later("main_cause"),
        persons=nw.coalesce(
            *(nw.col(f"{name}_{side}") for side in ("after", "before") for name in _SIZES),
            nw.lit(0, dtype=nw.Int64),
        ),
        driver=_driver(),
    )
    turned = [_turned(name) for name in conditions]
    return joined.select(*columns_of(()), *turned)


_SIZES = ("household_size", "persons_year_end")
_BOTH = ("is_poor", "is_registered", "exit_status", "household_size", "welfare", "line")


def columns_of(conditions: Sequence[str]) -> list[str]:
    """The columns that `transitions` gives."""
    return [
        "household_id",
        "village_code",
        "persons",
        "change",
        *(f"{name}_{side}" for name in _BOTH for side in ("before", "after")),
        "main_cause",
        *(f"effect_{name}" for name in DRIVERS),
        "driver",
        *(f"{name}_turned" for name in conditions),
    ]


def _side(status: Lazy, side: str, columns: Sequence[str]) -> Lazy:
    id_ = nw.col("household_id").alias(f"id_{side}")
    return status.select(id_, *(nw.col(name).alias(f"{name}_{side}") for name in columns))


def _later(name: str) -> nw.Expr:
    return nw.coalesce(nw.col(f"{name}_after"), nw.col(f"{name}_before"))


def _change() -> nw.Expr:
    was, is_ = nw.col("is_poor_before"), nw.col("is_poor_after")
    cases: list[tuple[nw.Expr, str]] = [
        (nw.col("id_before").is_null(), "appeared"),
        (nw.col("id_after").is_null(), "disappeared"),
        (was.is_null() | is_.is_null(), "unknown"),
        (was & is_, "stayed"),
        (was, "left"),
        (is_, "entered"),
    ]
    return _first_of(cases, nw.lit("not_poor"))


def _first_of(cases: Sequence[tuple[nw.Expr, str]], otherwise: nw.Expr) -> nw.Expr:
    chosen = otherwise
    for condition, value in reversed(cases):
        chosen = nw.when(condition).then(nw.lit(value)).otherwise(chosen)
    return chosen


def _effects() -> dict[str, nw.Expr]:
    """Parts of the change of (welfare - line), in yuan per person; null where not known.

    A group's part is its change by the new household size; the household's size works through the old
    net income; the line counts negative. What is left (0 where welfare is net income per person) is
    `other`.
    """
    size_before, size_after = (
        _amount("household_size", "before"),
        _amount("household_size", "after"),
    )
    net_before = _amount(NET, "before")
    parts = {
        name.removesuffix("_yuan"): (_amount(name, "after") - _amount(name, "before")) / size_after
        for name in GROUPS
    }
    parts["household_size"] = net_before / size_after - net_before / size_before
    told = reduce(lambda a, b: a + b, parts.values())
    # Where the structure is not known in both periods, all of the change is `other`.
    parts = {name: nw.when(~told.is_null()).then(part) for name, part in parts.items()}
    whole = _amount("welfare", "after") - _amount("welfare", "before")
    parts["line"] = _amount("line", "before") - _amount("line", "after")
    parts["other"] = whole - told.fill_null(0.0)
    return {f"effect_{name}": parts[name] for name in DRIVERS}


def _amount(name: str, side: str) -> nw.Expr:
    value = nw.col(f"{name}_{side}").cast(nw.Float64)
    # A household of nobody has no income per person.
    return nw.when(value > 0).then(value) if name == "household_size" else value


def _driver() -> nw.Expr:
    """The part that did most in the direction of the change; only for who entered or left."""
    columns = [nw.col(f"effect_{name}") for name in DRIVERS]
    most, least = nw.max_horizontal(*columns), nw.min_horizontal(*columns)
    left, entered = nw.col("change") == "left", nw.col("change") == "entered"
    wanted = nw.when(left).then(most).otherwise(nw.when(entered).then(least))
    cases = [
        ((column == wanted).fill_null(False), name)
        for name, column in zip(DRIVERS, columns, strict=True)
    ]
    return _first_of(cases, nw.lit(None, dtype=nw.String))


def _turned(name: str) -> nw.Expr:
    was, is_ = nw.col(f"{name}_before"), nw.col(f"{name}_after")
    cases = [(~was & is_, "yes"), (was & ~is_, "no")]
    return _first_of(
        [(condition.fill_null(False), value) for condition, value in cases],
        nw.lit(None, dtype=nw.String),
    ).alias(f"{name}_turned")
