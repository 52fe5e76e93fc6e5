"""What macros over a member's records become: one grouping per external table, then columns of persons.

Records are few beside persons. They are grouped by person first; what is joined to the persons is one
narrow row for each who has any.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any, TypeAlias

import narwhals as nw

from jingzhun.policy.cel.columns import Emitter
from jingzhun.policy.cel.groups import Groups, fold_result
from jingzhun.policy.cel.scope import Scope
from jingzhun.policy.cel.tree import Dated, Expr, Field, Fold, Kind, children, fields, walk
from jingzhun.policy.cel.virtual import EXPRESSIONS, SOURCES

Frame: TypeAlias = nw.LazyFrame[Any]

PERSON = "id__person"
"""The person's number in frames of persons and records that are put together here."""
THERE = "id__there"
RECORD = "r__"
_EMPTY: Mapping[str, bool | int] = {"exists": False, "all": True, "exists_one": False, "size": 0}
"""What a macro gives for an empty list; the sum of nothing is 0."""


@dataclass(frozen=True)
class Records:
    """Linked records by table, and the areas that each table's deliveries cover.

    `frames`: table -> rows with `person_id` and the columns read. `covered`: table -> area prefixes; a
    table without an entry covers every area. A person's list is unknown where the table is not in
    `frames` or does not cover the area; otherwise it is known, and empty where there are no rows.
    """

    frames: Mapping[str, Frame] = field(default_factory=dict)
    covered: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def is_known(self, table: str, area: str) -> nw.Expr | None:
        """Whether the list of a table is known, by the area code in a column; None: everywhere."""
        if table not in self.covered:
            return None
        by_length: dict[int, list[str]] = {}
        for prefix in self.covered[table]:
            by_length.setdefault(len(prefix), []).append(prefix)
        code = nw.col(area)
        inside = [code.str.slice(0, n).is_in(found) for n, found in sorted(by_length.items())]
        return reduce(or_, inside).fill_null(False) if inside else nw.lit(False)


def own_record_folds(exprs: Iterable[Expr]) -> list[Fold]:
    """Macros over records that do not stand inside a macro over members, each once."""
    found: dict[Fold, None] = {}
    stack = list(exprs)
    while stack:
        node = stack.pop()
        if not isinstance(node, Fold):
            stack.extend(children(node))
        elif node.table:
            found[node] = None
    return list(found)


class RecordColumns:
    """Macros over records as columns of a frame of persons.

    `prefix` tells these columns from others; `column` names the column of a field; `area` is the column
    with the area code.
    """

    def __init__(
        self,
        scope: Scope,
        folds: Sequence[Fold],
        prefix: str,
        column: Callable[[Field], str],
        area: str,
    ) -> None:
        self.folds = list(folds)
        self.names = {fold: f"{prefix}{number}" for number, fold in enumerate(folds)}
        self._area = area
        self._column = column
        self._groups: dict[str, Groups] = {}
        for table in self.tables:
            groups = Groups(Emitter(scope.on, column, area=area), mark=f"{prefix}g")
            groups.share(self.of_table(table))
            self._groups[table] = groups
        self._results = {
            fold: fold_result(fold, self._groups[fold.table]).alias(self.names[fold])
            for fold in folds
        }

    @property
    def tables(self) -> list[str]:
        """External tables that are read, in order of use."""
        return list(dict.fromkeys(fold.table for fold in self.folds))

    def of_table(self, table: str) -> list[Fold]:
        """The macros over one table."""
        return [fold for fold in self.folds if fold.table == table]

    def value(self, fold: Fold) -> nw.Expr:
        """The column that holds the value of a macro."""
        return nw.col(self.names[fold])

    def outer_columns(self) -> list[str]:
        """Columns of households and villages that conditions on records read, and the area's code."""
        if not self.folds:
            return []
        read = [f for part in self._parts(self.folds) for f in fields(part)]
        names = [self._column(f) for f in read if f.owner in ("household", "village")]
        return list(dict.fromkeys([*names, self._area]))

    def joined(self, people: Frame, records: Records) -> Frame:
        """The persons with a column for every macro; null where its value is unknown.

        `people` have their number in PERSON, which must stand once, and all columns that conditions read.
        """
        found = people
        for table in self.tables:
            if table not in records.frames:
                found = found.with_columns(**self._nulls(table))
                continue
            # Beside records stand the persons as given: what was joined before would be joined again.
            of_table = self._grouped(people, records, table)
            found = self._with_table(found, of_table, records, table)
        return found

    def beside_persons(
        self,
        people: Frame,
        records: Records,
        table: str,
        folds: Sequence[Fold],
        more: Sequence[str],
    ) -> Frame:
        """The records of a table with `more` of their own columns and what `folds` read beside them."""
        rows = records.frames[table]
        read = list(dict.fromkeys(f for part in self._parts(folds) for f in fields(part)))
        own = [f.name for f in read if f.owner == "record"]
        columns = [nw.col(name).alias(RECORD + name) for name in dict.fromkeys([*own, *more])]
        rows = rows.select(nw.col("person_id").alias(PERSON), *columns)
        wanted = [self._stored(f) for f in read if f.owner != "record"]
        if any(isinstance(node, Dated) for part in self._parts(folds) for node in walk(part)):
            wanted.append(self._area)
        if wanted:
            rows = rows.join(people.select(PERSON, *dict.fromkeys(wanted)), on=PERSON, how="inner")
        return rows

    def flagged(
        self,
        people: Frame,
        records: Records,
        table: str,
        flag: Callable[[Fold, Emitter], nw.Expr],
    ) -> nw.DataFrame[Any]:
        """The records of a table with `flag` of every macro in its column, their ids and link bands."""
        folds, groups = self.of_table(table), self._groups[table]
        has_band = "link_band" in records.frames[table].collect_schema().names()
        rows = self.beside_persons(
            people, records, table, folds, ("record_id", *(["link_band"] if has_band else []))
        )
        rows = rows.join(people.select(PERSON), on=PERSON, how="semi")
        if not has_band:
            rows = rows.with_columns(nw.lit(None).cast(nw.String).alias(f"{RECORD}link_band"))
        for stage in groups.stages:
            rows = rows.with_columns(**stage)
        flags = {self.names[fold]: flag(fold, groups.emitter) for fold in folds}
        kept = (PERSON, f"{RECORD}record_id", f"{RECORD}link_band")
        return rows.with_columns(**flags).select(*kept, *flags).collect("polars")

    def _grouped(self, people: Frame, records: Records, table: str) -> Frame:
        """One row per person who has records in a table, with the values of the macros over them."""
        folds, groups = self.of_table(table), self._groups[table]
        rows = self.beside_persons(people, records, table, folds, ())
        for stage in groups.stages:
            rows = rows.with_columns(**stage)
        return (
            rows.select(PERSON, *groups.prepared.values())
            .group_by(PERSON)
            .agg(*groups.aggregates.values())
            .select(PERSON, nw.lit(True).alias(THERE), *(self._results[fold] for fold in folds))
        )

    def _with_table(self, people: Frame, found: Frame, records: Records, table: str) -> Frame:
        known = records.is_known(table, self._area)
        columns = {self.names[fold]: self._settled(fold, known) for fold in self.of_table(table)}
        return people.join(found, on=PERSON, how="left").with_columns(**columns).drop(THERE)

    def _settled(self, fold: Fold, known: nw.Expr | None) -> nw.Expr:
        """The value, that of an empty list where a person has no rows, null where the list is unknown."""
        empty: bool | int | float = _EMPTY.get(fold.kind, 0)
        if fold.type.kind is Kind.DOUBLE:
            empty = 0.0
        nothing = nw.lit(empty, dtype=_DTYPES[fold.type.kind])
        value = nw.when(nw.col(THERE)).then(nw.col(self.names[fold])).otherwise(nothing)
        return value if known is None else nw.when(known).then(value)

    def _nulls(self, table: str) -> dict[str, nw.Expr]:
        return {
            self.names[fold]: nw.lit(None).cast(_DTYPES[fold.type.kind])
            for fold in self.of_table(table)
        }

    def _parts(self, folds: Sequence[Fold]) -> list[Expr]:
        return [part for fold in folds for part in (fold.where, fold.body) if part is not None]

    def _stored(self, read: Field) -> str:
        """The column to bring along for a field: of a computed one, what it is made from."""
        if read.owner == "member" and read.name in EXPRESSIONS:
            return self._column(Field("member", SOURCES[read.name], read.type))
        return self._column(read)


_DTYPES: Mapping[Kind, nw.dtypes.DType] = {
    Kind.BOOL: nw.Boolean(),
    Kind.INT: nw.Int64(),
    Kind.DOUBLE: nw.Float64(),
}
