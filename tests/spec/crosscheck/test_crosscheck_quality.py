"""Rule quality by verdicts, and against the truth of a sample."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from jingzhun.crosscheck.history import merge
from jingzhun.crosscheck.quality import (
    SUGGESTIONS,
    Bounds,
    link_precision,
    link_recall,
    precision_and_recall,
    rule_quality,
    village_load,
    wilson,
)
from jingzhun.crosscheck.verdicts import VERDICT

from .support import VILLAGE, found, hit, nothing_stored, origin


def _stored(n: int, **other: object) -> pl.DataFrame:
    rows = [hit(f"H{i:03}", "P1", **other) for i in range(n)]
    return merge(nothing_stored(), found(*rows), origin()).findings


def _verdicts(findings: pl.DataFrame, *words: str) -> pl.DataFrame:
    rows = [
        {"finding_id": number, "verdict": word, "decided_on": date(2020, 1, 1)}
        for number, word in zip(findings["finding_id"], words, strict=False)
    ]
    return pl.DataFrame(rows, schema=dict(VERDICT))


def test_wilson_gives_the_published_interval() -> None:
    # 8 of 10 at 95 %: 0.490 to 0.943 (Brown, Cai and DasGupta 2001, formula (4)).
    low, high = wilson(8, 10) or (0, 0)

    assert (round(low, 3), round(high, 3)) == (0.490, 0.943)


@pytest.mark.parametrize(("hits", "of"), [(0, 10), (10, 10), (1, 1), (0, 1)])
def test_wilson_stays_within_shares(hits: int, of: int) -> None:
    low, high = wilson(hits, of) or (-1, -1)

    assert 0 <= low <= hits / of <= high <= 1


def test_nothing_counted_has_no_interval() -> None:
    assert wilson(0, 0) is None


def test_precision_counts_what_was_true_among_what_was_decided() -> None:
    findings = _stored(10)
    decided = _verdicts(findings, "true", "true", "lawful_exception", "not_true", "data_error")

    row = rule_quality(findings, decided, villages=4)[0]

    assert (row["hits"], row["open"], row["decided"]) == (10, 10, 5)
    assert (row["precision"], row["fact_rate"]) == (0.4, 0.6)
    assert row["verdicts"] == {"true": 2, "lawful_exception": 1, "not_true": 1, "data_error": 1}
    assert row["load"]["mean"] == 2.5


def test_without_verdicts_a_rule_has_no_precision_and_no_advice() -> None:
    row = rule_quality(_stored(3), _verdicts(_stored(0)), villages=1)[0]

    assert row["precision"] is None
    assert row["precision_interval"] is None
    assert row["suggestions"] == []


def test_few_verdicts_blame_no_rule() -> None:
    findings = _stored(19)

    row = rule_quality(findings, _verdicts(findings, *["not_true"] * 19), villages=1)[0]

    assert row["suggestions"] == []


@pytest.mark.parametrize(
    ("band", "verdict", "advice"),
    [
        ("certain", "not_true", "untrue_rule"),
        ("probable", "not_true", "untrue_links"),
        ("certain", "lawful_exception", "lawful"),
        ("certain", "data_error", "data_error"),
    ],
)
def test_many_verdicts_against_a_rule_tell_what_to_retune(
    band: str, verdict: str, advice: str
) -> None:
    findings = _stored(40, link_band=band)
    decided = _verdicts(findings, *[verdict] * 30, *["true"] * 10)

    row = rule_quality(findings, decided, villages=9, bounds=Bounds(alerts_per_village=99))[0]

    assert row["suggestions"] == [advice]
    assert SUGGESTIONS[advice].en
    assert SUGGESTIONS[advice].zh


def test_villages_that_get_more_than_they_can_look_into_are_told() -> None:
    row = rule_quality(_stored(30), _verdicts(_stored(0)), villages=10)[0]

    assert row["suggestions"] == ["load"]


def test_withdrawn_findings_are_no_load() -> None:
    gone = merge(_stored(3), found(), origin()).findings

    assert village_load(gone, 3)["findings"] == 0


def test_load_counts_villages_that_have_findings_apart_from_all() -> None:
    load = village_load(_stored(6), 3)

    assert load == {
        "findings": 6, "villages": 1, "mean": 2.0, "median": 6.0, "p95": 6.0, "most": 6.0,
    }  # fmt: skip
    assert VILLAGE


def test_against_the_truth_both_errors_are_counted() -> None:
    rows = found(hit("H1"), hit("H2"), hit("H3"))
    truth = pl.DataFrame(
        {
            "rule": ["X01"] * 4,
            "finding": ["wrongly_included"] * 4,
            "household_id": ["H1", "H2", "H4", "H3"],
            "person_id": ["P1"] * 4,
            "is_true": [True, True, True, False],
            "lawful_exception": [False, True, False, False],
            "records": [[], [], [], []],
        },
        schema_overrides={"records": pl.List(pl.String)},
    )

    (row,) = precision_and_recall(rows, truth)

    assert (row["found"], row["right"], row["missed"], row["real"]) == (3, 2, 1, 3)
    assert row["lawful"] == 1
    assert (row["precision"], row["recall"]) == (2 / 3, 2 / 3)


def test_a_type_of_finding_nobody_found_has_a_recall_of_nothing() -> None:
    truth = pl.DataFrame(
        {
            "rule": ["X06"],
            "finding": ["data_error"],
            "household_id": ["H1"],
            "person_id": [None],
            "is_true": [True],
            "lawful_exception": [False],
            "records": [[]],
        },
        schema_overrides={"person_id": pl.String, "records": pl.List(pl.String)},
    )

    (row,) = precision_and_recall(found(), truth)

    assert (row["precision"], row["recall"]) == (None, 0.0)


def test_people_on_no_register_are_told_by_any_of_their_records() -> None:
    rows = found(
        hit(None, None, rule="X13", record_ids=["allowance:a", "allowance:b"]),
        hit(None, None, rule="X13", record_ids=["allowance:z"]),
    )
    truth = pl.DataFrame(
        {
            "rule": ["X13", "X13"],
            "finding": ["wrongly_included"] * 2,
            "household_id": [None, None],
            "person_id": [None, None],
            "is_true": [True, True],
            "lawful_exception": [False, False],
            "records": [["allowance:b"], ["allowance:c"]],
        },
        schema_overrides={"household_id": pl.String, "person_id": pl.String},
    )

    (row,) = precision_and_recall(rows, truth)

    assert (row["found"], row["right"], row["missed"]) == (2, 1, 1)


def _links(*rows: tuple[str, str, str]) -> pl.DataFrame:
    frame = pl.DataFrame(list(rows), schema=["record_id", "person_id", "band"], orient="row")
    return frame.with_columns(source=pl.lit("vehicles"))


def _truth(*rows: tuple[str, str | None, str]) -> pl.DataFrame:
    frame = pl.DataFrame(
        list(rows),
        schema={"record_id": pl.String, "person_id": pl.String, "ethnicity": pl.String},
        orient="row",
    )
    nobody = pl.lit(None, dtype=pl.String)
    return frame.with_columns(source=pl.lit("vehicles"), also_person_id=nobody)


def test_a_person_on_file_twice_is_linked_rightly_under_either_number() -> None:
    truth = _truth(("r1", "P1", "01")).with_columns(also_person_id=pl.lit("P7"))
    links = _links(("r1", "P7", "certain"))

    assert link_recall(links, truth)[0]["recall"] == 1.0
    assert link_precision(links, truth)["right"] == 1


def test_recall_of_links_is_told_for_each_people() -> None:
    truth = _truth(("r1", "P1", "01"), ("r2", "P2", "04"), ("r3", "P3", "04"), ("r4", None, "04"))
    links = _links(("r1", "P1", "certain"), ("r2", "P2", "review"), ("r3", "P9", "certain"))

    han, tibetan = link_recall(links, truth)

    assert (han["recall"], tibetan["recall"]) == (1.0, 0.0)
    assert (tibetan["records"], tibetan["with_review"]) == (2, 1)


def test_a_link_to_somebody_else_or_of_nobody_is_wrong() -> None:
    truth = _truth(("r1", "P1", "01"), ("r2", None, "01"))
    links = _links(("r1", "P1", "certain"), ("r2", "P2", "probable"), ("r9", "P3", "certain"))

    told = link_precision(links, truth)

    assert (told["links"], told["right"], told["precision"]) == (2, 1, 0.5)
