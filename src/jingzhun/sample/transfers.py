"""Transfer income by item, from who lives in the household and what land it has."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from jingzhun.sample.health import Condition
from jingzhun.sample.members import CHILD, FATHER
from jingzhun.sample.parameters import between
from jingzhun.sample.registration import Standing
from jingzhun.sample.streams import Array
from jingzhun.sample.welfare import Welfare
from jingzhun.sample.year import Year


@dataclass(frozen=True)
class Land:
    """The areas that subsidies go by, in mu."""

    cultivated: Array
    returned_forest: Array
    grassland: Array


def transfers(
    year: Year, now: Standing, health: Condition, support: Welfare, land: Land, most: Array
) -> dict[str, Array]:
    """Whole yuan by column; together at most `most` of the household, else all scaled down."""
    amounts = {**_entitled(year, health, support, land), **_by_chance(year, now, support)}
    total = np.sum(list(amounts.values()), axis=0)
    scale = np.minimum(1.0, most / np.maximum(total, 1.0))
    # Never rounded up: the items together must leave room for what is earned.
    return {name: np.floor(amount * scale).astype(np.int64) for name, amount in amounts.items()}


def _rate(year: Year, item: str) -> float:
    pair = year.parameters.income.transfers[item]
    return between(pair, year.period, year.parameters.years)


def _entitled(year: Year, health: Condition, support: Welfare, land: Land) -> dict[str, Array]:
    age = year.age
    pasture = year.county.plan.facts.terrain == "pasture"
    ecological = land.returned_forest * _rate(year, "ecological")
    if pasture:
        ecological = ecological + land.grassland * _rate(year, "pasture")
    around = 0.85 + 0.3 * year.by_household.lasting("allowance class")
    recipients = year.count(support.recipients)
    disabled = health.certificate & (health.disability_grade <= 1)
    return {
        "transfer_pension_yuan": year.count(age >= 60) * _rate(year, "pension"),
        "transfer_allowance_yuan": recipients * _rate(year, "allowance") * around,
        "transfer_special_hardship_yuan": year.count(support.supported)
        * _rate(year, "special_hardship"),
        "transfer_farm_subsidy_yuan": land.cultivated * _rate(year, "farm_subsidy"),
        "transfer_ecological_yuan": ecological,
        "transfer_disability_yuan": year.count(disabled) * _rate(year, "disability"),
        "transfer_old_age_yuan": year.count(age >= 80) * _rate(year, "old_age"),
    }


def _by_chance(year: Year, now: Standing, support: Welfare) -> dict[str, Array]:
    income, draw = year.parameters.income, year.by_household
    chances, started = income.chances, year.period >= income.awards_from
    alone = ~year.there[:, CHILD:FATHER].any(axis=1)
    chance = np.where(alone, chances["family_support"], chances["family_support_together"])
    old = (year.count(year.age >= 60) > 0) & (draw.lasting("family support") < chance)
    size = year.there.sum(axis=1)
    around = 0.6 + 0.8 * draw.yearly("transfer amounts")
    worker = ~support.no_labour & now.registered & started

    def some(item: str, mask: Array) -> Array:
        return mask & (draw.lasting(item) < chances[item])

    right = some("family_planning", ~support.no_labour)
    return {
        "transfer_family_planning_yuan": right * _rate(year, "family_planning"),
        "transfer_reservoir_yuan": some("reservoir", size > 0) * size * _rate(year, "reservoir"),
        "transfer_long_term_yuan": some("long_term", size > 0) * _rate(year, "long_term") * around,
        "transfer_family_support_yuan": old * _rate(year, "family_support") * around,
        "transfer_employment_award_yuan": some("employment_award", worker)
        * _rate(year, "employment_award")
        * around,
        "transfer_industry_award_yuan": some("industry_award", worker)
        * _rate(year, "industry_award")
        * around,
    }
