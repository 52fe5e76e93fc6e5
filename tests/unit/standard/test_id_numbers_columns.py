"""Identity numbers as columns: names, types and nulls. That they judge alike: tests/generative."""

from __future__ import annotations

from datetime import date

import narwhals as nw
import polars as pl

from jingzhun.standard import id_numbers

ON = date(2019, 12, 31)
NUMBERS = ["620102198003072588", "６２０１０２198003072588", None, "999999000000000000", "62010"]


def test_five_columns_are_added_and_no_other() -> None:
    frame = nw.from_native(pl.DataFrame({"row": [1, 2, 3, 4, 5], "id_number": NUMBERS}))

    held = id_numbers.with_id_columns(frame, "id_number", on=ON, prefix="id")
    lazy = id_numbers.with_id_columns(frame.lazy(), "id_number", on=ON, prefix="id").collect()

    assert lazy.rows() == held.rows()
    assert held.to_dict(as_series=False) == {
        "row": [1, 2, 3, 4, 5],
        "id_number": NUMBERS,
        "id_kind": ["identity_18", "identity_18", None, "placeholder", None],
        "id_normalised": [NUMBERS[0], NUMBERS[0], None, "999999000000000000", "62010"],
        "id_problem": [None, None, "missing", "placeholder", "wrong_length"],
        "id_birth_date": [date(1980, 3, 7), date(1980, 3, 7), None, None, None],
        "id_sex": ["2", "2", None, None, None],
    }


def test_a_frame_without_rows_keeps_the_types() -> None:
    frame = nw.from_native(pl.DataFrame({"n": []}, schema={"n": pl.String}))

    answer = id_numbers.with_id_columns(frame, "n", on=ON)

    assert answer.schema["n_birth_date"] == nw.Date
    assert answer.schema["n_problem"] == nw.String


def test_a_null_number_is_not_valid() -> None:
    frame = nw.from_native(pl.DataFrame({"n": NUMBERS}))

    valid = frame.select(valid=id_numbers.is_valid(nw.col("n"), on=ON))["valid"]

    assert valid.to_list() == [True, True, False, False, False]
