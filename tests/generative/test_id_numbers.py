"""One meaning, two ways: the judge of one number and the columns agree on any mangled number."""

from __future__ import annotations

from datetime import date

import narwhals as nw
import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from jingzhun.standard import id_numbers

ON = date(2019, 12, 31)
PREFIXES = ["620102", "622201", "620824", "110101", "820000", "996201", "000000", "999999"]
NOISE = "0123456789xXｘＸⅩ０９ -－'*＊.E+B\t\u3000\u200b\ufeff\u2028\u0085甘ßé²٣"


@st.composite
def made_numbers(draw: st.DrawFn) -> str:
    prefix = draw(st.sampled_from(PREFIXES))
    birth = draw(
        st.dates(date(1890, 1, 1), date(2021, 1, 1)).map("{:%Y%m%d}".format)
        | st.sampled_from(["19000229", "20000229", "00000101", "19991301", "18991231", "20191231"])
    )
    first17 = f"{prefix}{birth}{draw(st.integers(0, 999)):03d}"
    return first17 + id_numbers.check_character(first17)


def widened(number: str) -> str:
    return number.translate(str.maketrans("0123456789X", "０１２３４５６７８９Ｘ"))


@st.composite
def mangled_numbers(draw: st.DrawFn) -> str | None:
    number = draw(made_numbers())
    number = draw(
        st.sampled_from(
            [
                number,
                number[:6] + number[8:17],
                number + "43",
                number + "88",
                number + "71B2",
                number + "99b?",
                number[:14] + "****",
                "6.20102E+17",
                number.lower(),
                widened(number),
            ]
        )
    )
    for _ in range(draw(st.integers(0, 2))):
        at = draw(st.integers(0, len(number)))
        keep = draw(st.integers(0, 2))
        number = number[:at] + draw(st.sampled_from(NOISE)) + number[at + keep :]
    return number


ANY_NUMBER = mangled_numbers() | st.text(NOISE, max_size=24) | st.text(max_size=24) | st.none()


def judged_singly(numbers: list[str | None]) -> list[dict[str, object]]:
    reports = [id_numbers.inspect(number, on=ON) for number in numbers]
    return [
        {
            "n_normalised": r.normalised,
            "n_kind": r.kind,
            "n_problem": r.problem,
            "n_birth_date": r.birth_date,
            "n_sex": r.sex,
        }
        for r in reports
    ]


@settings(max_examples=300, deadline=None)
@given(st.lists(ANY_NUMBER, min_size=1, max_size=30))
def test_columns_say_of_every_number_what_the_judge_of_one_says(numbers: list[str | None]) -> None:
    frame = nw.from_native(pl.DataFrame({"n": numbers}, schema={"n": pl.String}))

    answer = id_numbers.with_id_columns(frame, "n", on=ON)

    assert answer.drop("n").rows(named=True) == judged_singly(numbers)


@settings(max_examples=15, deadline=None)
@given(st.lists(ANY_NUMBER, min_size=1, max_size=30))
def test_single_expressions_say_the_same_as_all_columns_at_once(numbers: list[str | None]) -> None:
    frame = nw.from_native(pl.LazyFrame({"n": numbers}, schema={"n": pl.String}))
    n = nw.col("n")

    answer = frame.select(
        n_normalised=id_numbers.normalised(n),
        n_kind=id_numbers.kind(n),
        n_problem=id_numbers.problem(n, on=ON),
        n_birth_date=id_numbers.birth_date(n, on=ON),
        n_sex=id_numbers.sex(n, on=ON),
        is_valid=id_numbers.is_valid(n, on=ON),
    ).collect()

    rows = answer.drop("is_valid").rows(named=True)
    assert rows == judged_singly(numbers)
    assert answer["is_valid"].to_list() == [row["n_problem"] is None for row in rows]


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([110101, 620102, 622201]),
            st.dates(date(1900, 1, 1), date(2099, 12, 31)),
            st.integers(0, 999),
        ),
        min_size=1,
    )
)
def test_three_ways_of_making_a_number_agree(parts: list[tuple[int, date, int]]) -> None:
    singly = [id_numbers.make_id(str(p), birth, order) for p, birth, order in parts]
    frame = nw.from_native(pl.DataFrame(parts, schema=["p", "b", "o"], orient="row"))

    made = frame.select(id_numbers.made_ids(nw.col("p"), nw.col("b"), nw.col("o")))
    characters = id_numbers.check_characters(np.array([int(number[:17]) for number in singly]))

    assert made.rows() == [(number,) for number in singly]
    assert characters.tolist() == [number[17] for number in singly]
