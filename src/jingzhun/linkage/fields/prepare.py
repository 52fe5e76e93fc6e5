"""The fields of a spec, made ready from the rows of both tables."""

from __future__ import annotations

from jingzhun.linkage.fields.by_date import coded_date
from jingzhun.linkage.fields.by_id import coded_id
from jingzhun.linkage.fields.by_name import coded_name, paired_name
from jingzhun.linkage.fields.by_number import coded_area, coded_number, coded_set, is_division
from jingzhun.linkage.fields.by_text import coded_text
from jingzhun.linkage.fields.coded import Coded
from jingzhun.linkage.fields.kinds import kind_of
from jingzhun.linkage.names import Part
from jingzhun.linkage.rows import Tables
from jingzhun.linkage.spec import Columns, FieldColumns, IdColumns, Spec

_PARTS: dict[str, Part] = {"name": "full", "given_name": "given", "surname": "surname"}


def kinds(tables: Tables, spec: Spec) -> dict[str, str]:
    """How each field is compared, told once so that all pairs are compared alike."""
    return {
        name: _kind(tables, name, columns) for name, columns in spec.compared() if name != "group"
    }


def coded_fields(
    tables: Tables, spec: Spec, kinds_: dict[str, str], *, is_paired: bool = False
) -> list[Coded]:
    """Every field that a pair is compared by; the group apart.

    `is_paired`: only pairs of rows of the same number will be compared.
    """
    columns = dict(spec.compared())
    return [_coded(tables, name, columns[name], kind, is_paired) for name, kind in kinds_.items()]


def _kind(tables: Tables, name: str, columns: Columns) -> str:
    if isinstance(columns, IdColumns):
        return "gb11643" if columns.kind == "gb11643" else "exact_id"
    if name in _PARTS:
        return f"name_{_PARTS[name]}"
    if name in {"birth_date", "sex"}:
        return name
    one, two = tables.of(columns)
    if name == "area" and is_division(one):
        return "area"
    given = columns.kind if isinstance(columns, FieldColumns) else None
    return given or kind_of(one, two)


def _coded(tables: Tables, name: str, columns: Columns, kind: str, is_paired: bool) -> Coded:
    if kind == "gb11643":
        return coded_id(name, tables.left.numbers[name], tables.right.numbers[name])
    one, two = tables.of(columns)
    if kind.startswith("name_"):
        return (paired_name if is_paired else coded_name)(name, one, two, _PARTS[name])
    if kind in {"birth_date", "date"}:
        return coded_date(name, one, two, kind)
    made = {"area": coded_area, "number": coded_number, "set": coded_set}
    if kind in made:
        return made[kind](name, one, two)
    return coded_text(name, one, two, kind)
