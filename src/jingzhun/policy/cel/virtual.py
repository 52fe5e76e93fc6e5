"""Fields of a person that are computed from stored ones, for columns and for one person alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

import narwhals as nw

from jingzhun.standard import id_numbers

ColumnOf = Callable[[str], nw.Expr]

SOURCES: Mapping[str, str] = {
    "age": "birth_date",
    "id_problem": "document_number",
    "id_kind": "document_number",
    "id_birth_date": "document_number",
    "id_sex": "document_number",
}
"""Virtual field -> the stored column it is made from."""


def completed_years(born: date, on: date) -> int:
    """Age in completed years; someone born on 29 February turns older on 1 March of other years."""
    return (_number(on) - _number(born)) // 10_000


def latest_birth_date(on: date, years: int) -> date | None:
    """The last birth date with which one has completed `years` on `on`; None outside the calendar."""
    year = on.year - years
    if not 1 <= year <= 9998:
        return None
    try:
        return on.replace(year=year)
    except ValueError:
        # 29 February in a year that has none: the day before it is the last that qualifies.
        return date(year, 3, 1) - timedelta(days=1)


def _number(day: date) -> int:
    return day.year * 10_000 + day.month * 100 + day.day


def _age(column: ColumnOf, on: date) -> nw.Expr:
    born = column("birth_date").dt
    number = (
        born.year().cast(nw.Int64) * 10_000
        + born.month().cast(nw.Int64) * 100
        + born.day().cast(nw.Int64)
    )
    return (nw.lit(_number(on)) - number) // 10_000


EXPRESSIONS: Mapping[str, Callable[[ColumnOf, date], nw.Expr]] = {"age": _age}
"""Virtual fields that are an expression over stored columns; those of the document are `with_document`."""

OF_DOCUMENT = frozenset(name for name, source in SOURCES.items() if source == "document_number")


def with_document(people: nw.LazyFrame[Any], prefix: str, *, on: date) -> nw.LazyFrame[Any]:
    """Persons with columns for what their number says: id_problem, id_kind, id_birth_date, id_sex.

    The problem is empty where the number is right and null where there is none.
    """
    number = prefix + "document_number"
    read = id_numbers.with_id_columns(people, number, on=on, prefix=prefix + "id")
    problem = nw.col(prefix + "id_problem").fill_null("")
    return read.with_columns(
        nw.when(~nw.col(number).is_null()).then(problem).alias(prefix + "id_problem")
    )


def of_person(person: Mapping[str, Any], on: date) -> dict[str, Any]:
    """The virtual fields of one person; a field that can't be known is left out."""
    out: dict[str, Any] = {}
    if person.get("birth_date") is not None:
        out["age"] = completed_years(person["birth_date"], on)
    number = person.get("document_number")
    if number is not None:
        report = id_numbers.inspect(number, on=on)
        out["id_problem"] = "" if report.problem is None else report.problem.value
        out["id_kind"] = report.kind
        out["id_birth_date"] = report.birth_date
        out["id_sex"] = report.sex
    return {name: value for name, value in out.items() if value is not None}
