"""Small examples worked by hand from the definitions."""

from __future__ import annotations

import math

import polars as pl
import pytest

from jingzhun.identify.measures import Columns

from .support import measured, totals, value

# Line 10; gaps 0.8, 0.5, 0, 0, 0 (the income 10 stands at the line and is not poor).
_FIVE = [2, 5, 10, 20, 63]


def test_headcount_gap_and_severity_are_means_of_powers_of_the_gap() -> None:
    result = measured(_FIVE)

    assert value(result, "fgt0") == pytest.approx(2 / 5)
    assert value(result, "fgt1") == pytest.approx((0.8 + 0.5) / 5)
    assert value(result, "fgt2") == pytest.approx((0.64 + 0.25) / 5)


def test_who_stands_exactly_at_the_line_is_poor_only_by_the_convention_of_convey() -> None:
    assert value(measured(_FIVE, conventions="convey"), "fgt0") == pytest.approx(3 / 5)


def test_the_income_gap_ratio_is_the_mean_gap_of_the_poor() -> None:
    assert value(measured(_FIVE), "igr") == pytest.approx((0.8 + 0.5) / 2)


def test_watts_is_the_mean_log_gap() -> None:
    assert value(measured(_FIVE), "watts") == pytest.approx((math.log(5) + math.log(2)) / 5)


def test_gini_is_half_the_relative_mean_difference() -> None:
    pairs = sum(abs(a - b) for a in _FIVE for b in _FIVE)

    assert value(measured(_FIVE), "gini") == pytest.approx(pairs / (2 * 25 * 20))


def test_sen_combines_headcount_gap_and_inequality_among_the_poor() -> None:
    gini_of_poor = (5 - 2) * 2 / (2 * 4 * 3.5)

    expected = 0.4 * gini_of_poor + 0.26 * (1 - gini_of_poor)
    assert value(measured(_FIVE), "sen") == pytest.approx(expected)


def test_sst_is_the_mean_of_the_greater_gap_of_two_persons() -> None:
    gaps = [0.8, 0.5, 0, 0, 0]

    expected = sum(max(a, b) for a in gaps for b in gaps) / 25
    assert value(measured(_FIVE), "sst") == pytest.approx(expected)


def test_theil_mld_and_atkinson_follow_their_sums() -> None:
    shares = [y / 20 for y in _FIVE]

    result = measured(_FIVE, epsilon=0.5)

    assert value(result, "theil") == pytest.approx(sum(s * math.log(s) for s in shares) / 5)
    assert value(result, "mld") == pytest.approx(-sum(math.log(s) for s in shares) / 5)
    roots = sum(math.sqrt(s) for s in shares) / 5
    assert value(result, "atkinson") == pytest.approx(1 - roots**2)


def test_the_quintile_share_ratio_compares_richest_and_poorest_fifth() -> None:
    assert value(measured(_FIVE), "qsr") == pytest.approx(63 / 2)


def test_the_risk_measures_use_sixty_percent_of_the_median() -> None:
    result = measured(_FIVE)

    assert value(result, "median") == 10
    assert value(result, "arpt") == pytest.approx(6)
    assert value(result, "arpr") == pytest.approx(2 / 5)
    assert value(result, "rmpg") == pytest.approx((6 - 2) / 6)


def test_the_median_of_an_even_number_is_a_convention() -> None:
    four = [1, 2, 3, 4]

    assert value(measured(four), "median") == 2
    assert value(measured(four, conventions="eurostat"), "median") == 2.5
    assert value(measured(four, conventions="laeken"), "median") == 3


def test_the_standard_error_of_an_unweighted_mean_is_the_school_formula() -> None:
    row = totals(measured(_FIVE))["mean"]

    variance = sum((y - 20) ** 2 for y in _FIVE) / 4 / 5
    assert row.se == pytest.approx(math.sqrt(variance))
    assert row.ci_high == pytest.approx(20 + 2.7764451051977987 * math.sqrt(variance))


def test_clusters_and_strata_enter_the_standard_error() -> None:
    frame = pl.DataFrame(
        {"income": [4.0, 6, 10, 20, 30, 50], "psu": [1, 1, 2, 1, 2, 2], "area": list("aaabbb")}
    )

    row = totals(measured(frame, columns=Columns(strata="area", psu="psu")))["mean"]

    # Totals of deviations from the mean 20 over 6 persons: a: -30, -10; b: 0, 40. Factor 2 each.
    within = 2 * 2 * (10 / 6) ** 2 + 2 * 2 * (20 / 6) ** 2
    assert row.se == pytest.approx(math.sqrt(within))


def test_household_size_counts_persons() -> None:
    frame = pl.DataFrame({"income": [5.0, 20.0], "members": [3, 1]})

    assert value(measured(frame, columns=Columns(size="members")), "fgt0") == pytest.approx(3 / 4)


def test_per_capita_divides_the_household_income_by_its_size() -> None:
    frame = pl.DataFrame({"income": [45.0, 8.0], "members": [3, 1]})

    result = measured(frame, columns=Columns(size="members"), per_capita=True)

    assert value(result, "fgt0") == pytest.approx(1 / 4)
    assert value(result, "mean") == pytest.approx(53 / 4)


def test_lorenz_points_are_shares_of_the_poorest() -> None:
    result = measured([1, 2, 3, 4], lorenz_points=4)

    assert [p for p, _ in result.curve] == [0.25, 0.5, 0.75, 1.0]
    assert [row.value for _, row in result.curve] == pytest.approx([0.1, 0.3, 0.6, 1.0])


def test_group_contributions_add_up_to_one() -> None:
    frame = pl.DataFrame({"income": [2.0, 5, 10, 20, 63], "area": list("aabbb")})

    rows = measured(frame, columns=Columns(by="area")).decomposition

    found = {(row.measure, row.by): row.value for row in rows}
    assert found["population_share", "a"] == pytest.approx(0.4)
    assert found["fgt1_contribution", "a"] == pytest.approx(1.0)
    assert found["fgt1_contribution", "b"] == 0
