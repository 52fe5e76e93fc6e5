"""A second run adds nothing; what changes is changed, what ends is withdrawn, what returns is opened again."""

from __future__ import annotations

from datetime import date

import polars as pl
from polars.testing import assert_frame_equal

from jingzhun.crosscheck.findings import OPEN, UPDATED, WITHDRAWN
from jingzhun.crosscheck.history import EVENTS, REASONS, Merged, merge

from .support import ON, found, hit, nothing_stored, origin

LATER = date(2020, 3, 1)


def _first(*rows: dict[str, object]) -> Merged:
    return merge(nothing_stored(), found(*(rows or (hit(),))), origin())


def test_a_new_finding_is_opened_with_its_first_day_and_deadline() -> None:
    merged = _first()

    row = merged.findings.row(0, named=True)
    assert (row["finding_id"], row["state"]) == ("X01:H1:P1", OPEN)
    assert (row["first_on"], row["last_on"], row["deadline"]) == (ON, ON, date(2020, 1, 20))
    assert merged.events["event"].to_list() == ["opened"]


def test_the_same_run_again_adds_nothing_and_leaves_the_same_rows() -> None:
    first = _first(hit(), hit("H2", "P9"))

    again = merge(first.findings, found(hit(), hit("H2", "P9")), origin())

    assert again.events.height == 0
    assert_frame_equal(again.findings, first.findings)


def test_the_same_facts_in_a_newer_snapshot_only_move_the_last_day() -> None:
    first = _first()

    later = merge(first.findings, found(hit(), on=LATER, data="data-2"), origin(LATER, "data-2"))

    row = later.findings.row(0, named=True)
    assert later.events.height == 0
    assert (row["first_on"], row["last_on"], row["data_hash"]) == (ON, LATER, "data-1")


def test_a_changed_fact_updates_the_finding_and_tells_what_changed() -> None:
    first = _first()
    changed = hit(record_ids=["vehicles:v1", "vehicles:v2"])

    later = merge(first.findings, found(changed, on=LATER), origin(LATER))

    row, event = later.findings.row(0, named=True), later.events.row(0, named=True)
    assert (row["state"], row["first_on"], row["deadline"]) == (UPDATED, ON, date(2020, 1, 20))
    assert (event["event"], event["changed"]) == ("updated", ["record_ids"])
    assert event["evidence_before"] != event["evidence_after"] == row["evidence_hash"]


def test_a_link_that_became_certain_is_a_change() -> None:
    first = _first(hit(link_band="review"))

    later = merge(first.findings, found(hit()), origin())

    assert later.events["changed"].to_list() == [["link_band"]]
    assert later.findings["rank"].to_list() == [1]


def test_what_is_gone_is_withdrawn_and_stays_withdrawn_without_more_events() -> None:
    first = _first()

    gone = merge(first.findings, found(), origin(LATER), rules=frozenset({"X01"}))
    again = merge(gone.findings, found(), origin(LATER), rules=frozenset({"X01"}))

    assert gone.findings["state"].to_list() == [WITHDRAWN]
    assert gone.events.select("event", "reason").row(0) == ("withdrawn", "condition_ended")
    assert again.events.height == 0
    assert_frame_equal(again.findings, gone.findings)


def test_a_rule_that_is_no_longer_asked_is_the_reason_of_the_withdrawal() -> None:
    gone = merge(_first().findings, found(), origin(), rules=frozenset({"X02"}))

    assert gone.events["reason"].to_list() == ["rule_ended"]


def test_what_is_back_is_opened_again_with_its_first_day_and_a_new_deadline() -> None:
    gone = merge(_first().findings, found(), origin(LATER))

    back = merge(gone.findings, found(hit(), on=LATER), origin(LATER))

    row = back.findings.row(0, named=True)
    assert back.events["event"].to_list() == ["reopened"]
    assert (row["state"], row["first_on"], row["deadline"]) == (OPEN, ON, date(2020, 3, 21))


def test_a_finding_of_the_period_before_goes_on_with_its_first_day() -> None:
    before = _first().findings

    later = merge(nothing_stored(), found(hit(), on=LATER), origin(LATER), earlier=before)

    assert later.findings["first_on"].to_list() == [ON]
    assert later.events.select("event", "reason").row(0) == ("opened", "goes_on")


def test_somebody_outside_the_register_keeps_the_number_when_a_record_is_added() -> None:
    outside = hit(None, None, rule="X13", record_ids=["allowance:b"])
    first = _first(outside)

    more = hit(None, None, rule="X13", record_ids=["allowance:a", "allowance:b"])
    later = merge(first.findings, found(more), origin())

    assert later.findings["finding_id"].to_list() == ["X13:outside:allowance:b"]
    assert later.events["event"].to_list() == ["updated"]


def test_two_people_never_come_to_share_one_number() -> None:
    first = _first(hit(None, None, rule="X13", record_ids=["allowance:a", "allowance:b"]))

    split = [
        hit(None, None, rule="X13", record_ids=["allowance:a"]),
        hit(None, None, rule="X13", record_ids=["allowance:b"]),
    ]
    later = merge(first.findings, found(*split), origin())

    assert later.findings["finding_id"].n_unique() == later.findings.height == 2


def test_every_event_and_reason_has_words_in_both_languages() -> None:
    seen = pl.Series(list(EVENTS)).to_list()

    assert seen == ["opened", "updated", "withdrawn", "reopened"]
    assert all(label.en and label.zh for label in (*EVENTS.values(), *REASONS.values()))
