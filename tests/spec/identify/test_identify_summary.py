from __future__ import annotations

from typing import Any

import pytest

from .support import (
    NEIGHBOUR,
    OTHER_COUNTY,
    OTHER_PREFECTURE,
    VILLAGE,
    household,
    rules,
    summary_of,
    table,
)


def test_headcount_gap_and_severity_count_persons() -> None:
    # Line 3000. a: 2 persons at 1500 (gap 1/2); b: 1 person at 2400 (gap 1/5); c: 5 persons above.
    found = summary_of(
        household("a", income=3000, size=2),
        household("b", income=2400),
        household("c", income=50000, size=5),
    )

    assert found["households"] == 3
    assert found["persons"] == 8
    assert found["poor_households"] == 2
    assert found["poor_persons"] == 3
    assert found["headcount_rate"] == 3 / 8
    assert found["poverty_gap_rate"] == pytest.approx((2 * 0.5 + 0.2) / 8)
    assert found["poverty_severity"] == pytest.approx((2 * 0.25 + 0.04) / 8)
    assert found["poverty_gap_yuan"] == 2 * 1500 + 600


def test_households_of_unknown_status_are_counted_and_stay_out_of_the_rates() -> None:
    found = summary_of(
        household("a", income=1000),
        household("b", income=5000),
        household("c", income=None, size=7),
        household("d", income=1000, members=[], persons_year_end=4),
        household("e", income=1000, members=[]),
    )

    assert found["unknown_households"] == 3
    assert found["persons"] == 1 + 1 + 7 + 4 + 0
    assert found["known_persons"] == 2
    assert found["headcount_rate"] == 0.5


def test_rates_are_null_where_nobody_is_known() -> None:
    found = summary_of(household("a", income=None))

    assert found["headcount_rate"] is None
    assert found["poverty_gap_rate"] is None
    assert found["income"]["median_per_capita_yuan"] is None
    assert found["income"]["per_capita_yuan"] is None
    assert found["income"]["wage_yuan"] is None


def test_an_empty_register_gives_an_empty_summary() -> None:
    found = summary_of()

    assert found["households"] == 0
    assert found["headcount_rate"] is None
    assert found["by_county"] == found["causes"] == found["concentration"] == []


def test_registered_and_missed_households_are_told_apart() -> None:
    found = summary_of(
        household("a", income=1000),
        household("b", income=1000, is_registered=None, size=2),
        household("c", income=1000, is_registered=False),
        household("d", income=9000, is_registered=False),
    )

    assert found["registered_households"] == 2
    assert found["registered_persons"] == 3
    assert found["poor_registered_households"] == 2
    assert found["missed_households"] == 1


def test_areas_sum_to_the_whole() -> None:
    found = summary_of(
        household("a", VILLAGE, income=1000, size=3),
        household("b", NEIGHBOUR, income=9000, size=2),
        household("c", OTHER_COUNTY, income=1000),
        household("d", OTHER_PREFECTURE, income=1000),
    )

    assert [(p["code"], p["poor_persons"]) for p in found["by_prefecture"]] == [
        ("620100", 1),
        ("622900", 4),
    ]
    assert [(c["code"], c["poor_persons"], c["persons"]) for c in found["by_county"]] == [
        ("620121", 1, 1),
        ("622921", 1, 1),
        ("622926", 3, 5),
    ]
    assert [t["code"] for t in found["by_township"]] == [
        "620121100000",
        "622921100000",
        "622926100000",
    ]
    assert found["by_county"][2]["name"] == "东乡族自治县"
    assert found["by_county"][2]["headcount_rate"] == 3 / 5
    assert found["by_township"][0]["county_code"] == "620121"


def test_incidence_needs_the_rural_population_and_villages_their_record() -> None:
    villages = table(
        "villages",
        [
            {"village_code": VILLAGE, "village_attribute": "poor"},
            {"village_code": NEIGHBOUR, "village_attribute": None},
        ],
    )
    counties = table(
        "counties",
        [
            {"county_code": "622926000000", "rural_population": 200},
            {"county_code": "622921000000", "rural_population": None},
        ],
    )

    found = summary_of(
        household("a", income=1000, size=4),
        household("b", OTHER_COUNTY, income=1000),
        villages=villages,
        counties=counties,
    )

    other, county = found["by_county"]
    assert county["incidence"] == 4 / 200
    assert (county["villages"], county["villages_poor"]) == (2, 1)
    assert other["incidence"] is None
    assert other["villages_poor"] is None


def test_causes_count_registered_households_and_share_those_known() -> None:
    found = summary_of(
        household("a", income=1000, main_cause="01", size=2),
        household("b", income=9000, main_cause="01"),
        household("c", income=1000, main_cause="03", other_causes=["01", "07"]),
        household("d", income=1000, main_cause=None),
        household("e", income=1000, main_cause="09", is_registered=False),
    )

    assert [(c["code"], c["households"], c["poor_households"]) for c in found["causes"]] == [
        ("01", 2, 1),
        ("03", 1, 1),
        ("unknown", 1, 1),
    ]
    assert [c["share"] for c in found["causes"]] == [2 / 3, 1 / 3, None]
    assert found["causes"][0]["persons"] == 3
    assert found["causes"][0]["label"] == {"en": "illness", "zh": "因病"}
    assert [(c["code"], c["households"]) for c in found["other_causes"]] == [("01", 1), ("07", 1)]
    assert found["by_county"][0]["causes"] == {"01": 2, "03": 1, "unknown": 1}


def test_income_totals_shares_and_median() -> None:
    found = summary_of(
        household("a", income=1000, size=2),
        household("b", income=2000) | {"transfer_allowance_yuan": 1000},
        household("c", income=40000, size=2),
        household("d", income=None, size=30) | {"transfer_allowance_yuan": 99},
    )["income"]

    assert found["wage_yuan"] == 43000
    assert found["transfer_yuan"] == 1000
    assert found["net_income_yuan"] == 44000
    assert (found["households"], found["persons"]) == (3, 5)
    assert found["per_capita_yuan"] == 8800
    # Persons at 500, 500, 3000, 20000, 20000.
    assert found["median_per_capita_yuan"] == 3000
    assert found["transfusion_share"] == 1000 / 44000
    assert found["making_share"] == pytest.approx(43000 / 44000)


def test_persons_are_distributed_by_the_status_of_their_household() -> None:
    members = [
        {"relation": "01", "ethnicity": "26", "education": "02", "labour_ability": "01"},
        {"ethnicity": "03", "education": "06", "health": ["02", "04"]},
        {"ethnicity": "26", "record_state": "2"},
        {"ethnicity": "26", "shares_budget": False, "health": ["01"]},
    ]
    found = summary_of(
        household("a", income=1000, members=members),
        household("b", income=9000, members=[{"relation": "01", "ethnicity": "26"}]),
        household("c", income=None, members=[{"relation": "01", "ethnicity": "26"}]),
    )["distribution"]

    # Who left does not count; who lives in the household but keeps an own budget does.
    assert _counts(found["ethnicity"]) == {"03": (1, 1), "26": (4, 2)}
    by_code = {row["code"]: row for row in found["ethnicity"]}
    assert by_code["26"]["rate"] == 2 / 3
    assert by_code["26"]["poor_share"] == 2 / 3
    assert by_code["26"]["label"]["zh"] == "东乡族"
    # A person with two conditions counts under both.
    assert _counts(found["health"]) == {"01": (1, 1), "02": (1, 1), "04": (1, 1), "unknown": (3, 1)}
    assert _counts(found["education"])["02"] == (1, 1)
    assert _counts(found["labour"]) == {"01": (1, 1), "unknown": (4, 2)}


def test_household_sizes_are_ordered_as_numbers_and_large_ones_banded() -> None:
    found = summary_of(
        household("a", income=1, size=2),
        household("b", income=1, size=10),
        household("c", income=1, size=12),
        household("d", income=1, members=[], persons_year_end=2),
    )["distribution"]["household_size"]

    assert [(row["code"], row["persons"], row["poor_persons"]) for row in found] == [
        ("2", 2, 2),
        ("10+", 22, 22),
        ("unknown", 2, 0),
    ]
    assert found[1]["label"] == {"en": "10 or more", "zh": "10人及以上"}


def test_causes_cross_the_ethnicity_of_the_head() -> None:
    def headed(name: str, ethnicity: str | None, cause: str | None, income: int) -> dict[str, Any]:
        members = [{"relation": "01", "ethnicity": ethnicity}, {"ethnicity": "01"}]
        return household(name, income=income, members=members, main_cause=cause)

    cross = summary_of(
        headed("a", "26", "01", 10),
        headed("b", "26", "01", 90_000),
        headed("c", "03", "02", 10),
        headed("d", None, None, 10),
    )["cross"]["cause_by_ethnicity"]

    assert cross["rows"] == ["01", "02", "unknown"]
    assert cross["columns"] == ["03", "26", "unknown"]
    assert cross["households"] == [[0, 2, 0], [1, 0, 0], [0, 0, 1]]
    assert cross["poor_households"] == [[0, 1, 0], [1, 0, 0], [0, 0, 1]]


def test_main_causes_cross_other_causes_and_prefectures() -> None:
    cross = summary_of(
        household("a", income=1, main_cause="01", other_causes=["02", "07"]),
        household("b", OTHER_PREFECTURE, income=1, main_cause="07", other_causes=None),
    )["cross"]

    assert cross["cause_by_other_cause"]["columns"] == ["02", "07"]
    assert cross["cause_by_other_cause"]["households"] == [[1, 1]]
    assert cross["cause_by_prefecture"]["columns"] == ["620100", "622900"]
    assert cross["cause_by_prefecture"]["households"] == [[0, 1], [1, 0]]


def test_where_to_go_first_is_where_most_poor_persons_live() -> None:
    found = summary_of(
        household("a", VILLAGE, income=10, size=6),
        household("b", OTHER_COUNTY, income=10, size=3),
        household("c", OTHER_PREFECTURE, income=10),
        household("d", VILLAGE, income=90_000, size=6),
    )

    rows = [(c["code"], c["poor_persons"], c["share"]) for c in found["concentration"]]
    assert rows == [("622926", 6, 0.6), ("622921", 3, 0.3), ("620121", 1, 0.1)]
    assert [c["cumulative_share"] for c in found["concentration"]] == [0.6, 0.9, 1.0]
    by_rate = [(c["code"], c["headcount_rate"]) for c in found["concentration_by_rate"]]
    assert by_rate == [("620121", 1.0), ("622921", 1.0), ("622926", 0.5)]


def test_an_absurd_loss_does_not_break_the_sums() -> None:
    losses = [household(f"h{i}", income=0, expense_planting_yuan=100_000_000) for i in range(50)]

    found = summary_of(*losses, by=rules(1.0))

    assert found["poverty_severity"] == pytest.approx(1000.0**2)


def _counts(rows: list[dict[str, Any]]) -> dict[str, tuple[int, int]]:
    return {row["code"]: (row["persons"], row["poor_persons"]) for row in rows}
