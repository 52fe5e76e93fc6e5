"""Slips of a year, put into the records so that checks have something to find; and missing values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from jingzhun.sample.columns import NULL, UNKNOWN, Columns, positions
from jingzhun.sample.draws import Drawn
from jingzhun.sample.health import HEALTHY, Condition
from jingzhun.sample.members import CHILD, CHILD_SPOUSE, HEAD, SPOUSE
from jingzhun.sample.registration import Standing
from jingzhun.sample.schooling import School
from jingzhun.sample.streams import Array
from jingzhun.sample.welfare import Welfare
from jingzhun.sample.year import Year
from jingzhun.standard import schema

Slips = dict[str, tuple[Array, Mapping[str, "Array | int | float | np.int64"]]]
"""Kind -> to whom it can happen, and the columns as they then read."""


@dataclass(frozen=True)
class Facts:
    """What the mistakes are measured against."""

    school: School
    health: Condition
    support: Welfare
    now: Standing


def slip_persons(year: Year, columns: Columns, facts: Facts) -> Array:
    """Put slips into the person columns; the bits say which, in the order of the parameters."""
    rates = year.parameters.noise.persons
    return _applied(_person_slips(year, columns, facts), rates, columns, year.by_person)


def slip_households(year: Year, columns: Columns, facts: Facts) -> Array:
    """Put slips into the household columns; bits as in the parameters."""
    rates = year.parameters.noise.households
    slips = {
        **_cause_slips(year, columns, facts),
        **_amount_slips(columns),
        **_field_slips(columns),
    }
    return _applied(slips, rates, columns, year.by_household)


def slip_members(year: Year, persons: Columns, bits: Array, facts: Facts) -> tuple[Array, Array]:
    """Household slips that show in the person rows: bits with them, and the persons that remain."""
    rates, draw, slot = year.parameters.noise.households, year.by_household, year.slot
    kinds, relation = list(rates), positions("relation")
    allowance = positions("allowance_status")
    has_spouse = year.there[:, SPOUSE] & year.there[:, HEAD]
    everybody = np.ones(len(has_spouse), dtype=bool)
    can = {
        "no_head": year.there[:, HEAD],
        "two_heads": has_spouse,
        "allowance_without_member": facts.support.allowance,
        "without_members": everybody,
    }
    hit = {kind: mask & (draw.yearly(kind) < rates[kind]) for kind, mask in can.items()}
    for kind, mask in hit.items():
        bits = bits | np.where(mask, 1 << kinds.index(kind), 0)
    at = year.at
    headless, doubled = hit["no_head"][at] & (slot == HEAD), hit["two_heads"][at] & (slot == SPOUSE)
    persons["relation"] = np.where(headless, relation["99"], persons["relation"])
    persons["relation"] = np.where(doubled, relation["01"], persons["relation"])
    persons["allowance_status"] = np.where(
        hit["allowance_without_member"][at], allowance["none"], persons["allowance_status"]
    )
    return bits, ~hit["without_members"][at]


def _applied(slips: Slips, rates: dict[str, float], columns: Columns, draw: Drawn) -> Array:
    kinds = list(rates)
    bits = np.zeros(len(draw.index), dtype=np.int64)
    for kind, (eligible, changes) in slips.items():
        mask = eligible & (draw.yearly(kind) < rates[kind])
        if not mask.any():
            continue
        bits |= np.where(mask, 1 << kinds.index(kind), 0)
        for name, value in changes.items():
            columns[name] = np.where(mask, value, columns[name])
    return bits


def _person_slips(year: Year, columns: Columns, facts: Facts) -> Slips:
    age, draw = year.age, year.by_person.yearly("slip value")
    school, health = facts.school, facts.health
    labour, place = positions("labour_ability"), positions("work_place")
    hardship, education = positions("special_hardship_status"), positions("education")
    works = np.asarray(columns["work_months"]) > 0
    healthy = (health.bits == HEALTHY) & (age >= 20) & (age < 55)
    severe = (health.disability_grade >= 0) & (health.disability_grade <= 1)
    relation = positions("relation")
    is_child = (year.slot >= CHILD) & (year.slot < CHILD_SPOUSE) & (age < 18)
    other_child = np.where(year.female, relation["03"], relation["04"])
    odd_months = np.array([13, 15, 24, -1])[(draw * 4).astype(np.int64)]
    seniors = positions("student_status")["07"]
    return {
        "work_place_without_months": (works, {"work_months": 0, "monthly_pay_yuan": NULL}),
        "months_without_work_place": (works, {"work_place": UNKNOWN}),
        "months_out_of_range": (works, {"work_months": odd_months}),
        "student_working": (
            school.student & (age >= 14),
            {"work_months": 6, "work_place": place["04"]},
        ),
        "labour_healthy_none": (healthy & ~works, {"labour_ability": labour["04"]}),
        "labour_child_able": ((age >= 8) & (age < 16), {"labour_ability": labour["01"]}),
        "disabled_no_certificate": (health.certificate, {"has_disability_certificate": 0}),
        "disability_severe_able": (severe & (age < 60), {"labour_ability": labour["01"]}),
        "both_medical": (age >= 18, {"has_employee_medical": 1, "has_resident_medical": 1}),
        "allowance_and_hardship": (
            facts.support.recipients,
            {"special_hardship_status": hardship["rural"]},
        ),
        "grade_and_age": (school.student & (age < 12), {"student_status": seniors}),
        "preschool_adult_level": (age < 6, {"education": education["03"]}),
        "relation_and_sex": (is_child, {"relation": other_child}),
        "old_in_public_post": (age >= 70, {"public_post": 0, "public_post_months": 12}),
        "pay_absurd": (works, {"monthly_pay_yuan": np.where(draw < 0.5, 60, 68000)}),
    }


def _cause_slips(year: Year, columns: Columns, facts: Facts) -> Slips:
    cause, attribute = positions("poverty_cause"), positions("household_attribute")
    registered = facts.now.registered
    nobody_ill = year.count(facts.health.bits != HEALTHY) == 0
    no_student = year.count(facts.school.student) == 0
    nobody_disabled = year.count(facts.health.disabled) == 0
    main, other = np.asarray(columns["main_cause"]), np.asarray(columns["other_causes"])
    one_other = (other > 0) & (other & (other - 1) == 0) & registered
    same = other | np.left_shift(1, np.maximum(main, 0))
    illness = registered & nobody_ill
    return {
        "cause_illness_all_healthy": (illness, {"main_cause": cause["01"]}),
        "cause_schooling_no_student": (registered & no_student, {"main_cause": cause["03"]}),
        "cause_disability_none": (registered & nobody_disabled, {"main_cause": cause["02"]}),
        "other_cause_same": (one_other, {"other_causes": same}),
        "ordinary_with_allowance": (
            facts.support.allowance & registered,
            {"household_attribute": attribute["01"]},
        ),
        "main_cause_missing": (registered, {"main_cause": UNKNOWN}),
    }


def _amount_slips(columns: Columns) -> Slips:
    wage = np.asarray(columns["wage_employment_yuan"])
    planting = np.asarray(columns["expense_planting_yuan"])
    everybody = np.ones(len(wage), dtype=bool)
    lines = ("planting", "forestry", "livestock", "other")
    return {
        "wage_without_worker": (wage == 0, {"wage_employment_yuan": 4800}),
        "wage_tiny": (wage > 0, {"wage_employment_yuan": 50}),
        "production_without_expense": (
            planting > 0,
            {f"expense_{line}_yuan": 0 for line in lines},
        ),
        "income_absurd": (everybody, {"wage_other_yuan": 960_000}),
        "income_negative": (everybody, {"expense_other_yuan": 180_000}),
    }


def _field_slips(columns: Columns) -> Slips:
    mu, km = np.asarray(columns["cultivated_mu"]), np.asarray(columns["trunk_road_km"])
    exit_year, size = np.asarray(columns["exit_year"]), np.asarray(columns["persons_year_end"])
    helped = np.asarray(columns["helper_count"]) > 0
    return {
        "size_differs": (size > 0, {"persons_year_end": size + 1}),
        "land_absurd": (mu > 1, {"cultivated_mu": np.round(mu * 60, 1)}),
        "road_absurd": (km > 0.1, {"trunk_road_km": np.round(km * 120 + 6, 1)}),
        "no_helper": (
            helped,
            {"helper_count": 0, "helper_affiliation": UNKNOWN, "helped_since": NULL},
        ),
        "no_measure": (helped, {"measures": 0}),
        "exit_year_missing": (exit_year != NULL, {"exit_year": NULL}),
    }


def forget(table: str, columns: Columns, rates: Mapping[str, float], draw: Drawn) -> None:
    """Make fields unknown by their rates."""
    types = schema.table(table).by_name
    for name, rate in rates.items():
        columns[name] = unknown(types[name].type, columns[name], draw.yearly(f"no {name}") < rate)


def unknown(kind: schema.ColumnType, values: Array | pl.Series, mask: Array) -> Array | pl.Series:
    """A column with null where the mask holds."""
    if isinstance(values, pl.Series):
        rows = pl.DataFrame({"value": values, "gone": pl.Series(mask)})
        return rows.select(pl.when(~pl.col("gone")).then("value")).to_series()
    if kind == "decimal":
        return np.where(mask, np.nan, values)
    return np.where(mask, UNKNOWN if kind in ("code", "codes", "bool") else NULL, values)


def forget_households(year: Year, columns: Columns) -> None:
    """Missing values of households: single fields, the water survey as a whole, one income item."""
    missing, draw = year.parameters.noise.missing, year.by_household
    forget("households", columns, missing.households, draw)
    no_survey = draw.yearly("no water survey") < missing.water_survey
    types = schema.table("households").by_name
    survey = (
        "water_litres_per_day",
        "is_water_quality_safe",
        "water_fetch_minutes",
        "water_supply_rate",
    )
    for name in survey:
        columns[name] = unknown(types[name].type, columns[name], no_survey)
    items = ("wage_employment_yuan", "business_planting_yuan", "transfer_pension_yuan")
    chance = draw.yearly("no income item")
    for number, name in enumerate(items):
        share = missing.income_item / len(items)
        gone = (chance >= number * share) & (chance < (number + 1) * share)
        columns[name] = unknown("int", columns[name], gone)
