"""Income rules: which items count on a date, and the sums they stand for."""

from __future__ import annotations

from datetime import date

import pytest

from jingzhun.errors import PackError, ParameterError
from jingzhun.policy.income import income_definitions, rule_on
from jingzhun.policy.pack import load_pack

D2018, D2021 = date(2018, 12, 31), date(2021, 1, 1)


def test_an_industry_award_counts_from_2021_only() -> None:
    income = load_pack("gansu").income

    before, after = rule_on(income, "stable_exit", D2018), rule_on(income, "stable_exit", D2021)

    assert "transfer_industry_award_yuan" in before.not_counted
    assert "transfer_industry_award_yuan" in after.lists["transfer"]


def test_the_papers_disposable_income_counts_the_same_items() -> None:
    income = load_pack("gansu").income

    for day in (D2018, D2021):
        assert rule_on(income, "disposable", day).lists == rule_on(income, "stable_exit", day).lists


def test_business_income_is_net_of_its_cost() -> None:
    rule = rule_on(load_pack("gansu").income, "stable_exit", D2018)

    texts = {d.id: d.expression for d in income_definitions(rule)}

    assert "business_planting_yuan" in texts["business_yuan"]
    assert "- expense_planting_yuan" in texts["business_yuan"]
    assert "+ expense_subsidy_yuan" in texts["business_yuan"]
    assert texts["net_income_yuan"] == "wage_yuan + business_yuan + property_yuan + transfer_yuan"


def test_a_rule_is_not_used_before_it_begins() -> None:
    with pytest.raises(ParameterError, match=r"does not hold on 2012-12-31.*2013-01-01"):
        rule_on(load_pack("gansu").income, "stable_exit", date(2012, 12, 31))


def test_an_unknown_rule_is_refused_with_the_known_ones() -> None:
    with pytest.raises(PackError, match=r"no income rule 'cash'.*stable_exit"):
        rule_on(load_pack("gansu").income, "cash", D2018)
