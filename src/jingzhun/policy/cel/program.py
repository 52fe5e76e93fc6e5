"""The compiler's outer half: many expressions at once over households, members and villages.

Everything that expressions ask of the members becomes one grouping of the persons table, however many
expressions there are and however many members; what remains are plain columns of the household.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import narwhals as nw

from jingzhun.policy.cel.columns import Emitter
from jingzhun.policy.cel.groups import Groups, fold_result
from jingzhun.policy.cel.running import beside, can_run, running_totals
from jingzhun.policy.cel.scope import Scope
from jingzhun.policy.cel.sharing import Sharing, early, late_fields, shared
from jingzhun.policy.cel.tree import (
    Dated,
    Expr,
    Field,
    Kind,
    children,
    fields,
    folds,
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
    prefix = {"household": "", "member": MEMBER, "village": VILLAGE}[field.owner]
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
        self._area = "county_code" if scope.subject == "county" else "village_code"
        self._groups = Groups(Emitter(scope.on, column_name, area=self._area))
        self._groups.share(self.folds)
        self._folded = {fold: fold_result(fold, self._groups) for fold in self.folds}
        emitter = Emitter(scope.on, column_name, self._folded.__getitem__, self._area)
        before = early(outputs.values())
        self._early = [
            *emitter.share(shared([part for node in before for part in children(node)], "s__h")),
            *emitter.share(Sharing({node: f"s__e{i}" for i, node in enumerate(before)}, [before])),
        ]
        self._late = [column_name(field) for field in late_fields(outputs.values(), before)]
        self._stages = emitter.share(shared(outputs.values(), "s__o", known=before))
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
        """Stored columns that are read of the household, member or village, in order of use.

        Where a parameter differs between areas, the area's code is read of the household too.
        """
        names = [f.name for f in self._read if f.owner == owner]
        if owner == "member":
            names = [SOURCES.get(name, name) for name in names]
        if owner == "household" and _is_dated(self.outputs.values()):
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
    ) -> Frame:
        """One row per judged thing: `keep` columns of the subject, then one column per output.

        `subjects` are households (villages, counties); `persons` their members, tied by `key`;
        `villages` are tied by `village_code`. A table that is not given is not known. For rules about
        persons the rows are persons and `keep` names columns of persons or, with the prefix `h__`, of
        their household. `is_sorted`: both tables come in order of `key` and fit in memory, as the
        partitions of a workspace do; the grouping is then a running total, and the rows stay in order.
        """
        frame = self._narrowed(self._with_village(subjects, villages), keep, key, persons)
        if persons is None and self._groups.types:
            frame = frame.with_columns(**_nulls(self._groups.types))
        elif persons is not None and self.folds:
            people = self._people(persons, frame, key)
            frame = self._grouped(frame, people, key, is_sorted=is_sorted)
        if self.scope.subject != "person":
            return self._computed(frame).select(*keep, *self.outputs)
        if persons is None:
            raise TypeError("rules about persons need persons")
        return self._per_person(frame, persons, key, keep)

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
        return list(dict.fromkeys([*computed, *self._late, *area]))

    def _people(self, persons: Frame, frame: Frame, key: str) -> Frame:
        """Persons with prefixed columns and those household columns that macros read."""
        wanted = [nw.col(name).alias(MEMBER + name) for name in self.reads("member")]
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
        names = [column_name(f) for e in inside for f in fields(e) if f.owner != "member"]
        if _is_dated(inside):
            names.append(self._area)
        return list(dict.fromkeys(names))

    def _grouped(self, frame: Frame, people: Frame, key: str, *, is_sorted: bool) -> Frame:
        groups = self._groups
        for stage in groups.stages:
            people = people.with_columns(**stage)
        ready = people.select(key, *groups.prepared.values())
        if is_sorted and can_run(groups):
            return beside(frame.collect(), running_totals(ready, groups, key), key).lazy()
        found = ready.group_by(key).agg(*groups.aggregates.values())
        return frame.join(found, on=key, how="left")

    def _per_person(self, frame: Frame, persons: Frame, key: str, keep: Sequence[str]) -> Frame:
        of_household = [name.removeprefix("h__") for name in keep if name.startswith("h__")]
        wanted = [name for name in keep if not name.startswith("h__")]
        columns = [nw.col(name).alias(MEMBER + name) for name in self.reads("member")]
        outer = [*of_household, *self._carried, *self._groups.aggregates]
        people = persons.select(key, *(nw.col(n).alias("p__" + n) for n in wanted), *columns)
        joined = people.join(frame.select(key, *dict.fromkeys(outer)), on=key, how="left")
        return self._computed(self._with_document(joined)).select(
            *(nw.col("p__" + n).alias(n) for n in wanted),
            *(nw.col(n).alias("h__" + n) for n in of_household),
            *self.outputs,
        )


def _is_dated(exprs: Any) -> bool:
    return any(isinstance(node, Dated) for expr in exprs for node in walk(expr))


def _nulls(types: Mapping[str, nw.dtypes.DType]) -> dict[str, nw.Expr]:
    return {name: nw.lit(None).cast(dtype) for name, dtype in types.items()}
