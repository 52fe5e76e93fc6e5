"""Links held against the truth, by hand."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from jingzhun.linkage.evaluate import by_band, scores

LINKS = pl.DataFrame(
    [
        ("p1", "r1", "certain", "vehicles"),
        ("p2", "r2", "probable", "vehicles"),
        ("p9", "r3", "certain", "pension"),
        ("p4", "r4", "review", "pension"),
    ],
    schema=["person_id", "record_id", "band", "source"],
    orient="row",
)
TRUTH = pl.DataFrame(
    [
        ("p1", "r1", None, "01", "vehicles"),
        ("p2", "r2", None, "04", "vehicles"),
        ("p3", "r3", None, "04", "pension"),
        ("p4", "r4", None, "01", "pension"),
        (None, "r5", None, "01", "pension"),
    ],
    schema=["person_id", "record_id", "other_person_id", "ethnicity", "source"],
    orient="row",
)


def only(rows: pl.DataFrame) -> dict[str, Any]:
    assert rows.height == 1
    return rows.row(0, named=True)


def test_links_left_to_review_count_neither_for_nor_against() -> None:
    found = only(scores(LINKS, TRUTH))

    assert (found["true"], found["found"], found["right"]) == (4, 3, 2)
    assert found["precision"] == pytest.approx(2 / 3)
    assert found["recall"] == pytest.approx(2 / 4)
    assert found["f1"] == pytest.approx(4 / 7)


def test_recall_is_told_for_each_people() -> None:
    found = {row["ethnicity"]: row for row in scores(LINKS, TRUTH, ["ethnicity"]).to_dicts()}

    assert found["01"]["recall"] == pytest.approx(1 / 2)
    assert found["04"]["recall"] == pytest.approx(1 / 2)
    assert found["04"]["precision"] == pytest.approx(1 / 2)


def test_a_person_on_file_twice_is_reached_by_either_row_and_counts_once() -> None:
    truth = TRUTH.with_columns(
        other_person_id=pl.when(pl.col("record_id") == "r3").then(pl.lit("p9"))
    )
    both = pl.concat(
        [LINKS, LINKS.filter(pl.col("record_id") == "r3").with_columns(person_id=pl.lit("p3"))]
    )

    found = only(scores(both, truth))

    assert found["right"] == 4
    assert found["recall"] == pytest.approx(3 / 4)


def test_without_links_nothing_is_reached_and_precision_is_not_known() -> None:
    found = only(scores(LINKS.head(0), TRUTH))

    assert found["precision"] is None
    assert found["recall"] == 0


def test_each_band_tells_how_often_it_is_right() -> None:
    found = {row["band"]: row for row in by_band(LINKS, TRUTH).to_dicts()}

    assert found["certain"]["precision"] == pytest.approx(1 / 2)
    assert found["probable"]["precision"] == 1
    assert found["review"]["recall_so_far"] == pytest.approx(3 / 4)
