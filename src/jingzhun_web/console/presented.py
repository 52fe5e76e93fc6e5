"""Rows as pages show them: labels in the page's language, identifiers masked, amounts with their unit."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from jingzhun.standard import schema
from jingzhun.standard.schema import Column
from jingzhun_web.areas import selectors as areas
from jingzhun_web.areas.models import Area, Level
from jingzhun_web.audit.models import Entry
from jingzhun_web.registry import identifiers
from jingzhun_web.registry import selectors as registry
from jingzhun_web.registry.models import Household, Person

NEXT_LEVEL = {2: 4, 4: 6, 6: 9, 9: 12}
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
EXPORTED = (
    "household_id",
    "village_code",
    "exit_status",
    "main_cause",
    "persons_year_end",
    "exit_year",
)
CHUNK = 2000


def is_chinese() -> bool:
    """Whether the page is in Chinese."""
    return (get_language() or "").startswith("zh")


@cache
def _codes(name: str) -> dict[str, tuple[str, str]]:
    return {code.code: (code.en, code.zh) for code in schema.code_list(name).values}


def value_text(column: Column, value: Any) -> str:
    """A value in words; a dash where it is not known."""
    if value is None:
        return "—"
    if column.type == "bool":
        return _("yes") if value else _("no")
    if column.codes:
        known = _codes(column.codes)
        parts = value if isinstance(value, list) else [value]
        named = [known.get(part, (part, part))[is_chinese()] for part in parts]
        return ("、" if is_chinese() else ", ").join(named) or "—"
    return str(value)


def facts(table: str, row: Any, names: Sequence[str]) -> list[dict[str, str]]:
    """Label and value of some columns of a row, with the unit where there is one."""
    known = schema.table(table).by_name
    shown = []
    for name in names:
        if name not in known:
            continue
        column = known[name]
        label = column.label.zh if is_chinese() else column.label.en
        text = value_text(column, getattr(row, name))
        shown.append({"label": label, "value": text, "unit": _unit(column, text)})
    return shown


def _unit(column: Column, text: str) -> str:
    if text == "—" or column.type in ("date", "code", "codes", "bool") or column.unit is None:
        return ""
    return (
        {"mu": "亩", "m2": "平方米", "km": "公里", "yuan": "元", "year": ""}.get(
            column.unit, column.unit
        )
        if is_chinese()
        else ("" if column.unit == "year" else column.unit)
    )


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


def figures(area: Area, filters: registry.Filters) -> dict[str, Any]:
    """Households by the areas below one, and their totals: the same counts as the list behind each."""
    digits = NEXT_LEVEL.get(area.level, Level.VILLAGE.value)
    counts = registry.counts_below(filters, digits)
    names = Area.objects.in_bulk(counts)
    rows = [
        {"area": names[code], **row, "share": _share(row["exited"], row["registered"])}
        for code, row in sorted(counts.items())
        if code in names
    ]
    names_of_counts = ("on_file", "registered", "exited")
    total = {key: sum(row[key] for row in counts.values()) for key in names_of_counts}
    return {
        "area": area,
        "period": filters.period,
        "rows": rows,
        "total": {**total, "share": _share(total["exited"], total["registered"])},
        "is_lowest": area.level == Level.VILLAGE,
    }


def _share(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 1) if whole else None


def query_without(request: HttpRequest, *names: str) -> str:
    """The query of the address without some of its parts, for links."""
    query = request.GET.copy()
    for name in names:
        query.pop(name, None)
    return query.urlencode()


def as_csv(rows: QuerySet[Household]) -> Iterator[bytes]:
    """The list as CSV with a last line that counts the rows and carries their checksum."""
    digest, count = hashlib.sha256(), 0
    yield "\ufeff".encode()
    yield _line(EXPORTED)
    for row in rows.order_by(*registry.LIST_ORDER).iterator(chunk_size=CHUNK):
        line = _line([_safe(getattr(row, name)) for name in EXPORTED])
        digest.update(line)
        count += 1
        yield line
    yield _line([f"# rows: {count}", f"sha256: {digest.hexdigest()}"])


def _line(cells: Sequence[Any]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(cells)
    return buffer.getvalue().encode()


def _safe(value: Any) -> Any:
    # A spreadsheet would run a text that begins like a formula.
    is_formula = isinstance(value, str) and value[:1] in ("=", "+", "-", "@")
    return f"'{value}" if is_formula else value


def log(before: str | None) -> dict[str, Any]:
    """Entries of the audit log, newest first."""
    found = Entry.objects.order_by("-id")
    if before and before.isdigit():
        found = found.filter(id__lt=int(before))
    rows = list(found[:100])
    return {"entries": rows, "before": rows[-1].pk if len(rows) == 100 else None}
