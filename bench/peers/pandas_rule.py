"""The rule in pandas: nullable columns, whole-column conditions, one grouping of persons."""

from __future__ import annotations

from functools import reduce
from operator import add, and_, or_
from typing import TypeAlias

import pandas as pd
import pyarrow.dataset as arrow

from bench.peers import rule
from bench.peers.rule import Peer, Source, Totals

Column: TypeAlias = pd.Series
Frame: TypeAlias = pd.DataFrame
KEY = "household_key"


def load(source: Source) -> tuple[Frame, Frame]:
    households = arrow.dataset(source.households).to_table(columns=source.household_columns)
    persons = arrow.dataset(source.persons).to_table(columns=source.person_columns)
    return (
        households.to_pandas(types_mapper=pd.ArrowDtype),
        persons.to_pandas(types_mapper=pd.ArrowDtype),
    )


def one_of(column: Column, values: tuple[str, ...]) -> Column:
    """`isin` that stays unknown where the column is."""
    return reduce(or_, (column == value for value in values))


def exists(groups: pd.api.typing.DataFrameGroupBy, name: str) -> Column:
    """Whether the condition holds for some member: unknown where it might."""
    found = groups[name].any()
    return found.mask(~found & groups[f"{name}?"].any())


def members(persons: Frame) -> Frame:
    """What is asked of the members, one row per household with persons."""
    p = persons
    current = p.record_state.isna() | (p.record_state != "2")
    sharing = current & (p.shares_budget.isna() | p.shares_budget)
    soldier = p.is_active_soldier.notna() & p.is_active_soldier
    insured = soldier | p.has_resident_medical | p.has_employee_medical
    school_age = (p.birth_date <= rule.SIX) & (p.birth_date > rule.SIXTEEN)
    late = (p.birth_date <= rule.SEVEN) & one_of(p.student_status, (rule.NOT_YET, rule.LEFT))
    absent = (p.student_status == rule.OUT_OF_SCHOOL) | late
    reason = p.not_in_school_reason
    excused = reason.notna() & one_of(reason, rule.MEDICAL_REASONS)
    finished = (p.birth_date <= rule.FOURTEEN) & one_of(p.education, rule.NINE_GRADES)
    able = one_of(p.labour_ability, rule.ABLE)
    labourer = current & able & (p.birth_date.isna() | (p.birth_date <= rule.SIXTEEN))
    on_support = one_of(p.allowance_status, rule.ON_SUPPORT) | one_of(
        p.special_hardship_status, rule.ON_SUPPORT
    )
    asked = {
        "dropout": current & school_age & absent & ~excused & ~finished,
        "uninsured": current & ~(soldier | (insured & p.has_critical_illness)),
        "labourer": labourer,
        "steady": labourer & (p.work_months >= rule.STEADY_MONTHS),
        "trained": labourer & p.has_skill_training,
        "covered": current & on_support,
    }
    columns = {KEY: p[KEY], "sharing": sharing.astype("int64")}
    for name, condition in asked.items():
        columns[name] = condition.fillna(False)
        columns[f"{name}?"] = condition.isna()
    groups = pd.DataFrame(columns).groupby(KEY, sort=False)
    found = {name: exists(groups, name) for name in asked}
    return pd.DataFrame({"size": groups["sharing"].sum(), **found})


def judged(h: Frame) -> dict[str, Column]:
    """Each indicator: met, not met, or unknown."""
    net = reduce(add, (h[name] for name in rule.INCOME))
    net = net - reduce(add, (h[name] for name in rule.COSTS))
    income = net.astype("double[pyarrow]") / h["size"].mask(h["size"] == 0)
    grade = h.housing_grade
    graded_safe = one_of(grade, ("A", "B"))
    certified = h.has_house_certificate.notna() & h.has_house_certificate
    tests = {
        "water_litres_per_day": h.water_litres_per_day < rule.LITRES,
        "is_water_quality_safe": ~h.is_water_quality_safe,
        "water_fetch_minutes": h.water_fetch_minutes > rule.MINUTES,
        "water_supply_rate": h.water_supply_rate < rule.SUPPLY,
    }
    fails = reduce(or_, (h[name].notna() & test for name, test in tests.items()))
    recorded = reduce(and_, (h[name].notna() for name in tests))
    linked = h.is_cooperative_member | h.is_enterprise_led | h.is_entrepreneur_led
    earning = (h.steady | h.trained | linked).where(h.labourer, h.covered)
    return {
        "income": income >= rule.LINE,
        "housing": certified | graded_safe.where(grade.notna(), ~h.is_dangerous_house),
        "education": ~h.dropout,
        "medical": ~h.uninsured,
        "water": ~fails & (recorded | h.has_safe_water),
        "capacity": earning.mask(h.labourer.isna()),
    }


def compute(loaded: tuple[Frame, Frame]) -> Totals:
    households, persons = loaded
    households = households.merge(members(persons), on=KEY, how="left")
    met = judged(households)
    best = reduce(add, (rule.WEIGHTS[i] * met[i].fillna(True).astype("int64") for i in met))
    vetoed = reduce(or_, (~met[item].fillna(True) for item in rule.VETOES))
    failed = vetoed | (best < rule.PASS_MARK)
    missing = reduce(or_, (column.isna() for column in met.values()))
    counted = {
        "county": households.village_code.str.slice(0, 6),
        "passed": ~failed & ~missing,
        "failed": failed,
        "not_assessable": ~failed & missing,
        **{f"not_met {item}": ~column.fillna(True) for item, column in met.items()},
        **{f"missing {item}": column.isna() for item, column in met.items()},
    }
    registered = households.is_registered.fillna(True)
    sums = pd.DataFrame(counted)[registered].groupby("county").sum()
    return rule.as_totals(sums.to_dict("index"))


PEER = Peer(load, compute)
