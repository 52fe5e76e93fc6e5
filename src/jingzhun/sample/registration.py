"""The registration part of the household record: identity, status, causes, help."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl

from jingzhun.sample.causes import Causes
from jingzhun.sample.columns import NULL, UNKNOWN, Columns, positions, texts
from jingzhun.sample.members import CHILD, CHILD_SPOUSE, NEVER
from jingzhun.sample.register import ADDED, UNREGISTERED
from jingzhun.sample.streams import Array, pick
from jingzhun.sample.welfare import Welfare
from jingzhun.sample.year import Year

FIRST_PHONE = 10_000_000_000
"""Eleven digits that begin with 1000: no telephone number in China does."""
IDS_PER_COUNTY = 10_000_000
_GROUPS = 8


@dataclass(frozen=True)
class Standing:
    """Where each household stands at the end of the year."""

    registered: Array
    poor: Array
    exited: Array
    exit_year: Array
    status: Array


def standing(year: Year) -> Standing:
    """The register's view of the households on file."""
    register, rows, period = year.county.register, year.households, year.period
    registered, poor = register.registered(period)[rows], register.poor(period)[rows]
    return Standing(
        registered=registered,
        poor=poor,
        exited=registered & ~poor,
        exit_year=register.exit_year(period)[rows],
        status=register.status(period)[rows],
    )


def household_numbers(year: Year) -> Array:
    """Household numbers as integers: county, then a running number."""
    return int(year.county.plan.facts.code) * IDS_PER_COUNTY + year.households + 1


def identity(year: Year) -> Columns:
    """Household number, place, telephone, bank."""
    draw, villages = year.by_household, year.county.villages
    phone = FIRST_PHONE + (draw.lasting("phone") * 9_999_999).astype(np.int64)
    account = (draw.lasting("account").astype(np.float64) * 9e12).astype(np.int64) + 10**12
    group = (draw.lasting("village group") * _GROUPS).astype(np.int64)
    count = len(year.households)
    return {
        "household_id": pl.Series(household_numbers(year)).cast(pl.String),
        "period": np.full(count, year.period),
        "village_code": texts(villages.codes, villages.of_household[year.households]),
        "village_group": texts([f"{n + 1}组" for n in range(_GROUPS)], group),
        "phone": pl.Series(phone).cast(pl.String),
        "bank_name": texts([year.parameters.names.bank], np.zeros(count, dtype=np.int64)),
        "bank_account": "000000" + pl.Series(account).cast(pl.String),
    }


def status(year: Year, now: Standing, causes: Causes, support: Welfare) -> Columns:
    """Registration, exit and cause columns; null for households that are not registered."""
    settings, draw, rows = year.parameters.registry, year.by_household, year.households
    register, code = year.county.register, positions("identification_standard")
    standard = np.where(
        draw.lasting("standard") < settings.provincial_standard,
        code["provincial"],
        code["national"],
    )
    returned = register.returned[rows] <= year.period
    planned = np.where(now.poor, year.period + 1, now.exit_year)
    only = _only(now.registered)
    return {
        "identification_standard": only(standard, UNKNOWN),
        "household_attribute": only(_attribute(year, support), UNKNOWN),
        "main_cause": only(causes.main[rows], UNKNOWN),
        "other_causes": only(causes.other[rows], UNKNOWN),
        "is_registered": now.registered.astype(np.int8),
        "identified_date": only(_identified(year), NULL),
        "is_military_family": (draw.lasting("military") < settings.military_family).astype(np.int8),
        "exit_status": now.status,
        "no_exit_reason": np.where(now.poor, _no_exit_reason(year, support), UNKNOWN),
        "planned_exit_year": only(planned, NULL),
        "exit_year": np.where(now.exit_year < NEVER, now.exit_year.astype(np.int64), NULL),
        "return_year": only(
            np.where(returned, register.returned[rows].astype(np.int64), NULL), NULL
        ),
        "return_cause": np.where(returned & now.registered, _return_cause(year), UNKNOWN),
        **_children(year),
    }


def _only(mask: Array) -> Callable[[Array, int | np.int64], Array]:
    """What keeps values where the mask holds and puts a mark for null elsewhere."""
    return lambda values, null: np.where(mask, values, null)


def _attribute(year: Year, support: Welfare) -> Array:
    code = positions("household_attribute")
    central = year.by_household.lasting("centralised") < 0.15
    hardship = np.where(central, code["03b"], code["03a"])
    attribute = np.where(support.allowance, code["02"], code["01"])
    return np.where(support.hardship, hardship, attribute)


def _identified(year: Year) -> Array:
    """First list: in the campaign of 2014; look-back: in the summer of its year."""
    register, rows = year.county.register, year.households
    day = (year.by_household.lasting("identified") * 180).astype(np.int64)
    added = register.group[rows] == ADDED
    start = np.where(added, register.joined[rows], year.parameters.registry.first_year)
    start = (start.astype(np.int64) - 1970).astype("datetime64[Y]").astype("datetime64[D]")
    first = start.astype(np.int64) + np.where(added, 180, 100)
    return np.where(register.group[rows] == UNREGISTERED, NULL, first + day)


def _no_exit_reason(year: Year, support: Welfare) -> Array:
    code, shares = positions("no_exit_reason"), year.parameters.registry.no_exit_reasons
    codes = np.array([code[reason] for reason in shares])
    reason = codes[pick(shares.values(), year.by_household.lasting("no exit reason"))]
    joined = year.county.register.joined[year.households]
    reason = np.where(joined == year.period, code["03"], reason)
    reason = np.where(support.allowance & support.no_labour, code["09"], reason)
    return np.where(support.hardship, code["08"], reason)


def _return_cause(year: Year) -> Array:
    code = positions("poverty_cause")
    codes = np.array([code[cause] for cause in ("01", "04", "03", "02", "99")])
    return codes[pick([0.6, 0.15, 0.1, 0.1, 0.05], year.by_household.lasting("return cause"))]


def _children(year: Year) -> Columns:
    there = year.there[:, CHILD:CHILD_SPOUSE]
    girls = year.county.roster.female[year.households, CHILD:CHILD_SPOUSE]
    number = there.sum(axis=1)
    two_daughters = (number == 2) & ((there & girls).sum(axis=1) == 2)
    return {
        "is_one_child_household": (number == 1).astype(np.int8),
        "is_two_daughter_household": two_daughters.astype(np.int8),
    }


def sizes(year: Year) -> Columns:
    """Members at the start and the end of the year."""
    roster, rows = year.county.roster, year.households
    before = roster.exists & (roster.start < year.period) & (roster.stop >= year.period)
    return {
        "persons_year_start": before[rows].sum(axis=1),
        "persons_year_end": year.there.sum(axis=1),
    }
