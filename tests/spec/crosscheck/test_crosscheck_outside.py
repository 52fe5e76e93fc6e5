"""Missed households: who needs help by other departments' records and is on no register."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from jingzhun.crosscheck import outside
from jingzhun.crosscheck.outside import Outside
from jingzhun.frames.partitions import storage_schema
from jingzhun.frames.workspace import UNPLACED, Workspace
from jingzhun.policy.cel import Program
from jingzhun.policy.cel.check import check_bool
from jingzhun.policy.crosschecks import CrossCheck, RuleGroup
from jingzhun.policy.pack import Pack
from jingzhun.standard import schema
from jingzhun.standard.labels import Label

from .support import COUNTY, ON, VILLAGE

YEAR = 2019
WORDS = Label(en="invented", zh="虚构")
NUMBER = "622926199902311237"
VALID = "110101199003074477"

RULE = CrossCheck(
    id="X13",
    group="missed",
    level="record",
    table="allowance",
    needs=("allowance",),
    label=WORDS,
    finding="missed",
    severity="high",
    when='kind == "rural_allowance"',
    show=("kind", "monthly_yuan"),
    message=WORDS,
    explanations=(WORDS,),
    verdict_path=("add",),
    deadline_days=20,
    source="ours",
    confidence="L",
    default=True,
)


def _frame(table: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    columns = storage_schema(schema.table(table))
    return pl.DataFrame([{name: row.get(name) for name in columns} for row in rows], schema=columns)


def _record(number: str, **other: Any) -> dict[str, Any]:
    row = {
        "record_id": number,
        "period": YEAR,
        "name": "虚构甲",
        "area_code": VILLAGE,
        "kind": "rural_allowance",
        "monthly_yuan": 300,
    }
    return row | other


def _link(record: str, home: str, band: str = "certain") -> dict[str, Any]:
    return {"record_id": record, "household_id": home, "person_id": f"{home}-1", "band": band}


@pytest.fixture
def found(tmp_path: Path, gansu: Pack, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Hits for records and links; the households R1 (registered) and U1 (not registered) are on file."""
    scope = gansu.scope(ON, level="record", table="allowance")
    program = Program(scope, {RULE.id: check_bool('kind == "rural_allowance"', scope)})
    group = RuleGroup("record", "allowance", (RULE,), program)
    monkeypatch.setattr(outside, "crosscheck_programs", lambda *_: [group])

    def hits(records: list[dict[str, Any]], *links: Mapping[str, Any]) -> pl.DataFrame:
        ws = Workspace.create(tmp_path / "ws", pack="gansu", created=ON)
        homes = [
            {"household_id": "R1", "is_registered": True},
            {"household_id": "U1", "is_registered": False},
        ]
        homes = [home | {"village_code": VILLAGE, "period": YEAR} for home in homes]
        with ws.writing() as batch:
            batch.put("households", COUNTY, YEAR, _frame("households", homes))
            batch.put("allowance", COUNTY, YEAR, _frame("allowance", records))
            if links:
                batch.put("links_allowance", COUNTY, YEAR, pl.DataFrame(list(links)))
        return Outside(gansu, ON, ["allowance"]).hits(ws, YEAR)

    return hits


def _told(hits: pl.DataFrame) -> list[tuple[Any, ...]]:
    return hits.select("household_id", "record_ids", "link_band").rows()


def test_somebody_on_allowance_whom_nobody_on_file_matches_is_found(found: Any) -> None:
    hits = found([_record("a1")])

    assert _told(hits) == [(None, ["allowance:a1"], "outside")]
    assert json.loads(hits["values"][0]) == {
        "allowance.kind": ["rural_allowance"],
        "allowance.monthly_yuan": [300],
    }
    assert hits["county_code"].to_list() == [COUNTY]


def test_who_belongs_to_a_registered_household_is_not_missed(found: Any) -> None:
    assert found([_record("a1")], _link("a1", "R1")).height == 0


def test_a_household_on_file_that_is_not_registered_is_named(found: Any) -> None:
    hits = found([_record("a1")], _link("a1", "U1", "probable"))

    assert _told(hits) == [("U1", ["allowance:a1"], "probable")]
    assert hits.select("person_id", "subject_id").row(0) == ("U1-1", "U1")


def test_a_doubtful_link_to_a_registered_household_says_so(found: Any) -> None:
    hits = found([_record("a1")], _link("a1", "R1", "review"))

    assert _told(hits) == [(None, ["allowance:a1"], "review")]
    assert json.loads(hits["values"][0])["may_be_of_household"] == "R1"


def test_records_of_one_number_are_one_person(found: Any) -> None:
    hits = found([_record("a1", document_number=VALID), _record("a2", document_number=VALID)])

    assert _told(hits) == [(None, ["allowance:a1", "allowance:a2"], "outside")]


def test_a_number_that_is_not_valid_makes_nobody_one_person(found: Any) -> None:
    born = [date(1960, 1, 1), date(1970, 1, 1)]
    records = [
        _record(f"a{i}", document_number=NUMBER, birth_date=day) for i, day in enumerate(born)
    ]

    assert found(records).height == 2


def test_a_name_and_birth_date_tell_a_person_without_a_number(found: Any) -> None:
    born = date(1960, 1, 1)

    hits = found([_record("a1", birth_date=born), _record("a2", birth_date=born)])

    assert hits["record_ids"].to_list() == [["allowance:a1", "allowance:a2"]]


def test_namesakes_without_number_and_birth_date_are_kept_apart(found: Any) -> None:
    assert found([_record("a1"), _record("a2")]).height == 2


def test_a_record_without_a_place_stands_with_the_unplaced(found: Any) -> None:
    hits = found([_record("a1", area_code=None)])

    assert hits["county_code"].to_list() == [UNPLACED]


def test_what_the_rule_is_not_true_of_is_not_found(found: Any) -> None:
    assert found([_record("a1", kind="temporary_relief"), _record("a2", kind=None)]).height == 0


def test_no_direct_identifier_is_in_a_hit(found: Any) -> None:
    text = found([_record("a1", document_number=VALID)]).write_json()

    assert VALID not in text
    assert "虚构甲" not in text
