"""The compiler's outer half: many expressions at once over households, members, villages and records.

Everything that expressions ask of the members becomes one grouping of the persons table, however many
expressions there are and however many members, and what they ask of members' records one grouping of each
external table before; what remains are plain columns of the household or person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import narwhals as nw

from jingzhun.policy.cel.columns import Emitter
from jingzhun.policy.cel.evidence import Evidence
from jingzhun.policy.cel.groups import Groups, fold_result
from jingzhun.policy.cel.records import PERSON, RECORD, RecordColumns, Records, own_record_folds
from jingzhun.policy.cel.running import can_run, with_totals
from jingzhun.policy.cel.scope import Scope
from jingzhun.policy.cel.sharing import Sharing, early, late_fields, shared
from jingzhun.policy.cel.tree import (
    Dated,
    Expr,
    Field,
    Fold,
    Kind,
    children,
    fields,
    folds,
    record_folds,
    walk,
)
from jingzhun.policy.cel.virtual import OF_DOCUMENT, SOURCES, with_document

Frame: TypeAlias = nw.LazyFrame[Any]
MEMBER, VILLAGE = "m__", "v__"

_DTYPES: Mapping[Kind, nw.dtypes.DType] = {
    Kind.BOOL: nw.Boolean(),
    Kind.INT: nw.Int64(),
    Kind.DOUBLE: nw.Float64(),
    Kind.STRING: nw.String(),
    Kind.DATE: nw.Date(),
    Kind.STRINGS: nw.List(nw.String()),
}


def column_name(field: Field) -> str:
    """Where a field stands in the joined frame."""
    prefix = {"household": "", "member": MEMBER, "village": VILLAGE, "record": RECORD}[field.owner]
    return prefix + field.name


class Program:
    """A set of named expressions compiled together for one scope.

    `outputs` become columns of the judged rows: households (or villages, counties) or, when the
    scope's subject is a person, persons. Null means unknown.
    """

    def __init__(self, scope: Scope, outputs: Mapping[str, Expr]) -> None:
        self.scope = scope
        self.outputs = dict(outputs)
        self.folds = list(dict.fromkeys(f for e in outputs.values() for f in folds(e)))
        self._area = _AREAS.get(scope.subject, "village_code")
        of_members = dict.fromkeys(r for fold in self.folds for r in record_folds(fold))
        # Macros over records inside of macros over members, and those that stand outside.
        self._inner = RecordColumns(scope, list(of_members), "ri__", column_name, self._area)
        own = own_record_folds(outputs.values())
        self._own = RecordColumns(scope, own, "ro__", column_name, self._area)
        self._groups = Groups(Emitter(scope.on, column_name, self._inner.value, self._area))
        self._groups.share(self.folds)
        self._folded = {fold: fold_result(fold, self._groups) for fold in self.folds}
        emitter = Emitter(scope.on, column_name, self._value, self._area)
        before = early(outputs.values())
        self._early = [
            *emitter.share(shared([part for node in before for part in children(node)], "s__h")),
            *emitter.share(Sharing({node: f"s__e{i}" for i, node in enumerate(before)}, [before])),
        ]
        self._late = [column_name(field) for field in late_fields(outputs.values(), before)]
        self._stages = emitter.share(shared(outputs.values(), "s__o", known=before))
        self._columns = {name: emitter.emit(expr) for name, expr in outputs.items()}
        self._read = list(dict.fromkeys(f for e in outputs.values() for f in fields(e)))

    def _value(self, fold: Fold) -> nw.Expr:
        return self._own.value(fold) if fold.table else self._folded[fold]

    @property
    def tables(self) -> list[str]:
        """External tables whose records are read, in order of use."""
        return list(dict.fromkeys([*self._inner.tables, *self._own.tables]))

    def record_columns(self, table: str) -> list[str]:
        """Columns that are read of an external table, in order of use."""
        names = [f.name for f in self._read if f.owner == "record" and f.table == table]
        return list(dict.fromkeys(names))

    @property
    def uses_members(self) -> bool:
        """Whether the persons table is read."""
        return bool(self.folds) or self.scope.subject == "person"

    @property
    def uses_villages(self) -> bool:
        """Whether the villages table is read."""
        return bool(self.reads("village"))

    def reads(self, owner: str) -> list[str]:
        """Stored columns that are read of the household, member or village, in order of use.

        Where a parameter differs between areas, or records are read, the area's code is read of the
        household too.
        """
        names = [f.name for f in self._read if f.owner == owner]
        if owner == "member":
            names = [SOURCES.get(name, name) for name in names]
        if owner == "household" and (self.tables or _is_dated(self.outputs.values())):
            names.append(self._area)
        return list(dict.fromkeys(names))

    def apply(
        self,
        subjects: Frame,
        persons: Frame | None = None,
        villages: Frame | None = None,
        *,
        key: str = "household_key",
        keep: Sequence[str] = (),
        is_sorted: bool = False,
        records: Mapping[str, Frame] | None = None,
        covered: Mapping[str, Sequence[str]] | None = None,
    ) -> Frame:
        """One row per judged thing: `keep` columns of the subject, then one column per output.

        `subjects` are households (villages, counties); `persons` their members, tied by `key`;
        `villages` are tied by `village_code`. A table that is not given is not known. For rules about
        persons the rows are persons and `keep` names columns of persons or, with the prefix `h__`, of
        their household. `is_sorted`: both tables come in order of `key` and fit in memory, as the
        partitions of a workspace do; the grouping is then a running total, and the rows stay in order.

        `records`: external table -> rows with `person_id` and the table's `record_columns`; `covered`:
        table -> area prefixes of its deliveries. A person's list is unknown where its table is not given,
        or is given in `covered` without a prefix of the household's area; otherwise it is known, and empty
        where the person has no rows. Where records are read, persons have `person_id`, each once.
        """
        linked = Records(records or {}, covered or {})
        frame = self._narrowed(self._with_village(subjects, villages), keep, key, persons)
        if persons is None and self._groups.types:
            frame = frame.with_columns(**_nulls(self._groups.types))
        elif persons is not None and self.folds:
            people = self._inner.joined(self._people(persons, frame, key), linked)
            frame = self._grouped(frame, people, key, is_sorted=is_sorted)
        if self.scope.subject != "person":
            return self._computed(frame).select(*keep, *self.outputs)
        if persons is None:
            raise TypeError("rules about persons need persons")
        return self._per_person(frame, persons, key, keep, linked)

    def evidence(
        self,
        found: Frame | nw.DataFrame[Any],
        subjects: Frame,
        persons: Frame,
        villages: Frame | None = None,
        *,
        key: str = "household_key",
        records: Mapping[str, Frame],
        covered: Mapping[str, Sequence[str]] | None = None,
    ) -> nw.DataFrame[Any]:
        """The records on which hits rest: one row per rule, person and record. Polars tables only.

        `found` is what `apply` gave, or some rows of it, with the judged thing's number: `key` for rules
        about households, `person_id` for rules about persons. Records need `record_id`, and `link_band`
        where it shall be told. Columns: rule, `key`, person_id, table, record_id, link_band. Meant are, of
        the innermost macros over records, those for which the condition is true (exists, exists_one),
        those counted or summed, those passing the filter of `all`; inside a macro over members only of
        members whom that one speaks of in the same way. A rule that rests on the absence of records has
        none. Cost: only the households of hits are looked at.
        """
        who = "person_id" if self.scope.subject == "person" else key
        rules = [name for name in self.outputs if name in found.collect_schema().names()]
        table = found.collect("polars") if isinstance(found, nw.LazyFrame) else found
        hits = table.filter(nw.any_horizontal(nw.col(*rules), ignore_nulls=True))
        whom = hits.select(who).unique().lazy()
        linked = Records(records, covered or {})
        frame = self._with_village(subjects, villages).select(
            *dict.fromkeys([key, *self._outer_columns(), *self._own.outer_columns()])
        )
        mine = persons.join(whom, on=who, how="semi")
        wanted = [nw.col(name).alias(MEMBER + name) for name in self.reads("member")]
        people = mine.select(key, nw.col("person_id").alias(PERSON), *wanted)
        people = self._with_document(people).join(frame, on=key, how="left")
        by = Evidence(self.outputs, self._groups, self._inner, self._own, self._area)
        return by.rows(hits, by.people(people, linked), linked, who, key)

    def _with_village(self, subjects: Frame, villages: Frame | None) -> Frame:
        wanted = self.reads("village")
        if not wanted:
            return subjects
        if villages is None:
            types = {
                column_name(f): _DTYPES[f.type.kind] for f in self._read if f.owner == "village"
            }
            return subjects.with_columns(**_nulls(types))
        columns = [nw.col(name).alias(VILLAGE + name) for name in wanted]
        return subjects.join(
            villages.select("village_code", *columns), on="village_code", how="left"
        )

    def _narrowed(
        self, frame: Frame, keep: Sequence[str], key: str, persons: Frame | None
    ) -> Frame:
        """What asks nothing of members computed, and only what is still needed kept: joins move rows."""
        for stage in self._early:
            frame = frame.with_columns(**stage)
        kept = keep
        if self.scope.subject == "person":
            kept = [name.removeprefix("h__") for name in keep if name.startswith("h__")]
        names = [*kept, *self._carried, *self._outer_columns()]
        return frame.select(*dict.fromkeys([*names, key] if persons is not None else names))

    @property
    def _carried(self) -> list[str]:
        """Columns of the judged thing that the outputs still need after the join."""
        computed = [name for stage in self._early for name in stage]
        area = [self._area] if _is_dated(self.outputs.values()) else []
        return list(dict.fromkeys([*computed, *self._late, *area, *self._own.outer_columns()]))

    def _people(self, persons: Frame, frame: Frame, key: str) -> Frame:
        """Persons with prefixed columns and those household columns that macros read."""
        wanted = [nw.col(name).alias(MEMBER + name) for name in self.reads("member")]
        if self._inner.folds:
            wanted.append(nw.col("person_id").alias(PERSON))
        people = self._with_document(persons.select(key, *wanted))
        outer = self._outer_columns()
        return people if not outer else people.join(frame.select(key, *outer), on=key, how="left")

    def _computed(self, frame: Frame) -> Frame:
        """The frame with all outputs, parts in common first."""
        for stage in self._stages:
            frame = frame.with_columns(**stage)
        return frame.with_columns(**self._columns)

    def _with_document(self, people: Frame) -> Frame:
        """Persons with what their document number says, in columns of its own; one pass for all."""
        asked = {f.name for f in self._read if f.owner == "member"}
        if not asked & OF_DOCUMENT:
            return people
        return with_document(people, MEMBER, on=self.scope.on)

    def _outer_columns(self) -> list[str]:
        inside = [e for fold in self.folds for e in (fold.where, fold.body) if e is not None]
        read = [f for e in inside for f in fields(e) if f.owner in ("household", "village")]
        names = [column_name(f) for f in read]
        if _is_dated(inside):
            names.append(self._area)
        return list(dict.fromkeys([*names, *self._inner.outer_columns()]))

    def _grouped(self, frame: Frame, people: Frame, key: str, *, is_sorted: bool) -> Frame:
        groups = self._groups
        for stage in groups.stages:
            people = people.with_columns(**stage)
        ready = people.select(key, *groups.prepared.values())
        if is_sorted and can_run(groups):
            if self._inner.folds:
                ready = ready.sort(key)  # Joins of records promise no order.
            # Joins keep no order.
            people_in_order = ready.sort(key) if self._outer_columns() else ready
            in_order = frame.sort(key) if self.uses_villages else frame
            return with_totals(in_order.collect(), people_in_order, groups, key).lazy()
        found = ready.group_by(key).agg(*groups.aggregates.values())
        return frame.join(found, on=key, how="left")

    def _per_person(
        self, frame: Frame, persons: Frame, key: str, keep: Sequence[str], linked: Records
    ) -> Frame:
        of_household = [name.removeprefix("h__") for name in keep if name.startswith("h__")]
        wanted = [name for name in keep if not name.startswith("h__")]
        columns = [nw.col(name).alias(MEMBER + name) for name in self.reads("member")]
        if self._own.folds:
            columns.append(nw.col("person_id").alias(PERSON))
        outer = [*of_household, *self._carried, *self._groups.aggregates]
        people = persons.select(key, *(nw.col(n).alias("p__" + n) for n in wanted), *columns)
        joined = people.join(frame.select(key, *dict.fromkeys(outer)), on=key, how="left")
        ready = self._own.joined(self._with_document(joined), linked)
        return self._computed(ready).select(
            *(nw.col("p__" + n).alias(n) for n in wanted),
            *(nw.col(n).alias("h__" + n) for n in of_household),
            *self.outputs,
        )


_AREAS = {"county": "county_code", "record": "area_code"}


def _is_dated(exprs: Any) -> bool:
    return any(isinstance(node, Dated) for expr in exprs for node in walk(expr))


def _nulls(types: Mapping[str, nw.dtypes.DType]) -> dict[str, nw.Expr]:
    return {name: nw.lit(None).cast(dtype) for name, dtype in types.items()}
