"""Insurance, allowance, special-hardship support, civil status."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from jingzhun.sample.columns import Columns, alpha_positions, positions
from jingzhun.sample.health import Condition
from jingzhun.sample.members import (
    CHILD,
    CHILD_SPOUSE,
    DIES,
    FATHER,
    HEAD,
    MOTHER,
    SPOUSE,
)
from jingzhun.sample.schooling import School
from jingzhun.sample.streams import Array
from jingzhun.sample.year import Year

APART = 0.02
"""Share of grown children who do not share the budget."""


@dataclass(frozen=True)
class Welfare:
    """Support in the year."""

    no_labour: Array
    """Households without anybody who can work."""
    hardship: Array
    """Special-hardship households."""
    allowance: Array
    """Households with the subsistence allowance."""
    recipients: Array
    """Persons with the subsistence allowance."""
    supported: Array
    """Persons with special-hardship support."""


def welfare(year: Year, health: Condition) -> Welfare:
    """Who is supported; follows from who can work."""
    settings, draw = year.parameters.registry.attributes, year.by_household
    no_labour = year.count(health.full_labour) == 0
    small = year.there.sum(axis=1) <= 2
    childless = ~year.there[:, CHILD:FATHER].any(axis=1)
    hardship = no_labour & small & childless
    hardship &= draw.lasting("hardship") < settings.special_hardship
    usual = settings.allowance[year.period]
    share = np.where(no_labour, usual * settings.allowance_no_labour, usual)
    registered = year.register_mask(year.county.register.registered(year.period))
    share = np.where(registered, share, share * settings.allowance_unregistered)
    allowance = ~hardship & (draw.lasting("allowance") < share)
    whole_household = draw.lasting("whole household") < 0.5
    weak = health.patient | health.disabled | (year.age >= 60) | (year.slot == HEAD)
    head_gone = ~year.there[:, HEAD]
    weak |= (year.slot == SPOUSE) & head_gone[year.at]
    recipients = allowance[year.at] & (whole_household[year.at] | weak)
    return Welfare(no_labour, hardship, allowance, recipients, hardship[year.at])


def insured(year: Year, school: School, health: Condition, trouble: float) -> Columns:
    """The insurance columns of persons."""
    settings, draw, age = year.parameters.population.insurance, year.by_person, year.age
    gap = year.by_household.lasting("medical gap") < settings.medical_gap[year.period] * trouble
    outside = gap[year.at] & (draw.lasting("outside insurance") < settings.within)
    employee = (draw.lasting("employee") < settings.employee) & health.able & (age < 60)
    resident = ~outside & ~employee
    critical = (resident | employee) & (draw.lasting("critical") >= settings.critical_gap)
    of_age = (age >= 16) & ~school.student
    pension = of_age & ~employee & (draw.lasting("pension") < settings.pension[year.period])
    columns: Columns = {
        "has_resident_medical": resident.astype(np.int8),
        "has_employee_medical": employee.astype(np.int8),
        "has_critical_illness": critical.astype(np.int8),
        "has_resident_pension": pension.astype(np.int8),
        "has_employee_pension": employee.astype(np.int8),
    }
    return columns


def civil(year: Year, support: Welfare) -> Columns:
    """Allowance, hardship, marriage, party, language, army."""
    draw, age = year.by_person, year.age
    allowance, hardship = positions("allowance_status"), positions("special_hardship_status")
    political, share = positions("political_status"), year.parameters.population.political
    chance = draw.lasting("political")
    party = (age >= 24) & (chance < share["party"])
    league = (age >= 15) & (age <= 28) & (chance > 1.0 - 6 * share["league"])
    status = np.where(party, political["party"], political["masses"])
    soldier = ~year.female & (age >= 18) & (age <= 24) & (draw.lasting("soldier") < 0.008)
    columns: Columns = {
        "allowance_status": np.where(support.recipients, allowance["rural"], allowance["none"]),
        "special_hardship_status": np.where(support.supported, hardship["rural"], hardship["none"]),
        "political_status": np.where(league & ~party, political["league"], status),
        "marital_status": _marital(year),
        "speaks_mandarin": (draw.lasting("mandarin") < _mandarin(year)).astype(np.int8),
        "is_active_soldier": soldier.astype(np.int8),
        "shares_budget": (~_apart(year)).astype(np.int8),
    }
    return columns


def _apart(year: Year) -> Array:
    """Grown children and siblings who keep house for themselves though on the same card."""
    grown = (year.age >= 25) & (year.slot >= CHILD) & (year.slot < CHILD_SPOUSE)
    return grown & (year.by_person.lasting("shares budget") < APART)


def _mandarin(year: Year) -> Array:
    codes = alpha_positions("ethnicity")
    shares = np.ones(len(codes))
    for alpha, share in year.parameters.population.mandarin.items():
        shares[codes[alpha]] = share
    own = shares[year.county.people.ethnicity[year.persons]]
    return np.where(year.age < 35, np.sqrt(own), own)


def _marital(year: Year) -> Array:
    code, slot = positions("marital_status"), year.slot
    roster, rows = year.county.roster, year.households
    couple = year.there[:, HEAD] & year.there[:, SPOUSE]
    parted = (roster.how_out[rows, SPOUSE] == DIES) | (roster.how_out[rows, HEAD] == DIES)
    once = roster.exists[rows, CHILD] | (year.by_household.lasting("ever married") < 0.35)
    alone = np.where(year.by_household.lasting("divorced") < 0.4, code["40"], code["30"])
    single = np.where(parted, code["30"], np.where(once, alone, code["10"]))
    head = np.where(couple, code["20"], single)
    elders = year.there[:, FATHER] & year.there[:, MOTHER]
    young = np.where(year.there[:, CHILD_SPOUSE], code["20"], code["10"])
    result = np.full(len(slot), code["10"])
    result = np.where((slot == HEAD) | (slot == SPOUSE), head[year.at], result)
    result = np.where((slot == CHILD) | (slot == CHILD_SPOUSE), young[year.at], result)
    result = np.where(slot == CHILD_SPOUSE, code["20"], result)
    parents = (slot == FATHER) | (slot == MOTHER)
    return np.where(parents, np.where(elders, code["20"], code["30"])[year.at], result)
