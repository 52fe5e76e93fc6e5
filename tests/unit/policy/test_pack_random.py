"""All rules of the pack of Gansu mean the same in both evaluators, on random records with gaps."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import narwhals as nw
import polars as pl
import pytest

from jingzhun.frames.partitions import KEY, storage_schema
from jingzhun.policy.cel import Expr, Interpreter, Program, check_bool
from jingzhun.policy.cel.interpret import Unknown
from jingzhun.policy.pack import Pack, load_pack
from jingzhun.standard import schema
from jingzhun.standard.schema import Column, Table

ON = date(2021, 12, 31)
HOUSEHOLDS = 25
NUMBERS = (0, 0, 1, 2, 5, 14, 21, 90, 400, 2018, 20_000, 900_000)
AMOUNTS = (0.0, 0.5, 0.9, 1.0, 20.0, 60.0, 150.0, 300.0)
DOCUMENTS = ("620122199001011235", "62012219900101123", "999999199001011234", "11010519491231002X")
VILLAGES = ("620122101201", "623025100201")

Row = dict[str, Any]


def value_of(column: Column, gap: float, dice: random.Random) -> Any:
    if dice.random() < gap:
        return None
    codes = list(schema.code_list(column.codes).by_code()) if column.codes else []
    makers: dict[str, Callable[[], Any]] = {
        "code": lambda: dice.choice(codes),
        "codes": lambda: dice.sample(codes, dice.randint(0, 2)),
        "bool": lambda: dice.random() < 0.5,
        "int": lambda: dice.choice(NUMBERS),
        "decimal": lambda: dice.choice(AMOUNTS),
        "date": lambda: date(1935, 1, 1) + timedelta(days=dice.randint(0, 32_000)),
        "id_number": lambda: dice.choice(DOCUMENTS),
        "division": lambda: dice.choice(VILLAGES),
        "str": lambda: "x",
    }
    return makers[column.type]()


def row_of(table: Table, dice: random.Random, **known: Any) -> Row:
    gap = dice.choice([0.0, 0.05, 0.3])
    return {column.name: value_of(column, gap, dice) for column in table.columns} | known


class Records:
    """Random households with members, as rows and as frames."""

    def __init__(self, pack: Pack, dice: random.Random) -> None:
        tables = pack.tables()
        self.households: list[Row] = []
        self.persons: list[Row] = []
        for i in range(HOUSEHOLDS):
            household = f"h{i}"
            known = {"household_id": household, KEY: i, "village_code": dice.choice(VILLAGES)}
            self.households.append(row_of(tables["households"], dice, **known))
            for j in range(dice.randint(0, 4)):
                person = {"household_id": household, "person_id": f"{household}p{j}", KEY: i}
                person["document_copies"] = dice.choice([1, 2, None])
                self.persons.append(row_of(tables["persons"], dice, **person))
        self.villages = [
            row_of(tables["villages"], dice, village_code=f"6201221{i:05d}")
            for i in range(HOUSEHOLDS)
        ]
        self.tables = tables

    def frame(self, table: str, rows: list[Row]) -> nw.LazyFrame[Any]:
        extra = {KEY: pl.Int64, "document_copies": pl.Int64}
        kinds = {**storage_schema(self.tables[table]), **extra}
        return nw.from_native(pl.DataFrame(rows, schema=kinds).lazy())

    def answers(self, program: Program, level: str) -> list[Row]:
        villages = self.frame("villages", self.villages)
        if level == "village":
            return program.apply(villages, keep=["village_code"]).collect().rows(named=True)
        keep = ["household_id"] if level == "household" else ["household_id", "person_id"]
        households = self.frame("households", self.households)
        persons = self.frame("persons", self.persons)
        return program.apply(households, persons, villages, keep=keep).collect().rows(named=True)

    def interpreted(self, row: Row, level: str, expr: Expr) -> Any:
        if level == "village":
            village = next(v for v in self.villages if v["village_code"] == row["village_code"])
            value = Interpreter(ON, village, (), None, row["village_code"]).value(expr)
        else:
            household = next(h for h in self.households if h["household_id"] == row["household_id"])
            members = [m for m in self.persons if m["household_id"] == row["household_id"]]
            person = next((m for m in members if m["person_id"] == row.get("person_id")), None)
            asked = Interpreter(ON, household, members, None, household["village_code"])
            value = asked.value(expr, person=person)
        return None if isinstance(value, Unknown) else value


@pytest.mark.parametrize("level", ["household", "person", "village"])
def test_every_rule_gives_the_same_in_both_evaluators(level: str) -> None:
    pack, dice = load_pack("gansu"), random.Random(20)  # noqa: S311
    scope = pack.scope(ON, level=level)
    rules = {
        rule.id: check_bool(rule.when, scope)
        for rule in pack.checks.values()
        if rule.level == level
    }
    if level == "household" and pack.monitoring is not None:
        rules |= {c.id: check_bool(c.when, scope) for c in pack.monitoring.colours}
        for profile in pack.profiles_on(ON):
            rules |= {
                f"{profile.id}.{i.id}": check_bool(i.met or "", scope) for i in profile.indicators
            }
    records = Records(pack, dice)

    rows = records.answers(Program(scope, rules), level)

    for row in rows:
        for name, expr in rules.items():
            assert (name, row[name]) == (name, records.interpreted(row, level, expr))
