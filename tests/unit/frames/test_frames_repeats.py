"""The same document number counts as the same however it is written and wherever it stands."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import narwhals as nw
import polars as pl

from jingzhun.frames.repeats import Part, repeated_numbers
from jingzhun.standard.id_numbers import make_id

MAN = make_id("622926", date(1975, 3, 8), 111)
OTHER = make_id("620102", date(1980, 1, 2), 22)
ENDS_IN_X = next(
    n for i in range(99) if (n := make_id("622926", date(1990, 1, 1), i)).endswith("X")
)


def old(number: str) -> str:
    """The fifteen digits of before 1999 of an eighteen-digit number."""
    return number[:6] + number[8:17]


def wide(number: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in number)


def repeats(*counties: list[str | None]) -> dict[str, int]:
    def parts() -> Iterable[Part]:
        for numbers in counties:
            yield nw.from_native(
                pl.LazyFrame({"document_number": pl.Series(numbers, dtype=pl.String)})
            )

    rows = repeated_numbers(parts)
    assert rows.schema == {"written": pl.String, "copies": pl.Int64}
    assert rows["written"].is_sorted()
    return dict(rows.rows())


def test_numbers_that_occur_once_are_left_out() -> None:
    assert repeats([MAN, OTHER]) == {}


def test_a_number_repeated_in_another_county_is_found() -> None:
    assert repeats([MAN, OTHER], [], [MAN]) == {MAN: 2}


def test_fifteen_and_eighteen_digits_of_one_number_are_one() -> None:
    assert repeats([MAN], [old(MAN)]) == {MAN: 2, old(MAN): 2}


def test_a_fifteen_digit_number_repeats_itself() -> None:
    assert repeats([old(MAN), OTHER], [old(MAN)]) == {old(MAN): 2}


def test_a_small_x_is_the_same_as_a_large_one() -> None:
    small = ENDS_IN_X.lower()

    assert repeats([ENDS_IN_X], [small]) == {ENDS_IN_X: 2, small: 2}


def test_full_width_digits_and_spaces_do_not_hide_a_repeat() -> None:
    spaced = f" {MAN[:6]} {MAN[6:]}"

    assert repeats([MAN, wide(MAN), spaced]) == {MAN: 3, wide(MAN): 3, spaced: 3}


def test_every_way_of_writing_has_the_count_of_all() -> None:
    found = repeats([ENDS_IN_X, ENDS_IN_X], [ENDS_IN_X.lower(), old(ENDS_IN_X)])

    assert set(found.values()) == {4}
    assert len(found) == 3


def test_nulls_blanks_and_words_repeat_nothing() -> None:
    assert repeats([None, None, "", "", "无", "无", "123", "123", "不详 ", " 不详"]) == {}


def test_a_wrong_number_that_occurs_twice_is_found_all_the_same() -> None:
    wrong = MAN[:17] + ("1" if MAN[17] != "1" else "2")

    assert repeats([wrong], [wrong, MAN]) == {wrong: 2}


def test_no_county_at_all() -> None:
    assert repeats() == {}
