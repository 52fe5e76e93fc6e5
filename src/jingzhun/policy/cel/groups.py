"""What macros over a list become: columns to prepare, one grouping of the rows, and the macro's value.

The rows are persons, grouped by household, or records, grouped by person.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import narwhals as nw

from jingzhun.policy.cel.columns import Emitter, within
from jingzhun.policy.cel.numbers import LARGEST, may_overflow
from jingzhun.policy.cel.sharing import shared
from jingzhun.policy.cel.tree import Expr, Fold, Kind


@dataclass
class Groups:
    """The one grouping over persons or records: columns to prepare, columns to aggregate, their types.

    `mark` begins the names of its columns.
    """

    emitter: Emitter
    mark: str = "f__"
    stages: list[dict[str, nw.Expr]] = field(default_factory=list)
    prepared: dict[str, nw.Expr] = field(default_factory=dict)
    aggregates: dict[str, nw.Expr] = field(default_factory=dict)
    types: dict[str, nw.dtypes.DType] = field(default_factory=dict)
    how: dict[str, str] = field(default_factory=dict)
    """Column -> any, count (both of a condition) or sum (of a number)."""
    _names: dict[tuple[str, Any], str] = field(default_factory=dict)

    def share(self, folds: Sequence[Fold]) -> None:
        """Compute once what several macros ask of a member, and what is asked twice of itself."""
        roots = [part for fold in folds for part in (fold.where, fold.body) if part is not None]
        twice = [part for part in roots if part.type.nullable]
        self.stages = self.emitter.share(shared([*roots, *twice], f"s__{self.mark}"))

    def any_of(self, tag: tuple[Any, ...], condition: nw.Expr) -> nw.Expr:
        """Whether `condition` is true for some member (false where it is unknown)."""
        return self._add("any", tag, condition, nw.Boolean())

    def count_of(self, tag: tuple[Any, ...], condition: nw.Expr) -> nw.Expr:
        """The number of members for whom `condition` is true."""
        # Conditions can't be summed on Spark; eight bits are summed as 64 by both engines.
        return self._add("count", tag, condition.cast(nw.Int8), nw.Int64())

    def sum_of(self, tag: tuple[Any, ...], value: nw.Expr, dtype: nw.dtypes.DType) -> nw.Expr:
        """The sum of `value` over members, unknown values left out."""
        return self._add("sum", tag, value, dtype)

    def count(self) -> nw.Expr:
        """The number of members."""
        name = f"{self.mark}len"
        self.aggregates.setdefault(name, nw.len().alias(name))
        self.types[name] = nw.Int64()
        return nw.col(name).cast(nw.Int64)

    def _add(
        self, how: str, tag: tuple[Any, ...], value: nw.Expr, dtype: nw.dtypes.DType
    ) -> nw.Expr:
        name = self._names.get((how, tag))
        if name is None:
            name = self._names[how, tag] = f"{self.mark}{len(self._names)}"
            self.prepared[name] = value.alias(name)
            column = nw.col(name)
            self.aggregates[name] = (column.any() if how == "any" else column.sum()).alias(name)
            self.types[name] = dtype
            self.how[name] = how
        return nw.col(name)


def fold_result(fold: Fold, groups: Groups) -> nw.Expr:
    """The value of a macro from aggregates; null where it is unknown or nobody is recorded."""
    emit = groups.emitter.emit
    where = None if fold.where is None else emit(fold.where)
    lost = _any_unknown(fold.where, groups)
    if fold.body is None:
        return _unless(
            lost, groups.count() if where is None else groups.count_of(("n", fold.where), where)
        )
    doubtful = _any_unknown(fold.body, groups, fold.where)
    if fold.kind in ("exists", "all"):
        return _unless(lost, _quantified(fold, groups, where, emit(fold.body), doubtful))
    return _unless(_either(lost, doubtful), _counted(fold, groups, where, emit(fold.body)))


def _counted(fold: Fold, groups: Groups, where: nw.Expr | None, body: nw.Expr) -> nw.Expr:
    """exists_one and sum, where no member is unknown."""
    tag = (fold.where, fold.body)
    if fold.kind == "exists_one":
        return groups.count_of(("n", *tag), body if where is None else where & body) == 1
    value = body if where is None else nw.when(where).then(body)
    dtype = nw.Float64() if fold.type.kind is Kind.DOUBLE else nw.Int64()
    total = groups.sum_of(("s", *tag), value, dtype)
    return within(total, LARGEST) if may_overflow(fold.type) else total


def _quantified(
    fold: Fold, groups: Groups, where: nw.Expr | None, body: nw.Expr, doubtful: nw.Expr | None
) -> nw.Expr:
    """exists and all: a decisive member outweighs unknown ones, as in CEL."""
    decisive = body if fold.kind == "exists" else ~body
    condition = decisive if where is None else where & decisive
    found = groups.any_of((fold.kind, fold.where, fold.body), condition)
    if doubtful is None:
        return found if fold.kind == "exists" else ~found
    yes = nw.lit(fold.kind == "exists")
    return nw.when(found).then(yes).otherwise(nw.when(~doubtful).then(~yes))


def _any_unknown(expr: Expr | None, groups: Groups, where: Expr | None = None) -> nw.Expr | None:
    """Whether `expr` is unknown for some member (where `where` holds); None when it never can be."""
    if expr is None or not expr.type.nullable:
        return None
    unknown = groups.emitter.emit(expr).is_null()
    if where is not None:
        unknown = groups.emitter.emit(where) & unknown
    return groups.any_of(("u", where, expr), unknown)


def _either(one: nw.Expr | None, other: nw.Expr | None) -> nw.Expr | None:
    if one is None or other is None:
        return one if other is None else other
    return one | other


def _unless(flag: nw.Expr | None, value: nw.Expr) -> nw.Expr:
    return value if flag is None else nw.when(~flag).then(value)
