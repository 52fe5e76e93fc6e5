"""Households and persons are tied by a dense key that is always in step."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from jingzhun.errors import WorkspaceError
from jingzhun.frames.workspace import Workspace
from register_support import (
    COUNTY,
    FAR,
    ON,
    OTHER,
    YEAR,
    frame,
    household,
    person,
    store,
    workspace,
)

FIRST = int(COUNTY) * 10**8


def keys(ws: Workspace, table: str, county: str = COUNTY) -> dict[str, int]:
    name = {"households": "household_id", "persons": "person_id"}[table]
    rows = ws.scan(table, period=YEAR, county=county, columns=[name, "household_key"]).collect()
    return {str(row[0]): row[1] for row in rows.rows()}


def test_keys_are_dense_and_in_the_order_of_the_numbers(tmp_path: Path) -> None:
    homes = [household("B"), household("A"), household("C"), household("Z", FAR)]
    people = [person("C"), person("A"), person("A", 2), person("Z")]

    ws = workspace(tmp_path / "ws", {"households": homes, "persons": people})

    assert keys(ws, "households") == {"A": FIRST, "B": FIRST + 1, "C": FIRST + 2}
    assert keys(ws, "persons") == {"A-1": FIRST, "A-2": FIRST, "C-1": FIRST + 2}
    assert keys(ws, "households", OTHER) == {"Z": int(OTHER) * 10**8}


def test_persons_get_new_keys_when_only_households_are_replaced(tmp_path: Path) -> None:
    ws = workspace(
        tmp_path / "ws",
        {"households": [household("B"), household("C")], "persons": [person("B"), person("C")]},
    )

    store(ws, {"households": [household("A"), household("B"), household("C")]})

    assert keys(ws, "persons") == {"B-1": FIRST + 1, "C-1": FIRST + 2}
    assert ws.rows("persons") == 2


def test_persons_get_the_keys_of_households_that_were_there(tmp_path: Path) -> None:
    ws = workspace(tmp_path / "ws", {"households": [household("A"), household("B")]})

    with ws.writing() as batch:
        batch.put("persons", COUNTY, YEAR, frame("persons", [person("B"), person("A")]))

    assert keys(ws, "persons") == {"A-1": FIRST, "B-1": FIRST + 1}


def test_keys_that_are_handed_in_do_not_count(tmp_path: Path) -> None:
    homes: list[dict[str, Any]] = [household("A") | {"household_key": 77}]

    ws = workspace(tmp_path / "ws", {"households": homes})

    assert keys(ws, "households") == {"A": FIRST}


def test_keys_are_in_step_over_several_flushes(tmp_path: Path) -> None:
    ws = Workspace.create(tmp_path / "ws", pack="gansu", created=ON)

    with ws.writing() as batch:
        batch.put("households", COUNTY, YEAR, frame("households", [household("B")]))
        batch.flush()
        batch.put("persons", COUNTY, YEAR, frame("persons", [person("B")]))
        batch.flush()
        batch.put("households", COUNTY, YEAR, frame("households", [household("A"), household("B")]))

    assert keys(ws, "households") == {"A": FIRST, "B": FIRST + 1}
    assert keys(ws, "persons") == {"B-1": FIRST + 1}


def test_what_the_batch_will_leave_can_be_read_in_it(tmp_path: Path) -> None:
    ws = workspace(tmp_path / "ws", {"households": [household("A")]})

    with ws.writing() as batch:
        before = batch.read("households", COUNTY, YEAR)
        batch.put("households", COUNTY, YEAR, frame("households", [household("B")]))
        put = batch.read("households", COUNTY, YEAR)
        batch.flush()
        flushed = batch.read("households", COUNTY, YEAR)
        nothing = batch.read("villages", COUNTY, YEAR)

    found = [None if f is None else f["household_id"].to_list() for f in (before, put, flushed)]
    assert found == [["A"], ["B"], ["B"]]
    assert nothing is None


def put(ws: Workspace, tables: dict[str, list[dict[str, Any]]]) -> None:
    with ws.writing() as batch:
        for table, rows in tables.items():
            batch.put(table, COUNTY, YEAR, frame(table, rows))


def refused(ws: Workspace, tables: dict[str, list[dict[str, Any]]], message: str) -> None:
    before = ws.data_hash()
    with pytest.raises(WorkspaceError, match=message):
        put(ws, tables)
    assert Workspace.open(ws.path).data_hash() == before


def test_persons_without_their_household_are_refused(tmp_path: Path) -> None:
    ws = workspace(tmp_path / "ws", {"households": [household("A")], "persons": [person("A")]})

    refused(
        ws,
        {"persons": [person("A"), person("X"), person("Y")]},
        "2 persons of county 622926, 2019, belong to no household",
    )


def test_a_household_that_leaves_can_not_leave_its_persons_behind(tmp_path: Path) -> None:
    ws = workspace(
        tmp_path / "ws",
        {"households": [household("A"), household("B")], "persons": [person("B")]},
    )

    refused(ws, {"households": [household("A")]}, "1 persons .* belong to no household")


def test_persons_alone_are_refused(tmp_path: Path) -> None:
    ws = Workspace.create(tmp_path / "ws", pack="gansu", created=ON)

    refused(ws, {"persons": [person("A")]}, "persons but no households for 622926 in 2019")


def test_a_person_without_a_household_number_is_refused(tmp_path: Path) -> None:
    ws = workspace(tmp_path / "ws", {"households": [household("A")]})

    refused(ws, {"persons": [person("A") | {"household_id": None}]}, "1 persons .* no household")


@pytest.mark.parametrize(
    ("numbers", "message"),
    [
        (["A", "B", "A"], "0 households .* no number and 1 have the number of another"),
        (["A", None, None], "2 households .* no number and 0 have"),
    ],
)
def test_households_that_can_not_be_told_apart_are_refused(
    tmp_path: Path, numbers: list[str | None], message: str
) -> None:
    ws = Workspace.create(tmp_path / "ws", pack="gansu", created=ON)
    homes = [household("x") | {"household_id": number} for number in numbers]

    refused(ws, {"households": homes}, message)


def test_other_tables_are_sorted_by_their_own_key(tmp_path: Path) -> None:
    villages = [{"village_code": f"62292610020{n}", "period": YEAR} for n in (2, 0, 1)]

    ws = workspace(tmp_path / "ws", {"villages": villages})

    rows = ws.scan("villages", period=YEAR, columns=["village_code"]).collect()
    assert [code[-1] for code in rows["village_code"].to_list()] == ["0", "1", "2"]


def test_a_table_that_the_standard_does_not_know_is_kept_as_it_is(tmp_path: Path) -> None:
    ws = Workspace.create(tmp_path / "ws", pack="gansu", created=ON)
    truth = pl.DataFrame({"b": [2, 1], "a": ["x", "y"]})

    with ws.writing() as batch:
        batch.put("truth_households", COUNTY, YEAR, truth)

    kept = ws.read("truth_households", COUNTY, YEAR)
    assert kept is not None
    assert kept.equals(truth)
