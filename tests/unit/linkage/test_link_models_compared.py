"""Two models on the same records, by hand."""

from __future__ import annotations

import polars as pl

from jingzhun.linkage.compare import BOTH, FIRST, SECOND, changes, compared


def links(*rows: tuple[str, str, str, float]) -> pl.DataFrame:
    return pl.DataFrame(
        rows, schema=["person_id", "record_id", "band", "probability"], orient="row"
    )


def test_pairs_are_told_by_who_links_them() -> None:
    first = links(("p1", "r1", "certain", 0.99), ("p2", "r2", "review", 0.3))
    second = links(("p1", "r1", "probable", 0.8), ("p3", "r3", "certain", 1.0))

    found = compared(first, second)

    assert found.select("person_id", "made_by").rows() == [
        ("p1", BOTH),
        ("p2", FIRST),
        ("p3", SECOND),
    ]


def test_changes_of_band_are_counted() -> None:
    first = links(("p1", "r1", "certain", 0.99), ("p2", "r2", "certain", 0.99))
    second = links(("p1", "r1", "probable", 0.8), ("p2", "r2", "probable", 0.8))

    assert changes(compared(first, second)).rows() == [("certain", "probable", 2)]
