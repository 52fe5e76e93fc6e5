"""Income per person: what the record says, and what is true."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from jingzhun.sample.parameters import Pair
from jingzhun.sample.register import ADDED
from jingzhun.sample.registration import Standing
from jingzhun.sample.streams import Array
from jingzhun.sample.year import Year

LEAST = 350.0
BY_INCOME = 0.65
"""Share of wrong exits that are wrong by income; the others by their house."""


@dataclass(frozen=True)
class Levels:
    """Yuan per person and year, one entry per household."""

    recorded: Array
    true: Array
    good_but_poor: Array
    """Not exited in spite of an income above the line: something else is missing."""


def wrong_by_income(year: Year) -> Array:
    """Households whose exit is wrong because of their income; the other wrong exits by the house."""
    wrong = year.register_mask(year.county.register.wrong_exit)
    return wrong & (year.by_household.lasting("kind of wrong exit") < BY_INCOME)


def levels(year: Year, now: Standing) -> Levels:
    """Income of every household on file, consistent with where it stands on the register."""
    income, living, draw = year.parameters.income, year.parameters.living, year.by_household
    line, exit_line = income.national_line[year.period], income.exit_line[year.period]
    base = _undisturbed(year)
    spare = draw.yearly("income within band")
    chance = draw.yearly("income event")
    low = now.poor & (chance < living.before_exit["income"][year.period])
    recorded = np.where(low & (base > 0.97 * line), _band(line, income.poor_below, spare), base)
    good_but_poor = now.poor & ~low
    recorded = np.where(
        good_but_poor, np.maximum(recorded, exit_line * (1.03 + 0.25 * spare)), recorded
    )
    enough = _band(exit_line, income.exited_margin, spare)
    recorded = np.where(now.exited & (recorded < exit_line), enough, recorded)
    share = living.after_exit["income"][year.period] * year.county.plan.troubles["income"]
    on_record = year.register_mask(year.county.register.wrong_on_record)
    fails = now.exited & ((chance < share) | (on_record & wrong_by_income(year)))
    recorded = np.where(fails, _band(line, income.shortfall, spare), recorded)
    true = _true(year, now, recorded, spare)
    outside = ~now.registered
    overstated = true * _band(1.0, income.unregistered_overstated, spare)
    recorded = np.maximum(np.where(outside, overstated, recorded), LEAST)
    return Levels(recorded, np.maximum(true, LEAST), good_but_poor)


def _undisturbed(year: Year) -> Array:
    income, draw = year.parameters.income, year.by_household
    median = income.median[year.period] * year.county.plan.income_factor
    spread = income.spread_lasting * draw.lasting_normal("lasting income")
    return median * np.exp(spread + income.spread_year * draw.yearly_normal("income of the year"))


def _band(line: float, pair: Pair, uniform: Array) -> Array:
    return line * (pair[0] + pair[1] * uniform)


def _true(year: Year, now: Standing, recorded: Array, spare: Array) -> Array:
    """The record with an error, but: the wrongly included earn more, the wrongly exited less."""
    income, register = year.parameters.income, year.county.register
    line, exit_line = income.national_line[year.period], income.exit_line[year.period]
    error = np.exp(income.true_spread * year.by_household.yearly_normal("income error"))
    true = recorded * error
    rightly = now.exited & (true < line)
    true = np.where(rightly, _band(exit_line, (1.03, 0.35), spare), true)
    wrongly_in = year.register_mask(register.wrongly_included) & now.registered
    factor = _band(1.0, income.wrongly_included_factor, spare)
    true = np.where(wrongly_in, np.maximum(true, exit_line) * factor, true)
    true = np.where(now.exited & wrong_by_income(year), _band(line, income.shortfall, spare), true)
    poor_outside = year.register_mask(register.poor_unregistered)
    level = np.where(poor_outside, income.unregistered_factor, 1.7)
    outside = _undisturbed(year) * level
    to_come = year.register_mask(register.group) == ADDED
    found_poor = _band(line, income.poor_below, spare)
    outside = np.where(to_come & (outside > 0.97 * line), found_poor, outside)
    return np.where(now.registered, true, outside)
