"""Two tables encoded and linked: who is found, what is refused, what leaves the department."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from jingzhun.errors import InputError
from jingzhun.linkage.private import (
    Columns,
    Encoded,
    Key,
    LinkedEncodings,
    Settings,
    encode,
    frequent_bits,
    link_encoded,
    read_encoded,
    read_settings,
)
from jingzhun.standard.id_numbers import check_character

KEY = Key(bytes((i * 167 + 31) ** 2 % 251 for i in range(32)))
NAMES = ("才让卓玛", "马法土麦", "虚构甲", "叶尔兰·哈力", "苟彦禄", "漆转蕊")
"""Invented."""


def _number(person: int) -> str:
    body = f"62292619{50 + person % 50:02}{1 + person % 12:02}{1 + person % 28:02}{100 + person:03}"
    return body + check_character(body)


def _person(row: str, person: int, **other: Any) -> dict[str, Any]:
    number = _number(person)
    made = {
        "record_id": row,
        "document_number": number,
        "name": NAMES[person % len(NAMES)],
        "birth_date": f"{number[6:10]}-{number[10:12]}-{number[12:14]}",
        "sex": "12"[person % 2],
        "area_code": "622926100201",
    }
    return made | other


def _crowd() -> list[dict[str, Any]]:
    """Other people, so that what is common at random can be told."""
    return [_person(f"L{i}", i) for i in range(100, 160)]


def _linked(
    left: list[dict[str, Any]],
    right: list[dict[str, Any]],
    settings: Settings | None = None,
    **how: Any,
) -> LinkedEncodings:
    coded = [
        encode(pl.DataFrame(rows), KEY, settings=settings) for rows in (left + _crowd(), right)
    ]
    return link_encoded(*coded, **how)


def _bands(found: LinkedEncodings) -> dict[tuple[str, str], str]:
    return {(left, right): band for left, right, band in found.links.iter_rows()}


def _wrong(number: str) -> str:
    """One digit of the order mistyped."""
    return number[:15] + str((int(number[15]) + 3) % 10) + number[16:]


@pytest.mark.parametrize(
    "written",
    [
        lambda n: n.lower(),
        lambda n: f"{n[:6]} {n[6:14]} {n[14:]}",
        lambda n: n[:6] + n[8:17],
        lambda n: n + "43",
    ],
    ids=["lower case", "blanks", "fifteen digits", "disability certificate"],
)
def test_forms_of_one_number_are_one_person(written: Any) -> None:
    found = _linked([_person("A", 1)], [_person("B", 1, document_number=written(_number(1)))])

    assert _bands(found) == {("A", "B"): "certain"}


@pytest.mark.parametrize("person", range(6))
def test_a_mistyped_number_is_found_by_its_quarters_and_the_rest(person: int) -> None:
    right = [_person("B", person, document_number=_wrong(_number(person)))]

    assert _bands(_linked([_person("A", person)], right)) == {("A", "B"): "probable"}


@pytest.mark.parametrize(
    ("person", "name"),
    [(0, "才仁卓玛"), (1, "马法图麦"), (3, "叶尔兰哈力"), (2, "虚构甲")],
    ids=["Tibetan syllable", "Arabic word", "no dot", "Han"],
)
def test_without_a_number_people_are_found_by_name_and_birth(person: int, name: str) -> None:
    right = [_person("B", person, document_number=None, name=name)]

    assert ("A", "B") in _bands(_linked([_person("A", person)], right))


def test_the_same_number_of_quite_different_people_is_a_conflict() -> None:
    other = _person("B", 3, document_number=_number(2), birth_date="2001-11-30", sex="2")
    found = _linked([_person("A", 2)], [other])

    assert _bands(found) == {}
    assert found.conflicts.rows() == [("A", "B")]


def test_two_valid_numbers_that_differ_are_two_people() -> None:
    twin = _person("B", 2, document_number=_number(2 + 50), birth_date="1952-03-03")
    born = {"birth_date": "1952-03-03"}

    assert _bands(_linked([_person("A", 2, **born)], [twin])) == {}


def test_people_who_are_as_alike_go_to_review() -> None:
    left = [_person(row, 4, document_number=None) for row in ("A", "B")]
    found = _linked(left, [_person("C", 4, document_number=None)])

    assert _bands(found) == {("A", "C"): "review", ("B", "C"): "review"}


def test_one_to_one_leaves_one_link_for_a_row() -> None:
    right = [_person("B", 5), _person("C", 5, document_number=None)]
    found = _linked([_person("A", 5)], right, one_to_one=True)

    assert _bands(found) == {("A", "B"): "certain", ("A", "C"): "review"}


@pytest.mark.parametrize(
    "settings",
    [
        Settings(layout="fields"),
        Settings(is_balanced=True),
        Settings(common_surnames=0.02),
        Settings(salt="birth_year"),
        Settings(digest="sm3"),
        Settings(has_near_numbers=False),
        Settings(dropped_bits=(1, 2, 3)),
    ],
    ids=["fields", "balanced", "common surnames", "salted", "sm3", "no quarters", "dropped"],
)
def test_every_setting_finds_a_person_with_a_mistyped_number(settings: Settings) -> None:
    right = [_person("B", 2, document_number=_wrong(_number(2)))]

    assert _bands(_linked([_person("A", 2)], right, settings)) == {("A", "B"): "probable"}


def test_the_file_holds_row_ids_and_encodings_and_nothing_in_the_clear(tmp_path: Path) -> None:
    person = _person("A", 2)
    encode(pl.DataFrame([person]), KEY).write(tmp_path / "out")
    content = (tmp_path / "out").read_bytes()

    clear = [v for k, v in person.items() if k != "record_id" and len(v) > 1] + [KEY.secret.hex()]
    assert [text for text in clear if text.encode() in content] == []
    assert KEY.secret not in content
    assert pl.read_parquet_metadata(tmp_path / "out")["key_id"] == KEY.key_id


def test_a_file_read_back_is_the_same(tmp_path: Path) -> None:
    made = encode(pl.DataFrame(_crowd()), KEY, settings=Settings(bits=1024))
    made.write(tmp_path / "out")
    back = read_encoded(tmp_path / "out")

    assert back.rows.equals(made.rows)
    assert (back.settings, back.key_id) == (made.settings, made.key_id)


def test_the_same_rows_give_the_same_file_whatever_their_order() -> None:
    one = encode(pl.DataFrame(_crowd()), KEY)
    two = encode(pl.DataFrame(_crowd()[::-1]), KEY)

    assert one.rows.equals(two.rows)
    assert one.rows["row_id"].to_list() != [row["record_id"] for row in _crowd()]


def test_files_of_two_keys_are_not_compared() -> None:
    other = Key(KEY.secret[::-1])
    rows = pl.DataFrame(_crowd())

    with pytest.raises(InputError, match="different keys"):
        link_encoded(encode(rows, KEY), encode(rows, other))


def test_files_of_two_settings_are_not_compared() -> None:
    rows = pl.DataFrame(_crowd())

    with pytest.raises(InputError, match="settings of bits"):
        link_encoded(encode(rows, KEY), encode(rows, KEY, settings=Settings(bits=1024)))


def test_nothing_of_another_key_can_be_told_from_the_file() -> None:
    rows = pl.DataFrame(_crowd())
    one, two = encode(rows, KEY), encode(rows, Key(KEY.secret[::-1]))
    keys = [name for name in one.rows.columns if name not in ("row_id", "whole")]

    assert [n for n in keys if set(one.rows[n].drop_nulls()) & set(two.rows[n].drop_nulls())] == []


def test_another_file_is_refused(tmp_path: Path) -> None:
    pl.DataFrame({"a": [1]}).write_parquet(tmp_path / "other.parquet")

    with pytest.raises(InputError, match="no file of encoded people"):
        read_encoded(tmp_path / "other.parquet")


def test_a_newer_version_is_refused(tmp_path: Path) -> None:
    pl.DataFrame({"a": [1]}).write_parquet(
        tmp_path / "new", metadata={"format": "jingzhun encoded people", "version": "2"}
    )

    with pytest.raises(InputError, match="version 2"):
        read_encoded(tmp_path / "new")


def test_row_ids_must_differ() -> None:
    with pytest.raises(InputError, match="Row ids"):
        encode(pl.DataFrame([_person("A", 1), _person("A", 2)]), KEY)


def test_a_missing_column_is_named() -> None:
    with pytest.raises(InputError, match="no column full_name"):
        encode(pl.DataFrame([_person("A", 1)]), KEY, columns=Columns(name="full_name"))


def test_frequent_bits_are_those_that_most_rows_have() -> None:
    made = encode(pl.DataFrame(_crowd()), KEY)
    found = frequent_bits(made, above=0.9)
    again = encode(pl.DataFrame(_crowd()), KEY, settings=Settings(dropped_bits=tuple(found)))

    assert found
    assert frequent_bits(again, above=0.9) == []


def test_frequent_bits_of_no_rows_are_not_known() -> None:
    empty = Encoded(encode(pl.DataFrame(_crowd()), KEY).rows.clear(), Settings(), KEY.key_id)

    with pytest.raises(InputError, match="no rows"):
        frequent_bits(empty)


def test_an_empty_file_links_to_nobody() -> None:
    made = encode(pl.DataFrame(_crowd()), KEY)
    empty = Encoded(made.rows.clear(), made.settings, made.key_id)

    assert link_encoded(made, empty).links.rows() == []
    assert link_encoded(empty, made).links.rows() == []


@pytest.mark.parametrize(
    "text", ["bits: 500", "dropped_bits: [512]", "unknown: 1", "bits: [", "salt: name"]
)
def test_wrong_settings_are_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "settings.yaml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(InputError):
        read_settings(path)
