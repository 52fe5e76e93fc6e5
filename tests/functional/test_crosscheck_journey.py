"""A county officer's journey: records come, findings are made, looked into, decided on, and told again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from typer.testing import CliRunner, Result

from jingzhun.cli.app import app
from jingzhun.frames.deliveries import Delivery
from jingzhun.frames.partitions import storage_schema
from jingzhun.frames.workspace import Workspace
from jingzhun.standard import schema
from jingzhun.standard.id_numbers import check_character

COUNTY, VILLAGE, YEAR, ON = "622926", "622926100201", 2019, "2019-12-31"
NAMES = ("虚构甲", "虚构乙", "虚构丙", "虚构丁")


def number(order: int) -> str:
    """A valid invented document number, born on 1 May 1980."""
    body = f"62292619800501{order:03}"
    return body + check_character(body)


def _frame(table: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    columns = storage_schema(schema.table(table))
    return pl.DataFrame([{name: row.get(name) for name in columns} for row in rows], schema=columns)


def _person(order: int) -> dict[str, Any]:
    return {
        "name": NAMES[order],
        "document_number": number(10 + 2 * order),
        "birth_date": date(1980, 5, 1),
        "period": YEAR,
    }


def _car(record: str, order: int, **other: Any) -> dict[str, Any]:
    row = {
        "record_id": record,
        "area_code": VILLAGE,
        "kind": "car",
        "status": "in_use",
        "value_yuan": 60_000,
        "owned_on": date(2017, 3, 1),
    }
    return _person(order) | row | other


def _allowance(record: str, order: int) -> dict[str, Any]:
    row = {
        "record_id": record,
        "area_code": VILLAGE,
        "kind": "rural_allowance",
        "from_date": date(2019, 1, 1),
    }
    return _person(order) | row


def deliver(path: Path, **tables: list[dict[str, Any]]) -> None:
    """Put records of departments in, as an import does."""
    ws = Workspace.open(path)
    with ws.writing() as batch:
        for table, rows in tables.items():
            batch.put(table, COUNTY, YEAR, _frame(table, rows))
            one = Delivery(
                id=f"{table}-1",
                table=table,
                period=YEAR,
                source="an invented department",
                legal_basis="an invented order",
                purpose=None,
                received=date(2019, 12, 20),
                from_date=None,
                until_date=None,
                covers=("62",),
                sha256="0" * 64,
                rows=len(rows),
                imported=date(2019, 12, 20),
            )
            batch.record({"id": f"import-{table}", "deliveries": [one.entry()]})


@pytest.fixture
def register(tmp_path: Path) -> Path:
    """Three registered households of one person; the fourth person of the tests is on no register."""
    path = tmp_path / "register"
    ws = Workspace.create(path, pack="gansu", created=date(2020, 1, 1))
    homes = [
        {
            "household_id": f"H{n}",
            "village_code": VILLAGE,
            "period": YEAR,
            "is_registered": True,
            "exit_status": "not_exited",
        }
        for n in range(3)
    ]
    people = [
        _person(n)
        | {"person_id": f"P{n}", "household_id": f"H{n}", "record_state": "1", "relation": "01"}
        for n in range(3)
    ]
    with ws.writing() as batch:
        batch.put("households", COUNTY, YEAR, _frame("households", homes))
        batch.put("persons", COUNTY, YEAR, _frame("persons", people))
        village = {"village_code": VILLAGE, "period": YEAR}
        batch.put("villages", COUNTY, YEAR, _frame("villages", [village]))
    return path


def ask(*words: str | Path) -> Result:
    done = CliRunner().invoke(app, [str(word) for word in words])
    if done.exit_code:
        raise AssertionError(done.output + repr(done.exception))
    return done


def find(path: Path, on: str = ON) -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads(ask("crosscheck", path, "--on", on, "--json").stdout)
    return found


def counted(found: Mapping[str, Any]) -> dict[str, int]:
    return {rule["rule"]: rule["n"] for rule in found["findings"]["by_rule"] if rule["n"]}


def test_records_make_findings_and_a_second_run_adds_nothing(register: Path) -> None:
    deliver(register, vehicles=[_car("v0", 0)], allowance=[_allowance("a3", 3)])

    first, again = find(register), find(register)

    assert counted(first)["X01"] == 1
    assert counted(first)["X13a"] == 1
    assert first["findings"]["outside"] == 1
    assert first["events"]["opened"] == first["findings"]["total"]
    assert set(again["events"].values()) == {0}
    assert counted(again) == counted(first)


def test_the_finding_is_shown_with_evidence_explanations_and_history(register: Path) -> None:
    deliver(register, vehicles=[_car("v0", 0)])
    find(register)

    text = ask("crosscheck", "show", register, "H0").stdout

    assert "X01:H0:P0" in text
    assert "vehicles:v0 (certain link" in text
    assert "vehicles.value_yuan = 60000" in text
    assert "The vehicle was sold and not yet transferred." in text
    assert "车辆已出售，尚未办理过户。" in text
    assert "2019-12-31  X01:H0:P0  opened 新增" in text


def test_a_changed_record_changes_the_finding_and_a_scrapped_car_withdraws_it(
    register: Path,
) -> None:
    deliver(register, vehicles=[_car("v0", 0)])
    find(register)
    deliver(register, vehicles=[_car("v0", 0, value_yuan=90_000)])
    changed = find(register, "2020-01-31")
    deliver(register, vehicles=[_car("v0", 0, status="scrapped")])
    gone = find(register, "2020-02-28")
    deliver(register, vehicles=[_car("v0", 0)])
    back = find(register, "2020-03-31")

    assert (changed["events"]["updated"], gone["events"]["withdrawn"]) == (1, 1)
    assert back["events"]["reopened"] == 1
    events = json.loads(ask("crosscheck", "show", register, "X01:H0:P0", "--json").stdout)["events"]
    assert [e["event"] for e in events] == ["opened", "updated", "withdrawn", "reopened"]


def test_verdicts_come_in_and_tell_how_good_the_rule_is(register: Path, tmp_path: Path) -> None:
    deliver(register, vehicles=[_car("v0", 0), _car("v1", 1)])
    find(register)
    verdicts = tmp_path / "verdicts.csv"
    verdicts.write_text(
        "finding_id,verdict,reason,decided_on,decided_by\n"
        "X01:H0:P0,true,,2020-01-10,office-7\n"
        "X01:H1:P1,属实,,2020-01-11,office-7\n"
        "X01:H9:P9,true,,2020-01-11,office-7\n",
        encoding="utf-8",
    )

    told = ask("crosscheck", "verdicts", register, verdicts, "--on", "2020-02-01").stdout
    again = ask("crosscheck", "verdicts", register, verdicts, "--on", "2020-02-01").stdout
    rows = json.loads(ask("crosscheck", "quality", register, "--json").stdout)

    assert "3 verdicts read: 2 new, 0 known before, 1 refused" in told
    assert "0 new, 2 known before, 1 refused" in again
    rule = next(row for row in rows if row["rule"] == "X01")
    assert (rule["decided"], rule["precision"]) == (2, 1.0)
    assert "X01" in ask("crosscheck", "quality", register).stdout


def test_a_run_reports_the_cross_check_and_names_nobody(register: Path, tmp_path: Path) -> None:
    deliver(register, vehicles=[_car("v0", 0)], allowance=[_allowance("a3", 3)])

    done = ask("run", register, "--on", ON, "--out", tmp_path / "out")

    summary = json.loads((tmp_path / "out/summary.json").read_text(encoding="utf-8"))
    page = (tmp_path / "out/report.html").read_text(encoding="utf-8")
    assert summary["crosscheck"]["findings"]["total"] > 0
    assert 'id="crosscheck"' in page
    stored = pl.concat([pl.read_parquet(p) for p in register.glob("tables/findings/*/*.parquet")])
    results = [pl.read_parquet(p) for p in (tmp_path / "out/crosscheck").glob("*.parquet")]
    texts = [done.stdout, page, json.dumps(summary), *(r.write_json() for r in [stored, *results])]
    marks = [*NAMES, *(number(10 + 2 * order) for order in range(4))]
    assert [mark for mark in marks for text in texts if mark in text] == []


def test_without_records_of_others_the_command_says_what_to_do(register: Path) -> None:
    done = CliRunner().invoke(app, ["crosscheck", str(register), "--on", ON])

    assert done.exit_code
    assert "holds no records of other departments" in str(done.exception)


def test_who_has_no_record_where_others_have_is_found_by_its_absence(register: Path) -> None:
    deliver(register, medical_insurance=[_person(0) | {"record_id": "m0", "kind": "resident"}])

    rows = json.loads(ask("crosscheck", register, "--on", ON, "--json").stdout)

    assert counted(rows)["X10"] == 2
    assert rows["sources"][0]["certain"] == 1


def test_a_household_without_findings_is_told_so(register: Path) -> None:
    deliver(register, vehicles=[_car("v0", 0)])
    find(register)

    done = CliRunner().invoke(app, ["crosscheck", "show", str(register), "H77"])

    assert "No finding of 2019 is about H77" in str(done.exception)
