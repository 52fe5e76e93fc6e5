"""Which fields of the standard stand together, on the page and in the form that changes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jingzhun.standard.schema import Column
from jingzhun_web.registry.values import HOUSEHOLD, PERSON

Group = tuple[str | Promise, Sequence[str]]

CONTACT: Group = (_("Place and contact"), ("village_group", "phone", "bank_name", "bank_account"))
STATUS: Group = (
    _("Status and causes"),
    (
        "is_registered",
        "exit_status",
        "household_attribute",
        "identification_standard",
        "identified_date",
        "main_cause",
        "other_causes",
        "exit_year",
        "planned_exit_year",
        "no_exit_reason",
        "return_year",
        "return_cause",
        "persons_year_start",
        "persons_year_end",
    ),
)
HOUSING: Group = (
    _("Housing"),
    (
        "housing_grade",
        "is_dangerous_house",
        "housing_area_m2",
        "housing_structure",
        "house_repair_year",
        "has_house_certificate",
        "is_relocated",
        "relocation_mode",
        "settlement_mode",
        "settlement_place",
        "relocation_difficulties",
    ),
)
LIVING: Group = (
    _("Living conditions"),
    (
        "has_safe_water",
        "has_water_difficulty",
        "water_litres_per_day",
        "is_water_quality_safe",
        "water_fetch_minutes",
        "water_supply_rate",
        "has_food_and_clothing",
        "has_sanitary_toilet",
        "has_domestic_power",
        "has_production_power",
        "has_broadcast",
        "has_phone_tv_internet",
        "main_fuel",
        "entry_road",
        "trunk_road_km",
    ),
)
LAND: Group = (
    pgettext_lazy("mu", "Land"),
    (
        "cultivated_mu",
        "irrigated_mu",
        "forest_mu",
        "returned_forest_mu",
        "fruit_mu",
        "grassland_mu",
        "water_mu",
    ),
)
HELP: Group = (
    _("Help and helpers"),
    (
        "helper_count",
        "helper_affiliation",
        "helped_since",
        "measures",
        "is_cooperative_member",
        "is_enterprise_led",
        "is_entrepreneur_led",
    ),
)
MONITORING: Group = (
    _("Monitoring"),
    (
        "monitoring_class",
        "monitoring_date",
        "monitoring_risks",
        "is_risk_removed",
        "risk_removed_date",
        "risk_removal_mode",
    ),
)
DEBT: Group = (
    _("Debt and expenditure"),
    (
        "debt_yuan",
        "consumption_yuan",
        "medical_out_of_pocket_yuan",
        "schooling_expenditure_yuan",
    ),
)
SHOWN: Sequence[Group] = (STATUS, HOUSING, LIVING, LAND, HELP, MONITORING, DEBT)
"""Groups on the page, contact aside: it shows direct identifiers."""

INCOME: Mapping[str, str | Promise] = {
    "wage": _("Wages"),
    "business": _("Own business"),
    "expense": _("Production expenses"),
    "expense_relief": _("Subsidies that cut expenses"),
    "property": _("Property"),
    "transfer": _("Transfers"),
    "receipt": _("Receipts that do not count as income"),
}
PERSON_SHOWN = (
    "sex",
    "birth_date",
    "ethnicity",
    "education",
    "student_status",
    "health",
    "labour_ability",
    "work_place",
    "work_months",
)


def editable() -> list[tuple[str | Promise, list[Column]]]:
    """All fields of a household that can be changed, in groups; none is forgotten."""
    groups = [*(CONTACT, *SHOWN), *((label, _of_income(name)) for name, label in INCOME.items())]
    named = {name for _label, names in groups for name in names}
    groups.append((_("Other"), [name for name in HOUSEHOLD if name not in named]))
    found = [
        (label, [HOUSEHOLD[name] for name in names if name in HOUSEHOLD]) for label, names in groups
    ]
    return [(label, columns) for label, columns in found if columns]


def editable_of_person() -> list[tuple[str | Promise, list[Column]]]:
    """All fields of a member that can be changed."""
    first = ("name", "document_type", "document_number", "relation", *PERSON_SHOWN)
    rest = [name for name in PERSON if name not in first]
    return [
        (_("Person"), [PERSON[name] for name in first if name in PERSON]),
        (_("Insurance, support and other"), [PERSON[name] for name in rest]),
    ]


def _of_income(group: str) -> list[str]:
    return [column.name for column in HOUSEHOLD.values() if column.income_group == group]
