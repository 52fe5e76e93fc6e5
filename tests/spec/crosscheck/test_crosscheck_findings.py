"""Numbers, bands and ranks of findings."""

from __future__ import annotations

import pytest

from jingzhun.crosscheck.findings import by_subject, findings_of, merged_hits, weakest

from .support import found, hit, hits, origin, rule, rules


def test_a_finding_has_the_number_of_its_rule_household_and_person() -> None:
    rows = found(hit(), hit("H2", None, rule="X06"))

    assert rows["finding_id"].to_list() == ["X01:H1:P1", "X06:H2:"]


def test_somebody_on_no_register_has_the_number_of_the_first_record() -> None:
    rows = found(hit(None, None, rule="X13", record_ids=["allowance:a7"]))

    assert rows["finding_id"].to_list() == ["X13:outside:allowance:a7"]


def test_evidence_of_certain_links_is_not_blurred_by_links_to_be_reviewed() -> None:
    sure = hits(hit())
    everything = hits(hit(record_ids=["vehicles:v1", "vehicles:v8"], link_band="review"))

    merged = merged_hits(sure, everything)

    assert merged.row(0, named=True)["record_ids"] == ["vehicles:v1"]
    assert merged["link_band"].to_list() == ["certain"]


def test_what_only_a_link_to_be_reviewed_makes_true_is_to_be_reviewed() -> None:
    merged = merged_hits(hits(), hits(hit(link_band="review")))

    assert merged["link_band"].to_list() == ["review"]


def test_what_a_link_to_be_reviewed_would_make_untrue_is_to_be_reviewed_too() -> None:
    uninsured = hit(rule="X10", record_ids=[], link_band="register")

    merged = merged_hits(hits(uninsured), hits())

    assert merged.select("rule", "link_band").row(0) == ("X10", "review")


def test_household_rules_are_compared_without_a_person() -> None:
    moved = hit("H1", None, rule="X06")

    assert merged_hits(hits(moved), hits(moved))["link_band"].to_list() == ["certain"]


@pytest.mark.parametrize(
    ("bands", "expected"),
    [
        ([], "register"),
        (["certain"], "certain"),
        (["probable", "certain"], "probable"),
        (["certain", "review", "probable"], "review"),
    ],
)
def test_a_finding_is_as_sure_as_its_weakest_record(bands: list[str], expected: str) -> None:
    assert weakest(bands) == expected


def test_review_never_outranks_certain_however_severe() -> None:
    rows = findings_of(
        hits(
            hit("H1", "P1", rule="high", link_band="review"),
            hit("H2", "P2", rule="low", link_band="certain"),
            hit("H3", "P3", rule="high", link_band="probable"),
            hit("H4", "P4", rule="high", link_band="register"),
            hit("H5", "P5", rule="medium", link_band="certain"),
        ),
        rules(*(rule(level, severity=level) for level in ("high", "medium", "low"))),
        origin(),
    )

    order = rows.sort("rank")["household_id"].to_list()

    assert order == ["H4", "H3", "H5", "H2", "H1"]


def test_findings_of_one_household_stand_together_the_most_urgent_first() -> None:
    rows = found(
        hit("H1", "P1", rule="X01", link_band="review"),
        hit("H1", "P2", rule="X04"),
        hit("H2", "P3", rule="X01", link_band="probable"),
        hit(None, None, rule="X13", subject_id="allowance:a", link_band="outside"),
    )

    homes = by_subject(rows)

    assert homes["subject_id"].to_list() == ["H1", "H2", "allowance:a"]
    assert homes["findings"].to_list() == [2, 1, 1]
    assert homes["rules"].to_list() == [["X04", "X01"], ["X01"], ["X13"]]


def test_facts_in_another_snapshot_have_the_same_evidence_hash() -> None:
    one, other = found(hit(), data="a"), found(hit(), data="b")

    assert one["evidence_hash"].to_list() == other["evidence_hash"].to_list()
    assert one["data_hash"].to_list() != other["data_hash"].to_list()
