"""Identity numbers, one at a time. All numbers are invented."""

from __future__ import annotations

from datetime import date

import pytest

from jingzhun.errors import StandardError
from jingzhun.standard import id_numbers
from jingzhun.standard.id_numbers import Kind, Problem, Sex

ON = date(2019, 12, 31)
# Worked by hand: the weighted sum of the first seventeen digits is 246, 246 mod 11 = 4, so 8 checks.
WOMAN = "620102198003072588"
# A number whose sum leaves 2, so that the check character is X.
MAN_WITH_X = id_numbers.make_id("622201", date(1975, 10, 2), 17)


def test_a_number_states_birth_date_and_sex() -> None:
    report = id_numbers.inspect(WOMAN, on=ON)

    assert report.problem is None
    assert report.sentence is None
    assert report.is_valid
    assert report.kind is Kind.IDENTITY_18
    assert report.birth_date == date(1980, 3, 7)
    assert report.sex is Sex.FEMALE


def test_the_check_character_of_a_published_example_is_found() -> None:
    # The example of GB 11643-1999 itself.
    assert id_numbers.check_character("11010519491231002") == "X"
    assert id_numbers.check_character("44052418800101001") == "4"


def test_a_fifteen_digit_number_is_upgraded() -> None:
    report = id_numbers.inspect(WOMAN[:6] + WOMAN[8:17], on=ON)

    assert report.is_valid
    assert report.kind is Kind.IDENTITY_15
    assert report.normalised == WOMAN


@pytest.mark.parametrize(("ending", "kind"), [("43", "disability_20"), ("71B1", "disability_22")])
def test_a_disability_certificate_is_stripped_to_compare(ending: str, kind: str) -> None:
    report = id_numbers.inspect(WOMAN + ending, on=ON)

    assert report.is_valid
    assert report.kind == kind
    assert report.normalised == WOMAN


@pytest.mark.parametrize(
    "typed",
    [
        "620102 19800307 2588",
        "620102-19800307-2588",
        "６２０１０２１９８００３０７２５８８",
        "\ufeff'620102198003072588\t\u3000",
        "620102\u200b198003072588",
        "620102－19800307–2588",
    ],
)
def test_usual_ways_of_typing_compare_equal(typed: str) -> None:
    assert id_numbers.inspect(typed, on=ON).normalised == WOMAN


@pytest.mark.parametrize("last", ["X", "x", "Ｘ", "ｘ", "Ⅹ"])
def test_every_kind_of_x_is_the_same_check_character(last: str) -> None:
    number = "11010519491231002"

    report = id_numbers.inspect(number + last, on=ON)

    assert report.is_valid
    assert report.normalised == number + "X"


def test_a_region_prefix_of_a_past_edition_is_allowed() -> None:
    prefixes = ("622201", "622421", "620824", "622822")
    numbers = [id_numbers.make_id(prefix, date(1960, 5, 5), 121) for prefix in prefixes]

    assert all(id_numbers.inspect(number, on=ON).is_valid for number in numbers)


@pytest.mark.parametrize(
    ("number", "problem"),
    [
        (None, Problem.MISSING),
        (" \u3000", Problem.MISSING),
        ("999999198003072588", Problem.PLACEHOLDER),
        ("620102********2588", Problem.MASKED),
        ("6.20102198003072E+17", Problem.ROUNDED),
        ("62010219800307O589", Problem.BAD_CHARACTER),
        ("6201021980030X2588", Problem.BAD_CHARACTER),
        ("甘6201021980030725", Problem.BAD_CHARACTER),
        ("62010219800307258", Problem.WRONG_LENGTH),
        ("6201021980030725881", Problem.WRONG_LENGTH),
        ("660102198003072588", Problem.UNKNOWN_PROVINCE),
        ("620102198002302588", Problem.NO_SUCH_DATE),
        ("620102190002292588", Problem.NO_SUCH_DATE),
        ("620102800230258", Problem.NO_SUCH_DATE),
        ("620102189912312588", Problem.BORN_TOO_EARLY),
        ("620102202001012588", Problem.BORN_IN_FUTURE),
        ("620102198003072580", Problem.WRONG_CHECK),
        ("620102198003075288", Problem.WRONG_CHECK),
        (WOMAN + "83", Problem.BAD_SUFFIX),
        (WOMAN + "15B1", Problem.BAD_SUFFIX),
    ],
)
def test_what_is_wrong_is_named(number: str | None, problem: Problem) -> None:
    report = id_numbers.inspect(number, on=ON)

    assert report.problem is problem
    assert not report.is_valid
    assert report.birth_date is None
    assert report.sex is None


def test_the_day_of_reference_itself_is_not_in_the_future() -> None:
    number = id_numbers.make_id("620102", ON, 1)

    assert id_numbers.inspect(number, on=ON).is_valid


@pytest.mark.parametrize("problem", list(Problem))
def test_every_problem_has_a_sentence_in_both_languages(problem: Problem) -> None:
    assert problem.label.en.endswith(".")
    assert problem.label.zh.endswith("。")


def test_a_printed_report_shows_nothing_of_the_number() -> None:
    report = id_numbers.inspect(WOMAN[:17] + "0", on=ON)

    shown = f"{report!r} {report.sentence}"

    assert "1980" not in shown
    assert "620102" not in shown
    assert "2588" not in shown


def test_a_made_number_is_valid_and_of_the_sex_of_its_order() -> None:
    report = id_numbers.inspect(MAN_WITH_X, on=ON)

    assert report.is_valid
    assert report.sex is Sex.MALE
    assert report.birth_date == date(1975, 10, 2)


@pytest.mark.parametrize(
    ("prefix", "birth", "order"),
    [
        ("62010", date(1980, 1, 1), 1),
        ("660102", date(1980, 1, 1), 1),
        ("620102", date(1899, 12, 31), 1),
        ("620102", date(1980, 1, 1), 1000),
        ("620102", date(1980, 1, 1), -1),
    ],
)
def test_no_number_is_made_of_impossible_parts(prefix: str, birth: date, order: int) -> None:
    with pytest.raises(StandardError):
        id_numbers.make_id(prefix, birth, order)
