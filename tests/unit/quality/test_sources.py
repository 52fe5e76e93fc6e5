"""What was delivered, how old it is, and how it meets the register."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from jingzhun.cli.sources import sources as command
from jingzhun.frames.deliveries import EVERYWHERE, LEDGER, Delivery
from jingzhun.frames.workspace import Workspace
from jingzhun.quality.sources import BY_LINKS, BY_NUMBER, Source, sources
from jingzhun.standard import schema
from jingzhun.standard.id_numbers import make_id
from register_support import (
    FAR,
    NEIGHBOUR,
    ON,
    VILLAGE,
    YEAR,
    frame,
    household,
    person,
    workspace,
)

A, B, C = (make_id("622926", date(1970 + n, 1, 1), n) for n in range(3))
OLD_A = A[:6] + A[8:17]
HOMES = [household("H1"), household("H2", NEIGHBOUR), household("H3", FAR)]
PEOPLE = [
    person("H1", document_number=A),
    person("H1", 2, document_number=None),
    person("H2", document_number=B),
    person("H3", document_number=C),
]
Row = dict[str, Any]


def delivery(table: str = "vehicles", **fields: Any) -> Delivery:
    given: dict[str, Any] = {
        "id": "d1",
        "table": table,
        "period": YEAR,
        "source": "police (invented)",
        "legal_basis": "agreement 1 (invented)",
        "purpose": None,
        "received": date(2019, 12, 1),
        "from_date": None,
        "until_date": None,
        "covers": (EVERYWHERE,),
        "sha256": "0" * 64,
        "rows": 1,
        "imported": date(2019, 12, 2),
    }
    return Delivery(**{**given, **fields})


def put(ws: Workspace, table: str, rows: Sequence[Row], *found: Delivery) -> None:
    whole = [{"period": YEAR, "record_id": str(n), **row} for n, row in enumerate(rows)]
    with ws.writing() as batch:
        batch.put(table, "000000", YEAR, frame(table, whole))
        batch.record({"id": "i1", LEDGER: [one.entry() for one in found]})


@pytest.fixture
def ws(tmp_path: Path) -> Workspace:
    return workspace(tmp_path / "ws", {"households": HOMES, "persons": PEOPLE})


def only(ws: Workspace, on: date = ON) -> Source:
    (found,) = sources(ws, on)
    return found


def test_records_and_people_meet_by_numbers_without_a_fault_in_any_form(ws: Workspace) -> None:
    rows = [{"document_number": n} for n in (A.lower(), OLD_A, B, "123", None, A[:-1] + "?")]
    put(ws, "vehicles", rows, delivery())

    found = only(ws)

    assert found.records == 6
    assert found.overlap is not None
    assert found.overlap.by == BY_NUMBER
    assert (found.overlap.persons, found.overlap.persons_found) == (4, 2)
    assert (found.overlap.records_found, found.overlap.records_review) == (3, None)


def test_people_count_only_where_the_delivery_covers_their_area(ws: Workspace) -> None:
    rows = [{"document_number": n} for n in (A, B, C)]
    put(ws, "vehicles", rows, delivery(covers=("622927", VILLAGE)))

    found = only(ws)

    assert found.overlap is not None
    assert (found.overlap.persons, found.overlap.persons_found) == (3, 2)
    assert found.overlap.records_found == 3


def test_without_a_delivery_nobody_is_covered(ws: Workspace) -> None:
    put(ws, "vehicles", [{"document_number": A}])

    found = only(ws)

    assert found.covers == ()
    assert found.age_days is None
    assert found.overlap is not None
    assert (found.overlap.persons, found.overlap.persons_found) == (0, 0)
    assert found.overlap.records_found == 1


def test_links_count_where_the_table_was_linked(ws: Workspace) -> None:
    put(ws, "vehicles", [{"document_number": A}, {}, {}], delivery())
    links = [("H1-1", "0", "certain"), ("H2-1", "1", "probable"), ("H3-1", "2", "review")]
    links.append(("H1-2", "0", "review"))
    with ws.writing() as batch:
        rows = [{"person_id": p, "record_id": r, "band": b} for p, r, b in links]
        batch.put("links_vehicles", "622926", YEAR, frame("persons", rows).select(*rows[0]))

    overlap = only(ws).overlap

    assert overlap is not None
    assert overlap.by == BY_LINKS
    assert (overlap.persons_found, overlap.records_found, overlap.records_review) == (2, 2, 1)


def test_age_is_counted_from_the_last_delivery_that_had_come_by_the_day(ws: Workspace) -> None:
    late = delivery(id="d2", received=date(2019, 12, 21))
    put(ws, "vehicles", [{}], delivery(), late)

    assert only(ws, date(2019, 12, 31)).age_days == 10
    assert only(ws, date(2019, 12, 11)).age_days == 10
    assert only(ws, date(2019, 11, 30)).age_days is None


def test_a_workspace_without_a_register_lists_its_deliveries(tmp_path: Path) -> None:
    ws = Workspace.create(tmp_path / "ws", pack="gansu", created=ON)
    put(ws, "deaths", [{"document_number": A}], delivery("deaths"))

    assert only(ws).overlap is None
    assert only(ws).records == 1


def test_a_delivery_without_records_is_listed(ws: Workspace) -> None:
    with ws.writing() as batch:
        batch.record({"id": "i", LEDGER: [delivery("deaths", rows=0).entry()]})

    found = only(ws)

    assert (found.table, found.records) == ("deaths", 0)
    assert found.overlap is not None
    assert found.overlap.persons == 4


# -- the command -----------------------------------------------------------------------------------

app = typer.Typer()
app.command()(command)


def told(*arguments: object) -> str:
    done = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert done.exit_code == 0, done.output
    return done.output


def test_the_command_prints_one_line_for_each_source(ws: Workspace) -> None:
    put(
        ws, "vehicles", [{"document_number": A, "name": "测试甲"}, {}], delivery(covers=("622926",))
    )

    text = told(ws.path, "--on", "2019-12-31")

    for part in ("vehicles", "police (invented)", "30", "1 of 2 counties", "50.0%", "33.3%"):
        assert part in text
    assert "Not delivered 未交付: allowance" in text
    assert "测试甲" not in text
    assert A not in text


def test_the_command_prints_everything_as_json(ws: Workspace) -> None:
    put(ws, "vehicles", [{"document_number": A}, {}], delivery(covers=("622926",)))

    found = json.loads(told(ws.path, "--on", "2019-12-31", "--json"))

    (vehicles,) = found["sources"]
    assert vehicles["department"] == schema.table("vehicles").model_dump()["department"]
    assert (vehicles["records"], vehicles["age_days"]) == (2, 30)
    assert (vehicles["counties_covered"], vehicles["counties"]) == (1, 2)
    assert vehicles["overlap"]["persons_share"] == pytest.approx(1 / 3, abs=1e-6)
    assert vehicles["overlap"]["records_share"] == 0.5
    assert vehicles["deliveries"][0]["legal_basis"] == "agreement 1 (invented)"
    assert len(found["not_delivered"]) == 14


def test_the_command_says_so_when_nothing_was_delivered(ws: Workspace) -> None:
    assert "Nothing was delivered yet" in told(ws.path)
    assert json.loads(told(ws.path, "--json"))["sources"] == []


def test_records_without_a_delivery_are_pointed_out(ws: Workspace) -> None:
    put(ws, "vehicles", [{}])

    assert "Without a delivery in the ledger" in told(ws.path)
