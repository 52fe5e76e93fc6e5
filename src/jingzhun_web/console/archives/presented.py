"""Archives as pages show them: labels in the page's language, identifiers masked, amounts with their unit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from jingzhun.standard import schema
from jingzhun_web.areas import selectors as areas
from jingzhun_web.console.wording import facts, is_chinese, value_text
from jingzhun_web.registry import identifiers
from jingzhun_web.registry import selectors as registry
from jingzhun_web.registry.models import Household, Person

LIVING = (
    "housing_grade",
    "housing_area_m2",
    "housing_structure",
    "is_dangerous_house",
    "has_safe_water",
    "has_sanitary_toilet",
    "has_production_power",
    "has_domestic_power",
    "main_fuel",
    "entry_road",
    "trunk_road_km",
)
STATUS = (
    "household_attribute",
    "main_cause",
    "other_causes",
    "exit_status",
    "exit_year",
    "identified_date",
    "is_registered",
)
LAND = (
    "cultivated_mu",
    "irrigated_mu",
    "forest_mu",
    "returned_forest_mu",
    "fruit_mu",
    "grassland_mu",
)
PERSON = ("sex", "birth_date", "ethnicity", "education", "health", "labour_ability", "work_months")


def listed(rows: Sequence[Household], *, with_names: bool) -> list[dict[str, Any]]:
    """Rows of the list: the head's name masked for those who may not see names at all."""
    places = areas.ancestors(row.area for row in rows)
    names = registry.opened(row.head_name for row in rows) if with_names else [None] * len(rows)
    known = schema.table("households").by_name
    return [
        {
            "household": row,
            "name": name or "—",
            "place": " ".join(area.name for area in places[row.area][2:]),
            "status": value_text(known["exit_status"], getattr(row, "exit_status")),  # noqa: B009
            "cause": value_text(known["main_cause"], getattr(row, "main_cause")),  # noqa: B009
        }
        for row, name in zip(rows, names, strict=True)
    ]


def archive(found: registry.Archive, *, with_names: bool, in_full: bool = False) -> dict[str, Any]:
    """Everything of a household for its page."""
    home = found.household
    return {
        "archive": found,
        "household": home,
        "path": areas.ancestors([home.area])[home.area],
        "members": _members(found.members, with_names=with_names, in_full=in_full),
        "sections": [
            {"title": _("Status"), "facts": facts("households", home, STATUS)},
            {"title": _("Living conditions"), "facts": facts("households", home, LIVING)},
            {"title": pgettext("mu", "Land"), "facts": facts("households", home, LAND)},
        ],
        "income": _income(home),
        "in_full": in_full,
        "with_names": with_names,
    }


def _members(members: Sequence[Person], *, with_names: bool, in_full: bool) -> list[dict[str, Any]]:
    names = registry.opened(getattr(m, "name") for m in members) if with_names else []  # noqa: B009
    numbers = registry.opened(getattr(m, "document_number") for m in members)  # noqa: B009
    known = schema.table("persons").by_name
    shown = []
    for place, member in enumerate(members):
        number = numbers[place]
        if number is not None and not in_full:
            number = identifiers.masked_number(number)
        shown.append(
            {
                "name": (names[place] or "—") if with_names else "***",
                "number": (number or "—") if with_names else "***",
                "relation": value_text(known["relation"], getattr(member, "relation")),  # noqa: B009
                "facts": [fact["value"] for fact in facts("persons", member, PERSON)],
            }
        )
    return shown


def _income(home: Household) -> list[dict[str, Any]]:
    """Income items that are known and not zero, largest first, in yuan a year."""
    items = [
        {
            "label": column.label.zh if is_chinese() else column.label.en,
            "amount": getattr(home, column.name),
            "is_expense": column.income_group == "expense",
        }
        for column in schema.table("households").columns
        if column.income_group and getattr(home, column.name)
    ]
    return sorted(items, key=lambda item: -item["amount"])
