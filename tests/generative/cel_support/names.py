"""The names that random expressions use: a few fields of every type, parameters, definitions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from jingzhun.policy.cel import FieldInfo, Scope, check, standard_scope
from jingzhun.policy.cel.operators import dated
from jingzhun.policy.cel.tree import Const, Dated, Kind, Type

DAYS = (date(2019, 9, 30), date(2020, 2, 29), date(2019, 2, 28), date(2019, 3, 1))

HOUSEHOLD: Mapping[Kind, tuple[str, ...]] = {
    Kind.BOOL: ("has_safe_water", "is_relocated"),
    Kind.INT: ("debt_yuan", "balance_yuan", "persons_year_end"),
    Kind.DOUBLE: ("cultivated_mu", "rate"),
    Kind.STRING: ("phone", "main_cause", "housing_grade"),
    Kind.DATE: ("identified_date", "monitoring_date"),
    Kind.STRINGS: ("other_causes",),
}
MEMBER: Mapping[Kind, tuple[str, ...]] = {
    Kind.BOOL: ("has_skill_training", "shares_budget"),
    Kind.INT: ("work_months", "monthly_pay_yuan", "age"),
    Kind.DOUBLE: ("share",),
    Kind.STRING: ("work_employer", "sex", "id_problem", "id_sex", "id_kind"),
    Kind.DATE: ("birth_date", "id_birth_date"),
    Kind.STRINGS: ("health",),
}
VILLAGE: Mapping[Kind, tuple[str, ...]] = {
    Kind.BOOL: ("has_bus",),
    Kind.INT: ("persons",),
    Kind.DOUBLE: ("cultivated_mu",),
    Kind.STRING: ("village_attribute",),
    Kind.DATE: (),
    Kind.STRINGS: (),
}
RECORDS: Mapping[str, Mapping[Kind, tuple[str, ...]]] = {
    "cars": {
        Kind.BOOL: ("is_farm",),
        Kind.INT: ("value_yuan", "seats"),
        Kind.DOUBLE: ("tonnes",),
        Kind.STRING: ("plate", "grade"),
        Kind.DATE: ("owned_on",),
        Kind.STRINGS: ("uses",),
    },
    "costs": {
        Kind.BOOL: ("is_paid",),
        Kind.INT: ("value_yuan",),
        Kind.DOUBLE: ("tonnes",),
        Kind.STRING: ("grade",),
        Kind.DATE: ("owned_on",),
        Kind.STRINGS: (),
    },
}
"""Invented external tables; some of their fields have the same names."""
PARAMETERS: Mapping[str, Const | Dated] = {
    "income_line": dated("income_line", 4000, ()),
    "months_line": dated("months_line", 6, (("6229", 3), ("622926100201", -1))),
    "half": dated("half", 0.5, (("62", 0.25), ("620102", 2))),
    "start": dated("start", date(2016, 2, 29), ()),
    "remote_causes": Const(("07", "09"), Type(Kind.STRINGS, nullable=False), "remote_causes"),
}
PARAMETERS_OF: Mapping[Kind, tuple[str, ...]] = {
    Kind.INT: ("income_line", "months_line"),
    Kind.DOUBLE: ("half",),
    Kind.DATE: ("start",),
}
DEFINITIONS_OF: Mapping[Kind, tuple[str, ...]] = {
    Kind.BOOL: ("is_small",),
    Kind.INT: ("adults", "car_owners"),
    Kind.DOUBLE: ("debt_per_head",),
}
MEMBER_DEFINITIONS_OF: Mapping[Kind, tuple[str, ...]] = {
    Kind.BOOL: ("is_adult",),
    Kind.INT: ("free_months",),
}
RECORD_DEFINITIONS_OF: Mapping[Kind, tuple[str, ...]] = {
    Kind.BOOL: ("owns_car",),
    Kind.INT: ("cost_yuan",),
}
"""Definitions about one person that ask the person's records."""


def scope(on: date, level: str = "household") -> Scope:
    """The scope of random expressions about a household or a person."""
    extra = {
        "balance_yuan": FieldInfo(Type(Kind.INT, True, -1000, 1000)),
        "rate": FieldInfo(Type(Kind.DOUBLE)),
    }
    plain = standard_scope(on, level=level, parameters=PARAMETERS, extra=extra)
    plain = replace(
        plain,
        member={**plain.member, "share": FieldInfo(Type(Kind.DOUBLE))},
        records={table: _fields(of) for table, of in RECORDS.items()},
    )
    about_person = replace(plain, member_name="m")
    of_person = {
        "is_adult": check("m.age >= 16", about_person),
        "free_months": check("12 - m.work_months", about_person),
        "owns_car": check("m.cars.exists(c, c.seats > 2 && c.owned_on <= on)", about_person),
        "cost_yuan": check("m.costs.filter(c, c.is_paid).map(c, c.value_yuan).sum()", about_person),
    }
    told = replace(plain, member_definitions=of_person, member_name=None)
    definitions = {
        "is_small": check("size(members) < 3", told),
        "adults": check("size(members.filter(m, m.is_adult))", told),
        "car_owners": check("size(members.filter(m, m.owns_car))", told),
        "debt_per_head": check("double(debt_yuan) / double(size(members))", told),
    }
    return replace(told, definitions=definitions, member_name=plain.member_name)


def _fields(of: Mapping[Kind, tuple[str, ...]]) -> dict[str, FieldInfo]:
    codes = {"grade": "housing_grade"}
    return {
        name: FieldInfo(Type(kind, True, -(10**6), 10**6, codes.get(name)))
        for kind, named in of.items()
        for name in named
    }
