"""What the names in an expression mean: fields, parameters, definitions, and the date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from jingzhun.policy.cel.tree import DATE, Const, Dated, Expr, Kind, Owner, Type
from jingzhun.standard import schema

LARGEST = 10**15
"""Bound of a whole-number column that declares none: beyond any amount of yuan in a register."""

_KINDS = {
    "str": Kind.STRING,
    "id_number": Kind.STRING,
    "division": Kind.STRING,
    "code": Kind.STRING,
    "codes": Kind.STRINGS,
    "int": Kind.INT,
    "decimal": Kind.DOUBLE,
    "bool": Kind.BOOL,
    "date": Kind.DATE,
}


@dataclass(frozen=True)
class FieldInfo:
    """A field that expressions may read: its type, and for a virtual one what it is made from."""

    type: Type
    virtual: bool = False


def field_of(column: schema.Column) -> FieldInfo:
    """The field for a column of the standard."""
    kind = _KINDS[column.type]
    if kind is not Kind.INT:
        return FieldInfo(Type(kind, not column.required, codes=column.codes))
    low = -LARGEST if column.min is None else int(column.min)
    high = LARGEST if column.max is None else int(column.max)
    return FieldInfo(Type(kind, not column.required, low, high))


VIRTUAL_MEMBER: dict[str, FieldInfo] = {
    "age": FieldInfo(Type(Kind.INT, True, -10_000, 10_000), virtual=True),
    "id_problem": FieldInfo(Type(Kind.STRING), virtual=True),
    "id_kind": FieldInfo(Type(Kind.STRING), virtual=True),
    "id_birth_date": FieldInfo(Type(Kind.DATE), virtual=True),
    "id_sex": FieldInfo(Type(Kind.STRING, codes="sex"), virtual=True),
    "document_copies": FieldInfo(Type(Kind.INT, True, 0, 10**9)),
}
"""Fields of a person that are computed: completed years on the date, and what the number itself says."""


@dataclass(frozen=True)
class Scope:
    """The names an expression may use, for one date. Grain: the thing that is judged (`subject`)."""

    on: date
    household: Mapping[str, FieldInfo]
    member: Mapping[str, FieldInfo] = field(default_factory=dict)
    village: Mapping[str, FieldInfo] = field(default_factory=dict)
    parameters: Mapping[str, Const | Dated] = field(default_factory=dict)
    definitions: Mapping[str, Expr] = field(default_factory=dict)
    member_definitions: Mapping[str, Expr] = field(default_factory=dict)
    """Definitions about one person, written `m.<id>`."""
    subject: str = "household"
    member_name: str | None = None
    """Inside a rule about persons, the name under which the person is seen (`m`)."""
    records: Mapping[str, Mapping[str, FieldInfo]] = field(default_factory=dict)
    """External table -> fields of its records; a member's records are the list `m.<table>`."""

    def owner(self, owner: Owner, table: str = "") -> Mapping[str, FieldInfo]:
        """Fields of the household, the member, the village, or a record of `table`."""
        if owner == "record":
            return self.records[table]
        return {"household": self.household, "member": self.member, "village": self.village}[owner]

    def today(self) -> Const:
        """The date of the evaluation, which expressions call `on`."""
        return Const(self.on, DATE.known(), name="on")

    def names(self) -> list[str]:
        """All bare names, for suggestions."""
        return [*self.household, *self.parameters, *self.definitions, "members", "on"]


def standard_scope(
    on: date,
    *,
    tables: Mapping[str, schema.Table] | None = None,
    parameters: Mapping[str, Const | Dated] | None = None,
    definitions: Mapping[str, Expr] | None = None,
    member_definitions: Mapping[str, Expr] | None = None,
    level: str = "household",
    table: str = "",
    extra: Mapping[str, FieldInfo] | None = None,
) -> Scope:
    """The scope of the data standard on a date.

    `level` is what is judged: household, person (the person is `m`, the household's fields are bare),
    village or county (the fields of that table are bare), or record (the fields of the external `table`
    are bare). `extra` adds computed bare fields.
    """
    known = tables or schema.tables()
    bare = known[table or _BARE[level]]
    with_people = level in ("household", "person")
    external = {name: t for name, t in known.items() if t.is_external} if with_people else {}
    return Scope(
        on=on,
        household={**_fields(bare), **(extra or {})},
        member={**_fields(known["persons"]), **VIRTUAL_MEMBER} if with_people else {},
        village=_fields(known["villages"]) if with_people else {},
        parameters=parameters or {},
        definitions=definitions or {},
        member_definitions=member_definitions or {},
        subject=level,
        member_name="m" if level == "person" else None,
        records={name: _fields(found) for name, found in external.items()},
    )


_BARE = {
    "household": "households",
    "person": "households",
    "village": "villages",
    "county": "counties",
}


def _fields(table: schema.Table) -> dict[str, FieldInfo]:
    return {column.name: field_of(column) for column in table.columns}
