"""The tables of names: each row is marked, and no two rows contradict each other."""

from __future__ import annotations

from collections import Counter

import polars as pl
import pytest

from jingzhun.linkage.names import frequencies, measured_shares, surname_shares, tables_version
from jingzhun.linkage.names.normal import clean
from jingzhun.linkage.names.shipped import TABLES, shipped_rows

FORMS = ("syllables.csv", "look_alikes.csv", "nicknames.csv")


@pytest.mark.parametrize("table", TABLES)
def test_every_row_says_where_it_is_from_and_how_sure_it_is(table: str) -> None:
    rows = shipped_rows(table)

    assert rows
    assert [row for row in rows if not row["source"] or not row["confidence"]] == []
    assert [row for row in rows if "reviewer" not in row or None in row] == []


@pytest.mark.parametrize("table", TABLES)
def test_what_nobody_has_reviewed_is_marked_unverified_or_has_a_source(table: str) -> None:
    open_ = [
        r for r in shipped_rows(table) if not r["reviewer"] and not r["confidence"].startswith("H")
    ]

    assert [row for row in open_ if "unverified" not in row["confidence"]] == []


@pytest.mark.parametrize("table", FORMS)
def test_a_form_belongs_to_one_class(table: str) -> None:
    # A single syllable may mean one thing in Tibetan and another in Kazakh names.
    keys = Counter(
        (row["form"], row.get("language") if len(row["form"]) == 1 else None)
        for row in shipped_rows(table)
    )

    assert [form for form, count in keys.items() if count > 1] == []


def test_forms_are_written_with_the_characters_that_are_compared() -> None:
    forms = pl.Series([row["form"] for row in shipped_rows("syllables.csv")])

    assert forms.filter(clean(forms) != forms).to_list() == []


def test_no_glyph_leads_to_another_variant() -> None:
    rows = shipped_rows("glyphs.csv")

    assert {row["standard"] for row in rows} & {row["variant"] for row in rows} == set()


def test_the_version_of_the_tables_is_the_same_twice() -> None:
    assert len(tables_version()) == 12
    assert tables_version() == tables_version()


def test_published_shares_are_shares_of_all_persons() -> None:
    for people in ("han", "hui"):
        rows = [r for r in shipped_rows("surnames.csv") if r["people"] == people and r["percent"]]
        assert 60 < sum(float(row["percent"]) for row in rows) <= 100


def test_ma_is_common_among_hui_and_an_unlisted_surname_has_no_share() -> None:
    shares = surname_shares(pl.Series(["马", "龘", None]), people="hui")

    assert shares.to_list() == [0.45, None, None]


def test_shares_are_measured_among_the_known() -> None:
    values = pl.Series(["马", "马", None, "王"])

    assert measured_shares(values).to_list() == pytest.approx([2 / 3, 2 / 3, None, 1 / 3])
    assert frequencies(values).rows() == [
        ("马", 2, pytest.approx(2 / 3)),
        ("王", 1, pytest.approx(1 / 3)),
    ]
