"""The compiler's outer half: many expressions at once over households, members and villages.

Everything that expressions ask of the members becomes one grouping of the persons table, however many
expressions there are and however many members; what remains are plain columns of the household.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import narwhals as nw

from jingzhun.policy.cel.columns import Emitter
from jingzhun.policy.cel.scope import Scope
from jingzhun.policy.cel.tree import Expr, Field, Fold, fields, folds
from jingzhun.policy.cel.virtual import SOURCES

Frame: TypeAlias = nw.LazyFrame[Any]
MEMBER, VILLAGE = "m__", "v__"


def column_name(field: Field) -> str:
    """Where a field stands in the joined frame."""
    prefix = {"household": "", "member": MEMBER, "village": VILLAGE}[field.owner]
    return prefix + field.name


@dataclass
class _Groups:
    """The one grouping over persons: columns to prepare, columns to aggregate."""

    emitter: Emitter
    prepared: dict[str, nw.Expr] = field(default_factory=dict)
    aggregates: dict[str, nw.Expr] = field(default_factory=dict)
    _names: dict[tuple[str, Any], str] = field(default_factory=dict)

    def any_of(self, tag: tuple[Any, ...], condition: nw.Expr) -> nw.Expr:
        """Whether `condition` is true for some member (false where it is unknown)."""
        return self._add("any", tag, condition)

    def sum_of(self, tag: tuple[Any, ...], value: nw.Expr) -> nw.Expr:
        """The sum of `value` over members, unknown values left out."""
        return self._add("sum", tag, value)

    def count(self) -> nw.Expr:
        """The number of members."""
        self.aggregates.setdefault("f__len", nw.len().alias("f__len"))
        return nw.col("f__len").cast(nw.Int64)

    def _add(self, how: str, tag: tuple[Any, ...], value: nw.Expr) -> nw.Expr:
        name = self._names.get((how, tag))
        if name is None:
            name = self._names[how, tag] = f"f__{len(self._names)}"
            self.prepared[name] = value.alias(name)
            column = nw.col(name)
            self.aggregates[name] = (column.any() if how == "any" else column.sum()).alias(name)
        return nw.col(name)


def _fold_result(fold: Fold, groups: _Groups) -> nw.Expr:
    """The value of a macro from aggregates; null where it is unknown or nobody is recorded."""
    emit = groups.emitter.emit
    where = None if fold.where is None else emit(fold.where)
    body = None if fold.body is None else emit(fold.body)
    lost = _any_unknown(fold.where, groups)
    if fold.kind == "size":
        count = groups.count() if where is None else groups.sum_of(("n", fold.where), where)
        return _unless(lost, count.cast(nw.Int64))
    assert fold.body is not None and body is not None  # the checker gives every other macro one  # noqa: S101, PT018
    doubtful = _any_unknown(fold.body, groups, fold.where)
    if fold.kind == "sum":
        value = body if where is None else nw.when(where).then(body)
        total = groups.sum_of(("s", fold.where, fold.body), value)
        return _unless(lost, _unless(doubtful, total))
    if fold.kind == "exists_one":
        hit = body if where is None else where & body
        count = groups.sum_of(("n", fold.where, fold.body), hit)
        return _unless(lost, _unless(doubtful, count == 1))
    return _unless(lost, _quantified(fold, groups, where, body, doubtful))


def _quantified(
    fold: Fold, groups: _Groups, where: nw.Expr | None, body: nw.Expr, doubtful: nw.Expr | None
) -> nw.Expr:
    """exists and all: a decisive member outweighs unknown ones, as in CEL."""
    decisive = body if fold.kind == "exists" else ~body
    condition = decisive if where is None else where & decisive
    found = groups.any_of((fold.kind, fold.where, fold.body), condition)
    certain = ~found if doubtful is None else ~found & ~doubtful
    yes = nw.lit(fold.kind == "exists")
    return nw.when(found).then(yes).otherwise(nw.when(certain).then(~yes))


def _any_unknown(expr: Expr | None, groups: _Groups, where: Expr | None = None) -> nw.Expr | None:
    """Whether `expr` is unknown for some member (where `where` holds); None when it never can be."""
    if expr is None or not expr.type.nullable:
        return None
    unknown = groups.emitter.emit(expr).is_null()
    if where is not None:
        unknown = groups.emitter.emit(where) & unknown
    return groups.any_of(("u", where, expr), unknown)


def _unless(flag: nw.Expr | None, value: nw.Expr) -> nw.Expr:
    return value if flag is None else nw.when(~flag).then(value)


class Program:
    """A set of named expressions compiled together for one scope.

    `outputs` become columns of the judged rows: households (or villages, counties) or, when the
    scope's subject is a person, persons. Null means unknown.
    """

    def __init__(self, scope: Scope, outputs: Mapping[str, Expr]) -> None:
        self.scope = scope
        self.outputs = dict(outputs)
        self.folds = list(dict.fromkeys(f for e in outputs.values() for f in folds(e)))
        area = "county_code" if scope.subject == "county" else "village_code"
        people = Emitter(scope.on, column_name, area=area)
        self._groups = _Groups(people)
        self._folded = {fold: _fold_result(fold, self._groups) for fold in self.folds}
        emitter = Emitter(scope.on, column_name, self._folded.__getitem__, area)
        self._columns = {name: emitter.emit(expr) for name, expr in outputs.items()}
        self._read = list(dict.fromkeys(f for e in outputs.values() for f in fields(e)))

    @property
    def uses_members(self) -> bool:
        """Whether the persons table is read."""
        return bool(self.folds) or self.scope.subject == "person"

    @property
    def uses_villages(self) -> bool:
        """Whether the villages table is read."""
        return bool(self.reads("village"))

    def reads(self, owner: str) -> list[str]:
        """Stored columns that are read of the household, member or village, in order of use."""
        names = [f.name for f in self._read if f.owner == owner]
        if owner == "member":
            names = [SOURCES.get(name, name) for name in names]
        return list(dict.fromkeys(names))

    def apply(
        self,
        subjects: Frame,
        persons: Frame | None = None,
        villages: Frame | None = None,
        *,
        key: str = "household_key",
        keep: Sequence[str] = (),
    ) -> Frame:
        """One row per judged thing: `keep` columns of the subject, then one column per output.

        `subjects` are households (villages, counties); `persons` their members, tied by `key`;
        `villages` are tied by `village_code`. For rules about persons the rows are persons and
        `keep` names columns of persons or, with the prefix `h__`, of their household.
        """
        frame = self._with_village(subjects, villages)
        if persons is None or not self.uses_members:
            return frame.with_columns(**self._columns).select(*keep, *self.outputs)
        people = self._people(persons, frame, key)
        if self._groups.aggregates or self.folds:
            frame = self._grouped(frame, people, key)
        if self.scope.subject != "person":
            return frame.with_columns(**self._columns).select(*keep, *self.outputs)
        return self._per_person(frame, persons, key, keep)

    def _with_village(self, subjects: Frame, villages: Frame | None) -> Frame:
        wanted = self.reads("village")
        if villages is None or not wanted:
            return subjects
        columns = [nw.col(name).alias(VILLAGE + name) for name in wanted]
        return subjects.join(
            villages.select("village_code", *columns), on="village_code", how="left"
        )

    def _people(self, persons: Frame, frame: Frame, key: str) -> Frame:
        """Persons with prefixed columns and those household columns that macros read."""
        wanted = [nw.col(name).alias(MEMBER + name) for name in self.reads("member")]
        people = persons.select(key, *wanted)
        outer = self._outer_columns()
        return people if not outer else people.join(frame.select(key, *outer), on=key, how="left")

    def _outer_columns(self) -> list[str]:
        inside = [e for fold in self.folds for e in (fold.where, fold.body) if e is not None]
        read = [f for e in inside for f in fields(e) if f.owner != "member"]
        dated = any("Dated" in type(n).__name__ for e in inside for n in _nodes(e))
        names = [column_name(f) for f in read] + (["village_code"] if dated else [])
        return list(dict.fromkeys(names))

    def _grouped(self, frame: Frame, people: Frame, key: str) -> Frame:
        groups = self._groups
        ready = people.select(key, *groups.prepared.values())
        found = ready.group_by(key).agg(*groups.aggregates.values())
        return frame.join(found, on=key, how="left")

    def _per_person(self, frame: Frame, persons: Frame, key: str, keep: Sequence[str]) -> Frame:
        of_household = [name for name in keep if name.startswith("h__")]
        wanted = [name for name in keep if not name.startswith("h__")]
        columns = [nw.col(name).alias(MEMBER + name) for name in self.reads("member")]
        bare = [*self.reads("household"), *(n.removeprefix("h__") for n in of_household)]
        extra = [VILLAGE + n for n in self.reads("village")] + list(self._groups.aggregates)
        outer = list(dict.fromkeys([*bare, "village_code", *extra]))
        renamed = frame.select(key, *(nw.col(n) for n in outer))
        people = persons.select(key, *(nw.col(n).alias("p__" + n) for n in wanted), *columns)
        joined = people.join(renamed, on=key, how="left").with_columns(**self._columns)
        return joined.select(
            *(nw.col("p__" + n).alias(n) for n in wanted),
            *(nw.col(n.removeprefix("h__")).alias(n) for n in of_household),
            *self.outputs,
        )


def _nodes(expr: Expr) -> list[Expr]:
    from_tree: list[Expr] = []
    stack = [expr]
    while stack:
        node = stack.pop()
        from_tree.append(node)
        stack.extend(getattr(node, "args", ()))
    return from_tree
