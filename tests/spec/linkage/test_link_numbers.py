"""Linking by identity number: what is one person, what is not, what is left to review. Everybody is invented."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest

from jingzhun.errors import InputError
from jingzhun.linkage import Spec, link
from jingzhun.standard.id_numbers import make_id

SPEC = Spec.model_validate(
    {
        "row_id": "id",
        "ids": [{"column": "number", "kind": "gb11643"}],
        "name": "name",
        "birth_date": "born",
        "sex": "sex",
        "right_once": True,
    }
)
BORN = date(1968, 9, 20)
NUMBER = make_id("620402", BORN, 62)
OTHER = make_id("620402", date(1991, 2, 3), 17)


def table(*rows: tuple[str | None, ...]) -> pl.DataFrame:
    columns = ["id", "number", "name", "born", "sex"]
    frame = pl.DataFrame(
        [dict(zip(columns, row, strict=True)) for row in rows],
        schema=dict.fromkeys(columns, pl.String),
    )
    return frame.with_columns(pl.col("born").str.to_date())


def others(count: int) -> list[tuple[str, str, str, str, str]]:
    """More people, so that chance has something to say."""
    days = [date(1940, 1, 1) + timedelta(days=97 * n) for n in range(count)]
    names = [f"{'赵钱孙李周吴'[n % 6]}{'安平和顺'[n % 4]}{'文武全才'[n % 3]}" for n in range(count)]
    numbers = [make_id("620102", day, 2 * n % 500 + n % 2) for n, day in enumerate(days)]
    return [
        (f"x{n:03}", number, name, str(day), str(2 - n % 2))
        for n, (number, name, day) in enumerate(zip(numbers, names, days, strict=True))
    ]


REGISTER = table(
    ("a", NUMBER, "高秀莉", str(BORN), "2"),
    ("b", OTHER, "马建国", "1991-02-03", "1"),
    *others(240),
)


def links_of(*records: tuple[str | None, ...]) -> list[tuple[str, str, str, str]]:
    found = link(REGISTER, table(*records), SPEC).links
    return found.select("left_id", "right_id", "pass", "band").rows()


def test_the_same_valid_number_is_certain() -> None:
    assert links_of(("r", NUMBER, "高秀莉", str(BORN), "2")) == [("a", "r", "id", "certain")]


@pytest.mark.parametrize("written", [NUMBER.lower(), f" {NUMBER} ", f"{NUMBER[:6]} {NUMBER[6:]}"])
def test_how_a_number_is_typed_changes_nothing(written: str) -> None:
    assert links_of(("r", written, "高秀莉", None, None)) == [("a", "r", "id", "certain")]


@pytest.mark.parametrize("form", [NUMBER[:6] + NUMBER[8:17], NUMBER + "43", NUMBER + "43B1"])
def test_fifteen_twenty_and_twenty_two_characters_are_forms_of_one_number(form: str) -> None:
    assert links_of(("r", form, "高秀莉", None, None)) == [("a", "r", "id_form", "certain")]


SLIPS = {
    "a wrong digit": NUMBER[:10] + "1" + NUMBER[11:],
    "neighbours swapped": NUMBER[:9] + NUMBER[10] + NUMBER[9] + NUMBER[11:],
    "swapped across the region": NUMBER[:5] + NUMBER[6] + NUMBER[5] + NUMBER[7:],
    "a digit missing": NUMBER[:8] + NUMBER[9:],
    "a digit too much": NUMBER[:15] + "7" + NUMBER[15:],
}


@pytest.mark.parametrize("slip", SLIPS.values(), ids=SLIPS)
def test_one_slip_and_the_same_name_and_birth_date_is_certain(slip: str) -> None:
    assert links_of(("r", slip, "高秀莉", str(BORN), "2")) == [("a", "r", "id_near", "certain")]


@pytest.mark.parametrize("slip", SLIPS.values(), ids=SLIPS)
def test_one_slip_and_another_name_is_no_sure_link(slip: str) -> None:
    found = links_of(("r", slip, "张伟", str(BORN), "2"))
    assert {band for *_, band in found} <= {"review"}


def test_two_valid_numbers_are_two_people_however_near_they_are() -> None:
    twin = make_id("620402", BORN, 64)
    assert links_of(("r", twin, "高秀莉", str(BORN), "2")) == []


def test_the_same_number_with_quite_different_name_and_birth_date_is_a_conflict() -> None:
    found = link(REGISTER, table(("r", NUMBER, "张伟", "1990-01-01", "1")), SPEC)
    assert found.links.is_empty()
    assert found.conflicts.select("left_id", "right_id").rows() == [("a", "r")]


def test_another_name_with_the_same_birth_date_is_a_probable_link() -> None:
    assert links_of(("r", NUMBER, "张伟", str(BORN), "2")) == [("a", "r", "id", "probable")]


def test_placeholders_are_no_numbers() -> None:
    left = table(("a", "999999196809200012", "高秀莉", str(BORN), "2"))
    right = table(("r", "999999196809200012", "张伟", None, None))
    assert link(left, right, SPEC).links.is_empty()


def test_two_people_with_one_number_who_agree_alike_are_left_to_review() -> None:
    left = table(("a", NUMBER, "高秀莉", str(BORN), "2"), ("b", NUMBER, "高秀莉", str(BORN), "2"))
    found = link(left, table(("r", NUMBER, "高秀莉", str(BORN), "2")), SPEC).links
    assert found["band"].to_list() == ["review", "review"]


def test_evidence_names_fields_and_levels_and_no_values() -> None:
    found = link(REGISTER, table(("r", NUMBER, "高秀丽", str(BORN), "2")), SPEC).links
    told = {entry["field"]: entry["level"] for entry in found["evidence"][0].to_list()}
    assert told["number"] == "same"
    assert told["birth_date"] == "same"
    assert told["name"] == "same_sound"
    assert NUMBER not in str(found.to_dicts())


def test_empty_tables_give_no_links() -> None:
    nobody = table().clear()
    assert link(REGISTER, nobody, SPEC).links.is_empty()
    assert link(nobody, REGISTER, SPEC).links.is_empty()


def test_a_missing_column_is_named() -> None:
    with pytest.raises(InputError, match="no column sex"):
        link(REGISTER.drop("sex"), REGISTER, SPEC)


def test_row_ids_that_are_not_unique_are_refused() -> None:
    with pytest.raises(InputError, match="not unique"):
        link(pl.concat([REGISTER, REGISTER]), REGISTER, SPEC)
