"""Invented external tables, and which of their records are whose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jingzhun.policy.cel import FieldInfo
from jingzhun.policy.cel.tree import Kind, Type

Row = dict[str, Any]

RECORDS = {
    "cars": {
        "kind": FieldInfo(Type(Kind.STRING)),
        "value_yuan": FieldInfo(Type(Kind.INT, True, 0, 10**9)),
        "tonnes": FieldInfo(Type(Kind.DOUBLE)),
        "owned_on": FieldInfo(Type(Kind.DATE)),
        "is_farm": FieldInfo(Type(Kind.BOOL)),
        "grade": FieldInfo(Type(Kind.STRING, codes="housing_grade")),
    },
    "costs": {
        "value_yuan": FieldInfo(Type(Kind.INT, True, 0, 10**9)),
        "grade": FieldInfo(Type(Kind.STRING, codes="housing_grade")),
    },
}
"""Invented external tables; two of their fields have the same name."""


@dataclass(frozen=True)
class Linked:
    """Records by external table, and the areas each table covers."""

    rows: Mapping[str, list[Row]]
    covered: Mapping[str, Sequence[str]]

    def of(self, person: Row, area: str) -> Row:
        """The lists of one member: None where a table does not cover the area."""
        return {
            table: [row for row in rows if row["who"] == person.get("who")]
            if area.startswith(tuple(self.covered.get(table, ("",))))
            else None
            for table, rows in self.rows.items()
        }


def record_table(
    rows: Sequence[Row], known: Mapping[str, FieldInfo]
) -> tuple[list[Row], dict[str, Kind]]:
    """Records as rows and types of a frame."""
    kinds = {name: field.type.kind for name, field in known.items()}
    text = dict.fromkeys(("person_id", "record_id", "link_band"), Kind.STRING)
    return [{**row, "person_id": row["who"]} for row in rows], {**text, **kinds}
