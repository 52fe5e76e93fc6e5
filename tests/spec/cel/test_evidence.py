"""Which records a rule rests on, for those of whom it is true."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import narwhals as nw
import polars as pl

from jingzhun.policy.cel import Program, check

from .linked import RECORDS, record_table
from .support import polars_frame, read_records, scope

HOUSEHOLDS = pl.DataFrame(
    {
        "key": [1, 2, 3],
        "village_code": ["620102000000", "622926000000", "622926000001"],
        "debt_yuan": [100, 100, 0],
    }
)
PERSONS = pl.DataFrame(
    {
        "key": [1, 1, 2, 3],
        "person_id": ["ann", "ben", "cao", "dou"],
        "sex": ["2", "1", "2", "1"],
        "birth_date": [None] * 4,
    },
    schema_overrides={"birth_date": pl.Date},
)
CARS = """
record_id  link_band  who  kind  value_yuan
c1         certain    ann  car   500
c2         review     ann  farm  50
c3         certain    ben  car   -
c4         probable   cao  car   120
c5         certain    dou  farm  900
c6         certain    eve  car   900
"""
COSTS = """
record_id  who  value_yuan
k1         ann  5
k2         cao  5
"""

Found = list[tuple[Any, ...]]


def evidence(
    rules: Mapping[str, str],
    *,
    level: str = "person",
    covered: Mapping[str, Sequence[str]] | None = None,
    only: Sequence[str] = ("cars", "costs"),
) -> Found:
    names = scope(level)
    if level == "person":
        names = replace(names, member_name="m")
    program = Program(names, {name: check(text, names) for name, text in rules.items()})
    linked = read_records({"cars": CARS, "costs": COSTS}, None)
    records = {t: polars_frame(*record_table(linked.rows[t], RECORDS[t])) for t in only}
    tables = [nw.from_native(table.lazy()) for table in (HOUSEHOLDS, PERSONS)]
    keep = ["person_id"] if level == "person" else ["key"]
    found = program.apply(*tables, key="key", keep=keep, records=records, covered=covered)

    rows = program.evidence(found, *tables, key="key", records=records, covered=covered)

    assert rows.columns == ["rule", "key", "person_id", "table", "record_id", "link_band"]
    return rows.rows()


def ids(found: Found) -> list[str]:
    return [str(row[4]) for row in found]


def test_evidence_of_exists_are_the_records_that_satisfy_it() -> None:
    found = evidence({"x": 'm.cars.exists(c, c.kind == "car")'})

    assert found == [
        ("x", 1, "ann", "cars", "c1", "certain"),
        ("x", 1, "ben", "cars", "c3", "certain"),
        ("x", 2, "cao", "cars", "c4", "probable"),
    ]


def test_records_of_people_of_whom_the_rule_is_not_true_are_no_evidence() -> None:
    assert ids(evidence({"x": 'm.sex == "2" && m.cars.exists(c, c.kind == "car")'})) == ["c1", "c4"]


def test_a_condition_may_read_the_member_and_the_household() -> None:
    assert ids(evidence({"x": "m.cars.exists(c, c.value_yuan > debt_yuan)"})) == ["c1", "c4", "c5"]


def test_evidence_of_counts_and_sums_are_the_records_counted() -> None:
    found = evidence(
        {
            "size": "m.cars.size() > 1",
            "some": 'm.cars.filter(c, c.kind == "farm").size() == 1 && m.cars.size() == 2',
            "sum": "m.cars.map(c, c.value_yuan).sum() >= 550",
        }
    )

    told = {rule: [row[4] for row in found if row[0] == rule] for rule in ("size", "some", "sum")}
    assert told == {"size": ["c1", "c2"], "some": ["c1", "c2"], "sum": ["c1", "c2", "c5"]}


def test_a_rule_about_households_rests_on_records_of_the_members_it_speaks_of() -> None:
    rule = 'members.exists(m, m.sex == "2" && m.cars.exists(c, c.kind == "car"))'

    assert evidence({"x": rule}, level="household") == [
        ("x", 1, "ann", "cars", "c1", "certain"),
        ("x", 2, "cao", "cars", "c4", "probable"),
    ]


def test_a_sum_over_members_rests_on_what_was_added_up() -> None:
    rule = (
        'members.filter(m, m.sex == "2").map(m, m.cars.filter(c, c.value_yuan > 50)'
        ".map(c, c.value_yuan).sum()).sum() >= 120"
    )

    assert ids(evidence({"x": rule}, level="household")) == ["c1", "c4"]


def test_several_tables_and_rules_are_told_apart() -> None:
    found = evidence(
        {
            "both": 'm.costs.exists(k, k.value_yuan == 5) && m.cars.exists(c, c.kind == "car")',
            "farm": 'm.cars.exists(c, c.kind == "farm")',
        }
    )

    assert [(row[0], row[2], row[3], row[4]) for row in found] == [
        ("both", "ann", "cars", "c1"),
        ("both", "ann", "costs", "k1"),
        ("both", "cao", "cars", "c4"),
        ("both", "cao", "costs", "k2"),
        ("farm", "ann", "cars", "c2"),
        ("farm", "dou", "cars", "c5"),
    ]
    assert {row[5] for row in found if row[3] == "costs"} == {None}


def test_a_rule_that_rests_on_absence_has_no_evidence() -> None:
    found = evidence({"x": "!m.costs.exists(k, k.value_yuan > 0)"})

    assert found == []


def test_records_outside_the_areas_covered_are_no_evidence() -> None:
    rule = {"x": 'm.cars.exists(c, c.kind == "car") || m.sex == "2"'}

    assert ids(evidence(rule, covered={"cars": ("6201",)})) == ["c1", "c3"]


def test_a_table_that_is_not_there_gives_no_evidence() -> None:
    rule = {"x": 'm.cars.exists(c, c.kind == "farm") || m.costs.size() > 0'}

    assert ids(evidence(rule, only=["cars"])) == ["c2", "c5"]
    assert evidence({"x": "m.cars.size() > 0"}, only=[]) == []
