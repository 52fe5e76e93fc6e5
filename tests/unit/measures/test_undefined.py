"""Where a measure has no value, it is None with a note in both languages, never NaN, never silence."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import polars as pl
import pytest

from jingzhun.errors import UserError
from jingzhun.identify.measures import CONVENTIONS, Columns, NonPositiveRule

from .support import measured, totals, value

_LOGARITHMIC = ("watts", "theil", "mld", "atkinson")


def test_zero_incomes_leave_logarithmic_measures_undefined_with_a_note() -> None:
    result = measured([0, 5, 20])

    for name in _LOGARITHMIC:
        assert totals(result)[name].value is None
    noted = {note.measure: note.as_json() for note in result.notes}
    assert set(noted) == {*_LOGARITHMIC, "qsr"}  # the poorest fifth has no income either
    assert "zero or negative" in noted["watts"]["en"]
    assert "零或负数" in noted["watts"]["zh"]
    assert value(result, "fgt1") == pytest.approx((1 + 0.5) / 3)


def test_zero_incomes_can_be_excluded() -> None:
    conventions = replace(CONVENTIONS["default"], nonpositive=NonPositiveRule.EXCLUDE)

    result = measured([0, 5, 20], conventions=conventions)

    assert value(result, "watts") == pytest.approx(0.34657359)
    assert totals(result)["watts"].n == 2
    assert totals(result)["gini"].n == 3


def test_the_world_bank_keeps_zero_incomes_without_a_gap() -> None:
    result = measured([0, 5, 20], conventions="pip")

    assert value(result, "watts") == pytest.approx(0.69314718 / 3)
    # The mean 25/3 is taken before the zero becomes one.
    logs = math.log(25 / 3) * 3 - math.log(5) - math.log(20)
    assert value(result, "mld") == pytest.approx(logs / 3)
    assert totals(result)["theil"].value is None


def test_nobody_poor_gives_zero_poverty_but_no_gap_ratio() -> None:
    result = measured([20, 30, 40])

    assert value(result, "fgt0") == 0
    assert value(result, "sen") == 0
    assert value(result, "sst") == 0
    assert totals(result)["igr"].value is None
    assert totals(result)["rmpg"].value is None


def test_equal_incomes_have_a_median_but_no_density_and_so_no_standard_error() -> None:
    row = totals(measured([7, 7, 7]))["median"]

    assert (row.value, row.se) == (7, None)


def test_one_row_has_values_but_no_standard_errors() -> None:
    result = measured([7])

    assert value(result, "mean") == 7
    assert all(row.se is None for row in result.estimates)


def test_json_holds_no_nan_whatever_the_incomes() -> None:
    for incomes in ([0, 0], [-5, -1], [5], [1e300, 1e-300, 1e300], [0, 0, 3]):
        result = measured(incomes, lorenz_points=3)
        json.dumps(result.as_json(), allow_nan=False)


def test_missing_incomes_are_left_out_and_counted() -> None:
    frame = pl.DataFrame({"income": [5.0, None, float("nan"), 20.0]})

    result = measured(frame)

    assert value(result, "fgt0") == 0.5
    assert result.setting.n == 2
    assert result.setting.rows_left_out == {"income_missing": 2, "weight_zero": 0}


def test_a_group_without_known_income_is_still_listed() -> None:
    frame = pl.DataFrame({"income": [5.0, 20.0, None], "area": ["a", "a", "b"]})

    result = measured(frame, columns=Columns(by="area"))

    of_b = [row for row in result.estimates if row.by == "b"]
    assert len(of_b) == 17
    assert {(row.n, row.value) for row in of_b} == {(0, None)}


def test_a_missing_group_is_a_group_of_its_own() -> None:
    frame = pl.DataFrame({"income": [5.0, 20.0, 30.0], "area": ["a", None, "a"]})

    groups = {row.by for row in measured(frame, columns=Columns(by="area")).estimates}

    assert groups == {None, "a", "(missing)"}


def test_a_sample_without_any_known_income_is_refused() -> None:
    with pytest.raises(UserError, match="No row can be used"):
        measured(pl.DataFrame({"income": [None, None]}, schema={"income": pl.Float64}))


def test_a_relative_line_that_is_not_positive_is_refused() -> None:
    with pytest.raises(UserError, match="zero or negative"):
        measured([0, 0, 0, 9], "60% median")


def test_the_sen_index_is_the_headcount_where_no_poor_person_has_any_income() -> None:
    rows = totals(measured([0, 0, 30, 40], line="15"))

    assert rows["sen"].value == rows["fgt0"].value == 0.5
    assert rows["sen"].se == rows["fgt0"].se
