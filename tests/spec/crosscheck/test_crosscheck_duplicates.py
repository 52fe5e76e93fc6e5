"""People on file twice: certain by their number, told with whom, and only across households."""

from __future__ import annotations

import json

import narwhals as nw
import polars as pl

from jingzhun.crosscheck.duplicates import ALSO, COLUMNS, SameNumber

from .support import hit, hits

NUMBER, SHORT = "110101199003074477", "110101900307447"


def _parts(*rows: tuple[str, str, str | None, str]) -> list[nw.LazyFrame[pl.LazyFrame]]:
    frame = pl.DataFrame(list(rows), schema=dict.fromkeys(COLUMNS, pl.String), orient="row")
    return [nw.from_native(frame.lazy())]


def _hit(household: str, person: str) -> dict[str, object]:
    return hit(household, person, rule="X08", record_ids=[], link_band="register", values="{}")


def test_a_duplicate_is_certain_and_says_with_whom() -> None:
    same = SameNumber(_parts(("P1", "H1", NUMBER, "1"), ("P2", "H2", NUMBER, "1")))

    row = same.told(hits(_hit("H1", "P1")), ["X08"]).row(0, named=True)

    assert row["link_band"] == "certain"
    assert json.loads(row["values"]) == {ALSO: ["H2:P2"]}


def test_another_form_of_the_number_is_the_same_number() -> None:
    same = SameNumber(_parts(("P1", "H1", NUMBER, "1"), ("P2", "H2", SHORT, "1")))

    assert same.repeated.height == 2
    assert same.told(hits(_hit("H1", "P1")), ["X08"]).height == 1


def test_a_number_twice_in_one_household_is_no_duplicate_across_households() -> None:
    same = SameNumber(_parts(("P1", "H1", NUMBER, "1"), ("P2", "H1", NUMBER, "1")))

    assert same.told(hits(_hit("H1", "P1")), ["X08"]).height == 0


def test_who_has_left_does_not_count() -> None:
    same = SameNumber(_parts(("P1", "H1", NUMBER, "1"), ("P2", "H2", NUMBER, "2")))

    assert same.repeated.height == 0


def test_findings_of_other_rules_stay_as_they_are() -> None:
    same = SameNumber(_parts(("P1", "H1", None, "1")))
    others = hits(hit())

    assert same.told(others, ["X08"]).equals(others)
