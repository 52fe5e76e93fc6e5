from __future__ import annotations

import pytest

from jingzhun.errors import StandardError
from jingzhun.identify import distribution, figures
from jingzhun.identify.areas import Areas, level_below, prefecture_of
from jingzhun.identify.dimensions import DIMENSIONS, dimensions, grain_of
from jingzhun.standard.divisions.codes import Level


def test_there_is_no_rate_of_nothing() -> None:
    assert figures.ratio(1, 0) is None
    assert figures.ratio(1, 4) == 0.25


def test_added_rows_keep_only_numbers() -> None:
    rows: list[figures.Row] = [{"code": "01", "n": 1, "m": 2}, {"code": None, "n": 3, "m": 4}]

    assert figures.added(rows) == {"n": 4, "m": 6}
    assert figures.added([]) == {}


def test_the_median_weighs_persons() -> None:
    rows = [
        {"welfare_yuan": 100, "persons": 1},
        {"welfare_yuan": 300, "persons": 5},
        {"welfare_yuan": 200, "persons": 3},
    ]

    assert figures.median(rows) == 300
    assert figures.median([]) is None


def test_an_income_without_structure_shows_no_structure() -> None:
    found = figures.income({"net_hundredths": 500, "income_persons": 2}, None)

    assert found["net_income_yuan"] == 5
    assert found["per_capita_yuan"] == 2.5
    assert found["transfer_yuan"] is None
    assert found["making_share"] is None


def test_codes_are_ordered_as_in_their_list_and_unknown_last() -> None:
    education = distribution.ordered(DIMENSIONS["education"], [None, "06", "05a", "01"])
    sizes = distribution.ordered(DIMENSIONS["household_size"], ["10+", None, "9", "2"])

    assert education == ["01", "05a", "06", None]
    assert sizes == ["2", "9", "10+", None]


def test_codes_outside_their_list_are_shown_as_they_are() -> None:
    assert DIMENSIONS["cause"].label_of("77").en == "77"
    assert DIMENSIONS["cause"].label_of(None).zh == "不详"


def test_one_trait_of_persons_makes_a_count_of_persons() -> None:
    assert grain_of(dimensions(["county", "cause"])) == "household"
    assert grain_of(dimensions(["county", "health"])) == "person"


def test_areas_are_named_by_codes_of_any_length() -> None:
    areas = Areas({"620100000000": "兰州市"})

    assert areas.name("620100") == areas.name("620100000000") == "兰州市"
    assert areas.name("622926") == "622926"
    assert areas.name(None) is None
    assert prefecture_of("620102001000") == "620100"


def test_the_level_below_an_area_is_that_of_its_parts() -> None:
    assert level_below(None) is Level.PREFECTURE
    assert level_below("620000000000") is Level.PREFECTURE
    assert level_below("6229") is Level.COUNTY
    assert level_below("622926000000") is Level.TOWNSHIP
    assert level_below("622926100") is Level.VILLAGE
    assert level_below("622926100200") is Level.VILLAGE
    with pytest.raises(StandardError):
        level_below("6")


def test_areas_without_poor_persons_are_not_places_to_go_first() -> None:
    areas = [
        {"code": "a", "name": "a", "poor_households": 0, "poor_persons": 0, "headcount_rate": None},
        {"code": "b", "name": "b", "poor_households": 1, "poor_persons": 2, "headcount_rate": 0.5},
    ]

    found = distribution.concentration(areas)

    assert [row["code"] for row in found] == ["b"]
    assert found[0]["cumulative_share"] == 1
