"""Which records the pack's checks find, and what a finding says."""

from __future__ import annotations

from collections.abc import Sequence

from jingzhun.policy.pack import load_pack
from jingzhun.quality.checks import COLUMNS, CheckRun
from register_support import ON, VILLAGE, Row, household, keyed, lazy, person

PASTURE = "623025100200"


def _found(homes: Sequence[Row], persons: Sequence[Row]) -> list[Row]:
    households, people = keyed(homes, persons)
    copies = [row | {"document_copies": None} for row in people]
    run = CheckRun(load_pack("gansu"), ON, levels=("household", "person"))
    table = run.findings(
        lazy("households", households), lazy("persons", copies), lazy("villages", [])
    )
    assert table.columns == list(COLUMNS)
    return list(table.rows(named=True))


def _rules(rows: Sequence[Row]) -> set[str]:
    return {row["rule"] for row in rows}


def test_a_finding_says_what_where_and_why_in_both_languages() -> None:
    rows = _found([household("H1")], [person("H1", work_months=13)])

    found = next(row for row in rows if row["rule"] == "work_months_impossible")
    assert found["finding_id"] == "work_months_impossible:H1:H1-1"
    assert (found["household_id"], found["person_id"]) == ("H1", "H1-1")
    assert (found["county_code"], found["village_code"]) == (VILLAGE[:6], VILLAGE)
    assert (found["field"], found["value"]) == ("work_months", "13")
    rule = load_pack("gansu").checks["work_months_impossible"]
    assert (found["message_en"], found["message_zh"]) == (rule.message.en, rule.message.zh)


def test_what_is_not_known_makes_no_finding() -> None:
    rows = _found([household("H1")], [person("H1", work_months=None)])

    assert "work_months_impossible" not in _rules(rows)


def test_a_county_may_have_a_limit_of_its_own() -> None:
    # Two persons with 120 mu: 60 each, more than elsewhere and less than in the pastures of Maqu.
    for village, is_found in ((VILLAGE, True), (PASTURE, False)):
        home = household("H1", village, cultivated_mu=120.0)
        rows = _found([home], [person("H1"), person("H1", 2)])
        assert ("cultivated_per_person_high" in _rules(rows)) is is_found


def test_a_value_that_points_at_a_person_is_not_shown() -> None:
    rows = _found([household("H1")], [person("H1", document_number="620102194903070020")])

    assert "document_checksum" in _rules(rows)
    assert all("620102194903070020" not in str(row) for row in rows)


def test_there_are_more_than_sixty_rules() -> None:
    assert len(load_pack("gansu").checks) >= 60
