"""What is refused in a table, and how it is said."""

from __future__ import annotations

import polars as pl
import pytest

from jingzhun.errors import InputError
from jingzhun.identify.measures import Columns, income_table

_GOOD = {"income": [1.0, 2.0], "w": [1.0, 1.0], "s": ["a", "b"], "n": [1, 2]}


@pytest.mark.parametrize(
    ("changed", "columns", "words"),
    [
        ({"w": [1.0, None]}, Columns(weight="w"), ["weight is missing", "row 2", "field w"]),
        ({"w": [-1.0, 1.0]}, Columns(weight="w"), ["weight is negative", "row 1", "field w"]),
        ({"n": [1, -2]}, Columns(size="n"), ["size is negative", "row 2", "field n"]),
        ({"s": ["a", None]}, Columns(strata="s"), ["code is missing", "row 2", "field s"]),
        ({"income": [1.0, float("inf")]}, Columns(), ["infinite", "row 2", "field income"]),
        ({"income": ["x", "y"]}, Columns(), ["holds no numbers", "field income"]),
        ({}, Columns(weight="v"), ["no column 'v'", "income, w, s, n"]),
    ],
)
def test_a_bad_table_is_refused_with_its_place(
    changed: dict[str, object], columns: Columns, words: list[str]
) -> None:
    frame = pl.DataFrame(_GOOD | changed)

    with pytest.raises(InputError) as raised:
        income_table(frame, "income", columns)

    for word in words:
        assert word in raised.value.sentence


def test_an_empty_table_is_refused() -> None:
    with pytest.raises(InputError, match="no rows"):
        income_table(
            pl.DataFrame({"income": []}, schema={"income": pl.Float64}), "income", Columns()
        )


def test_per_capita_without_size_is_refused() -> None:
    with pytest.raises(InputError, match="--size"):
        income_table(pl.DataFrame(_GOOD), "income", Columns(), per_capita=True)


def test_groups_are_in_ascending_order_and_keep_their_type() -> None:
    frame = pl.DataFrame({"income": [1.0, 2, 3], "g": [10, 9, 10]})

    table = income_table(frame, "income", Columns(by="g"))

    assert table.groups == [9, 10]
