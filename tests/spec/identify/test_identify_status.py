from __future__ import annotations

from dataclasses import replace

import pytest

from jingzhun.errors import PackError, ParameterError
from jingzhun.identify.rules import Rules, line_expression
from jingzhun.identify.status import RESULT, household_status, result_table

from .support import OTHER_COUNTY, OTHER_PREFECTURE, household, register, rules, status_of


def test_a_household_below_the_line_is_poor_by_what_is_missing_per_person() -> None:
    status = status_of(household("a", income=4000, size=2))["a"]

    assert status["is_poor"] is True
    assert status["income_per_capita_yuan"] == 2000
    assert status["gap_yuan"] == 1000


def test_a_household_exactly_at_the_line_is_not_poor_and_has_no_gap() -> None:
    status = status_of(household("a", income=6000, size=2))["a"]

    assert status["is_poor"] is False
    assert status["gap_yuan"] == 0


def test_a_loss_is_a_gap_greater_than_the_line() -> None:
    status = status_of(household("a", income=0, expense_planting_yuan=1000))["a"]

    assert status["gap_yuan"] == 4000


def test_an_unknown_income_item_is_not_zero_and_leaves_the_status_unknown() -> None:
    status = status_of(household("a", income=None))["a"]

    assert status["net_income_yuan"] is None
    assert status["is_poor"] is None
    assert status["gap_yuan"] is None


def test_a_household_without_recorded_members_has_an_unknown_size_and_status() -> None:
    status = status_of(household("a", income=9000, members=[], persons_year_end=3))["a"]

    assert status["household_size"] is None
    assert status["is_poor"] is None


def test_a_household_all_of_whose_members_left_has_no_income_per_person() -> None:
    gone = [{"relation": "01", "record_state": "2"}]

    status = status_of(household("a", income=9000, members=gone))["a"]

    assert status["household_size"] == 0
    assert status["is_poor"] is None


def test_only_those_who_share_the_budget_count() -> None:
    members = [{"relation": "01"}, {"shares_budget": False}, {"record_state": "2"}]

    status = status_of(household("a", income=3500, members=members))["a"]

    assert status["household_size"] == 1
    assert status["is_poor"] is False


def test_income_structure_shares_add_up_to_one() -> None:
    status = status_of(
        household("a", income=500, business_planting_yuan=900, expense_planting_yuan=400)
        | {"transfer_allowance_yuan": 3000}
    )["a"]

    assert status["business_yuan"] == 500
    assert status["net_income_yuan"] == 4000
    assert status["transfusion_share"] == 0.75
    assert status["making_share"] == 0.25


def test_shares_of_a_loss_are_not_known() -> None:
    status = status_of(household("a", income=0, expense_planting_yuan=10))["a"]

    assert status["making_share"] is None
    assert status["transfusion_share"] is None


def test_the_line_of_the_most_specific_area_counts() -> None:
    used = rules(3000, by_area=(("622926", 5000.0), ("6229", 4000.0)))
    found = status_of(
        household("a", income=3500),
        household("b", OTHER_COUNTY, income=3500),
        household("c", OTHER_PREFECTURE, income=3500),
        by=used,
    )

    assert [found[i]["line"] for i in "abc"] == [5000, 4000, 3000]
    assert [found[i]["is_poor"] for i in "abc"] == [True, True, False]


def test_the_line_may_be_another_parameter_or_an_amount() -> None:
    scope = rules().scope
    home = household("a", income=3500)

    pack_line = status_of(home, by=Rules(scope))
    named = status_of(home, by=Rules(scope, line=line_expression("higher_line_yuan", scope)))
    amount = status_of(home, by=Rules(scope, line=line_expression("3500.5", scope)))

    assert pack_line["a"]["is_poor"] is False
    assert named["a"]["line"] == 4000
    assert amount["a"]["gap_yuan"] == 0.5


@pytest.mark.parametrize("wrong", ["poverty_line", "-5", "0", "inf", "nan"])
def test_a_line_that_is_neither_a_parameter_nor_an_amount_is_refused(wrong: str) -> None:
    with pytest.raises(ParameterError):
        line_expression(wrong, rules().scope)


def test_a_misspelt_line_is_answered_with_the_nearest_name() -> None:
    with pytest.raises(ParameterError, match="poverty_line_yuan"):
        line_expression("povety_line_yuan", rules().scope)


def test_the_head_gives_the_household_its_ethnicity() -> None:
    members = [
        {"relation": "02", "ethnicity": "01"},
        {"relation": "01", "ethnicity": "26"},
        {"relation": "01", "ethnicity": "03", "record_state": "2"},
    ]

    status = status_of(household("a", income=1, members=members), household("b", income=1))

    assert status["a"]["ethnicity_of_head"] == "26"
    assert status["b"]["ethnicity_of_head"] is None


def test_areas_follow_from_the_village() -> None:
    status = status_of(household("a", income=1))["a"]

    assert status["county_code"] == "622926"
    assert status["township_code"] == "622926100000"


def test_conditions_stand_beside_the_status() -> None:
    used = rules(conditions=(("is_safe_house", "!is_dangerous_house"),))

    status = status_of(
        household("a", income=1, is_dangerous_house=True), household("b", income=1), by=used
    )

    assert status["a"]["is_safe_house"] is False
    assert status["b"]["is_safe_house"] is None


def test_a_pack_without_income_groups_leaves_them_unknown() -> None:
    groups = ("wage_yuan", "business_yuan", "property_yuan", "transfer_yuan")
    used = rules(
        without=(*groups, "net_income_yuan", "income_per_capita_yuan"),
        welfare="double(consumption_yuan) / double(household_size)",
    )

    status = status_of(household("a", size=2, consumption_yuan=5000), by=used)["a"]

    assert status["welfare"] == 2500
    assert status["is_poor"] is True
    assert status["wage_yuan"] is None
    assert status["making_share"] is None


def test_the_result_table_has_no_internal_key_and_no_name() -> None:
    homes, people = register(household("a", income=1, village_group="x"))

    found = result_table(household_status(homes, people, None, rules()).collect())

    assert tuple(found.columns) == RESULT
    assert not {"household_key", "name", "document_number"} & set(found.columns)


def test_membership_that_asks_about_the_household_is_refused() -> None:
    scope = rules().scope
    about_household = {"is_current": scope.definitions["wage_yuan"]}
    broken = Rules(replace(scope, member_definitions=about_household))

    with pytest.raises(PackError, match="asks about the household"):
        _ = broken.is_current
