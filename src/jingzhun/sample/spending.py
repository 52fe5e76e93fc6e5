"""Receipts that are not income, debt and spending."""

from __future__ import annotations

import numpy as np

from jingzhun.sample.columns import Columns
from jingzhun.sample.health import Condition
from jingzhun.sample.living import House
from jingzhun.sample.parameters import Triple
from jingzhun.sample.registration import Standing
from jingzhun.sample.schooling import School
from jingzhun.sample.streams import Array
from jingzhun.sample.year import Year


def receipts(year: Year, now: Standing, school: School, health: Condition, own: House) -> Columns:
    """Aid, reimbursement, loans, gifts: never counted as stable income (domain.md 1.5)."""
    settings = year.parameters.income.receipts
    students = year.count(school.above_compulsory)
    patients, disabled = year.count(health.patient), year.count(health.disabled)
    everybody = np.ones(len(students), dtype=bool)
    this_year = own.repaired & (own.repair_year == year.period)
    subsidy = np.where(own.relocated, settings["housing_relocation"], settings["housing_repair"])
    on = {
        "education": students > 0,
        "medical": patients > 0,
        "loan": now.registered,
        "relief": everybody,
        "insurance": everybody,
        "disability_aid": disabled > 0,
        "donation": everybody,
        "short_term": everybody,
        "other_policy": now.registered,
    }
    columns: Columns = {
        f"receipt_{kind}_yuan": _some(year, f"receipt {kind}", mask, _triple(settings[kind]))
        for kind, mask in on.items()
    }
    columns["receipt_housing_yuan"] = (this_year * subsidy).astype(np.int64)
    return columns


def spending(year: Year, total: Array, school: School, health: Condition) -> Columns:
    """Debt, living expenditure, own medical and schooling expenditure."""
    income, draw = year.parameters.income, year.by_household
    students, patients = year.count(school.above_compulsory), year.count(health.patient)
    share, spread = income.consumption
    living = total * share * np.exp(spread * draw.yearly_normal("consumption"))
    medical = (0.15 + patients) * _spread(year, "medical", income.medical)
    schooling = students * _spread(year, "schooling", income.schooling)
    everybody = np.ones(len(students), dtype=bool)
    return {
        "debt_yuan": _some(year, "debt", everybody, income.debt),
        "consumption_yuan": np.round(living).astype(np.int64),
        "medical_out_of_pocket_yuan": np.round(medical).astype(np.int64),
        "schooling_expenditure_yuan": np.round(schooling).astype(np.int64),
    }


def _triple(value: float | Triple) -> Triple:
    return value if isinstance(value, tuple) else (1.0, value, 0.0)


def _spread(year: Year, name: str, pair: tuple[float, float]) -> Array:
    median, spread = pair
    return median * np.exp(spread * year.by_household.yearly_normal(f"{name} spending"))


def _some(year: Year, name: str, mask: Array, triple: Triple) -> Array:
    chance, median, spread = triple
    growth = 0.55 + 0.45 * (year.period - year.parameters.years[0]) / len(year.parameters.years)
    gets = mask & (year.by_household.yearly(name) < chance)
    amount = median * growth * np.exp(spread * year.by_household.yearly_normal(f"{name} amount"))
    return np.where(gets, np.round(amount / 10) * 10, 0).astype(np.int64)
