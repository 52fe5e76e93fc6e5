"""Small tables in text: what is known of some households, and what expressions must say about them.

A cell `-` is not known, `()` is a list without codes, `''` an empty text. Records stand in tables of their
own; the column `who` ties them to members. An external table that is not given is not known.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Protocol

import narwhals as nw
import polars as pl

from jingzhun.policy.cel import (
    Expr,
    FieldInfo,
    Interpreter,
    Program,
    Scope,
    check,
    standard_scope,
    text_of,
)
from jingzhun.policy.cel.interpret import UNKNOWN
from jingzhun.policy.cel.operators import dated
from jingzhun.policy.cel.tree import Const, Dated, Kind, Type

from .linked import RECORDS, Linked, Row, record_table

ON = date(2019, 9, 30)
ToFrame = Callable[[Sequence[Row], Mapping[str, Kind]], nw.LazyFrame[Any]]

EXTRA = {
    "balance_yuan": FieldInfo(Type(Kind.INT, True, -(10**9), 10**9)),
    "counter": FieldInfo(Type(Kind.INT, True, -(10**15), 10**15)),
    "rate": FieldInfo(Type(Kind.DOUBLE)),
    "other_rate": FieldInfo(Type(Kind.DOUBLE)),
}
"""Invented fields beside the standard's: numbers of either sign, large ones, decimals."""

PARAMETERS: dict[str, Const | Dated] = {
    "income_line": dated("income_line", 4000, ()),
    "house_m2": dated("house_m2", 15.5, (("6229", 20), ("622926", 25))),
    "remote_causes": Const(("07", "09"), Type(Kind.STRINGS, nullable=False), "remote_causes"),
}


def scope(level: str = "household") -> Scope:
    """The standard's names with invented fields, parameters and definitions."""
    extra = EXTRA if level in ("household", "person") else {}
    plain = standard_scope(ON, level=level, parameters=PARAMETERS, extra=extra)
    if level not in ("household", "person"):
        return plain
    plain = replace(
        plain,
        member={**plain.member, "share": FieldInfo(Type(Kind.DOUBLE))},
        records=RECORDS,
    )
    about_person = replace(plain, member_name="m")
    of_person = {
        "is_adult": check("m.age >= 16", about_person),
        "owns_car": check('m.cars.exists(c, c.kind == "car")', about_person),
    }
    with_persons = replace(plain, member_definitions=of_person)
    adults = check("size(members.filter(m, m.is_adult))", replace(with_persons, member_name=None))
    return replace(with_persons, definitions={"adults": adults})


class Judge(Protocol):
    """Holds an expression to a table, on both evaluators."""

    def __call__(
        self,
        expressions: str | Mapping[str, str],
        table: str,
        *,
        members: str = "",
        level: str = "household",
        records: Mapping[str, str] | None = None,
        covered: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        """Every value right of `|` must be what the expression of that name gives."""

    def constants(self, cases: Mapping[str, Any]) -> None:
        """Every text must give its value; None is unknown."""


@dataclass(frozen=True)
class Case:
    """One row of a table: what is given, and what each expression must give."""

    given: Row
    expected: Row


def judge(
    to_frame: ToFrame,
    expressions: str | Mapping[str, str],
    table: str,
    members: str,
    level: str,
    linked: Linked,
) -> None:
    """Hold the compiler on one engine, and the interpreter, to the table."""
    names = scope(level)
    texts = {"result": expressions} if isinstance(expressions, str) else expressions
    exprs = {name: check(text, names) for name, text in texts.items()}
    cases = _cases(table, names, exprs, own=level == "person")
    people = _cases(members, names, {}, own=True) if members else cases if level == "person" else []
    _held(to_frame, cases, people, exprs, names, linked)


def read_records(
    records: Mapping[str, str] | None, covered: Mapping[str, Sequence[str]] | None
) -> Linked:
    """Tables of records in text."""
    rows = {table: _record_rows(text, RECORDS[table]) for table, text in (records or {}).items()}
    return Linked(rows, covered or {})


def _record_rows(text: str, known: Mapping[str, FieldInfo]) -> list[Row]:
    head, *rows = [line.split() for line in text.strip().splitlines()]
    kinds = [
        Kind.STRING if name in ("who", "record_id", "link_band") else known[name].type.kind
        for name in head
    ]
    return [
        {name: _cell(cell, kind) for name, cell, kind in zip(head, row, kinds, strict=True)}
        for row in rows
    ]


def judge_constants(to_frame: ToFrame, cases: Mapping[str, Any]) -> None:
    """Hold both evaluators to what each text must give."""
    names = scope()
    exprs = {text: check(text, names) for text in cases}
    numbered = {f"c{number}": expr for number, expr in enumerate(exprs.values())}
    expected = dict(zip(numbered, cases.values(), strict=True))
    _held(to_frame, [Case({}, expected)], [], numbered, names, Linked({}, {}))


def _held(
    to_frame: ToFrame,
    cases: Sequence[Case],
    people: Sequence[Case],
    exprs: Mapping[str, Expr],
    names: Scope,
    linked: Linked,
) -> None:
    expected = [case.expected for case in cases]
    told = {name: text_of(expr) for name, expr in exprs.items()}
    _hold("interpreter", _interpreted(cases, people, exprs, names, linked), expected, told)
    found = _compiled(to_frame, cases, people, exprs, names, linked)
    _hold("compiler", found, expected, told)


def _hold(
    evaluator: str, found: Sequence[Row], expected: Sequence[Row], told: Mapping[str, str]
) -> None:
    wrong = [
        f"row {number}: {name} `{told[name]}` is {row.get(name)!r}, not {value!r}"
        for number, (row, wanted) in enumerate(zip(found, expected, strict=True), 1)
        for name, value in wanted.items()
        if row.get(name) != value or type(row.get(name)) is not type(value)
    ]
    assert not wrong, f"{evaluator}: {wrong}"


# -- reading tables ---------------------------------------------------------------------------


def _cases(text: str, names: Scope, exprs: Mapping[str, Expr], *, own: bool) -> list[Case]:
    head, *rows = [line.split("|") for line in text.strip().splitlines()]
    left, right = head[0].split(), (head[1].split() if len(head) > 1 else [])
    kinds = [_kind(name, names, own=own) for name in left]
    wanted = [exprs[name].type.kind for name in right]
    return [
        Case(
            {n: _cell(c, k) for n, c, k in zip(left, row[0].split(), kinds, strict=True)},
            {n: _cell(c, k) for n, c, k in zip(right, [*row, ""][1].split(), wanted, strict=True)},
        )
        for row in rows
    ]


def _kind(name: str, names: Scope, *, own: bool) -> Kind:
    if name in ("home", "who"):
        return Kind.STRING
    if name.startswith("village."):
        return names.village[name.removeprefix("village.")].type.kind
    if own and name in names.member:
        return names.member[name].type.kind
    return names.household[name].type.kind


_READERS: Mapping[Kind, Callable[[str], Any]] = {
    Kind.BOOL: {"true": True, "false": False}.__getitem__,
    Kind.INT: int,
    Kind.DOUBLE: float,
    Kind.DATE: date.fromisoformat,
    Kind.STRINGS: lambda text: [] if text == "()" else text.split(","),
    Kind.STRING: lambda text: text.strip("'"),
}


def _cell(text: str, kind: Kind) -> Any:
    return None if text == "-" else _READERS[kind](text)


# -- the two evaluators -----------------------------------------------------------------------


def _interpreted(
    cases: Sequence[Case],
    people: Sequence[Case],
    exprs: Mapping[str, Expr],
    names: Scope,
    linked: Linked,
) -> list[Row]:
    return [
        {
            name: _interpreted_one(case.given, people, expr, names, linked)
            for name, expr in exprs.items()
        }
        for case in cases
    ]


def _interpreted_one(
    given: Row, people: Sequence[Case], expr: Expr, names: Scope, linked: Linked
) -> Any:
    home = given.get("home")
    area = given.get("village_code") or ""
    members = [
        {**person.given, **linked.of(person.given, area)}
        for person in people
        if person.given.get("home") == home
    ]
    person = {**given, **linked.of(given, area)} if names.subject == "person" else None
    asked = Interpreter(
        ON,
        given,
        members,
        {n.removeprefix("village."): v for n, v in given.items() if n.startswith("village.")},
        area,
    )
    value = asked.value(expr, person=person)
    return None if value is UNKNOWN else value


def _compiled(
    to_frame: ToFrame,
    cases: Sequence[Case],
    people: Sequence[Case],
    exprs: Mapping[str, Expr],
    names: Scope,
    linked: Linked,
) -> list[Row]:
    program = Program(names, exprs)
    given = [case.given for case in cases]
    homes = [row.get("home") or f"row {number}" for number, row in enumerate(given)]
    subjects = _subjects(given, homes, program, names)
    villages = _villages(given, program, names)
    persons = None
    if people:
        rows = [person.given for person in people]
        persons = to_frame(
            [
                {
                    **_read(row, program.reads("member")),
                    "key": row.get("home") or f"row {n}",
                    "n": n,
                    "person_id": row.get("who") or f"nobody {n}",
                }
                for n, row in enumerate(rows)
            ],
            {
                **_kinds(program.reads("member"), names, own=True),
                "key": Kind.STRING,
                "n": Kind.INT,
                "person_id": Kind.STRING,
            },
        )
    result = program.apply(
        to_frame(*subjects),
        persons,
        villages and to_frame(*villages),
        key="key",
        keep=["n"],
        records={
            table: to_frame(*record_table(rows, RECORDS[table]))
            for table, rows in linked.rows.items()
        },
        covered=linked.covered,
    )
    found = sorted(_rows(result), key=lambda row: row.pop("n"))
    return [{name: _plain(value) for name, value in row.items()} for row in found]


def _subjects(
    given: Sequence[Row], homes: Sequence[str], program: Program, names: Scope
) -> tuple[list[Row], dict[str, Kind]]:
    read = list(dict.fromkeys(["village_code", *program.reads("household")]))
    rows = [
        {"village_code": f"6229261002{n:02}", **_read(row, read), "key": home, "n": n}
        for n, (row, home) in enumerate(zip(given, homes, strict=True))
    ]
    for row, known in zip(rows, given, strict=True):
        if "village_code" not in known:
            row["village_code"] = f"6229261002{row['n']:02}"
    if names.subject == "person":
        rows = list({row["key"]: row for row in rows}.values())
    return rows, {**_kinds(read, names, own=False), "key": Kind.STRING, "n": Kind.INT}


def _villages(
    given: Sequence[Row], program: Program, names: Scope
) -> tuple[list[Row], dict[str, Kind]] | None:
    read = program.reads("village")
    if not read:
        return None
    rows = [
        {
            "village_code": row.get("village_code") or f"6229261002{n:02}",
            **{name: row.get(f"village.{name}") for name in read},
        }
        for n, row in enumerate(given)
    ]
    kinds = {name: names.village[name].type.kind for name in read}
    return rows, {"village_code": Kind.STRING, **kinds}


def _read(row: Row, wanted: Sequence[str]) -> Row:
    return {name: row.get(name) for name in wanted}


def _kinds(wanted: Sequence[str], names: Scope, *, own: bool) -> dict[str, Kind]:
    return {name: _kind(name, names, own=own) for name in wanted}


def _rows(frame: nw.LazyFrame[Any]) -> list[Row]:
    return frame.collect("polars").to_native().to_dicts()  # type: ignore[no-any-return]


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and math.isnan(value) else value


def polars_frame(rows: Sequence[Row], kinds: Mapping[str, Kind]) -> nw.LazyFrame[Any]:
    """The rows as a lazy Polars frame."""
    types: dict[Kind, pl.DataType] = {
        Kind.BOOL: pl.Boolean(),
        Kind.INT: pl.Int64(),
        Kind.DOUBLE: pl.Float64(),
        Kind.STRING: pl.String(),
        Kind.DATE: pl.Date(),
        Kind.STRINGS: pl.List(pl.String),
    }
    schema = pl.Schema({name: types[kind] for name, kind in kinds.items()})
    data = [{name: row.get(name) for name in kinds} for row in rows]
    return nw.from_native(pl.LazyFrame(data, schema=schema))
