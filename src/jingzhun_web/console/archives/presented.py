"""Archives as pages show them: labels in the page's language, identifiers masked, amounts with their unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from jingzhun.standard import schema
from jingzhun_web.areas import selectors as areas
from jingzhun_web.console.archives.fields import PERSON_SHOWN, SHOWN
from jingzhun_web.console.archives.income import over_years
from jingzhun_web.console.archives.timeline import status_text
from jingzhun_web.console.wording import facts, value_text
from jingzhun_web.registry import history, identifiers
from jingzhun_web.registry import selectors as registry
from jingzhun_web.registry.models import Household, Person
from jingzhun_web.registry.subjects import REDUCED

HIDDEN = "***"
UNKNOWN = "—"
CONTACT = ("phone", "bank_account")


def listed(rows: Sequence[Any], *, with_names: bool) -> list[dict[str, Any]]:
    """Rows of the list (`registry.as_listed`): the head's name left out for those who may not see names at all."""
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
    """Everything that the register holds of a household, for its page and its sheet."""
    home = found.household
    return {
        "household": home,
        "years": found.years,
        "path": areas.ancestors([home.area])[home.area],
        "members": members(found.members, with_names=with_names, in_full=in_full),
        "contact": _contact(home, with_names=with_names, in_full=in_full),
        "groups": [
            {"title": title, **_split(facts("households", home, names))} for title, names in SHOWN
        ],
        "income": over_years(registry.incomes(home.household_id)),
        "statuses": [
            {"year": year, "status": status_text(status)}
            for year, status in history.statuses(home.household_id)
        ],
        "in_full": in_full,
        "with_names": with_names,
    }


def members(
    rows: Sequence[Person], *, with_names: bool, in_full: bool = False
) -> list[dict[str, Any]]:
    """Members in order of their relation to the head; those who were taken off come last."""
    names = member_names(rows, with_names=with_names)
    numbers = registry.opened(getattr(row, "document_number") for row in rows)  # noqa: B009
    known = schema.table("persons").by_name["relation"]
    found = [
        {
            "person": row,
            "gone": _gone(row),
            "name": names[row.person_id],
            "number": _shown("document_number", number, with_names=with_names, in_full=in_full),
            "relation": value_text(known, getattr(row, "relation")),  # noqa: B009
            "all": (told := facts("persons", row, PERSON_SHOWN)),
            **_split(told),
        }
        for row, number in zip(rows, numbers, strict=True)
    ]
    return sorted(found, key=lambda member: bool(member["gone"]))


def _gone(row: Person) -> str:
    """Why and when somebody was taken off the household; empty for those who count."""
    if getattr(row, "record_state") != REDUCED:  # noqa: B009
        return ""
    reason, on = facts("persons", row, ("change_reason", "change_date"))
    return _("taken off: %(reason)s, %(date)s") % {"reason": reason["value"], "date": on["value"]}


def _split(told: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """What is known, and the labels of what is not: a long column of dashes says little on a phone."""
    return {
        "facts": [fact for fact in told if fact["value"] != UNKNOWN],
        "unknown": [fact["label"] for fact in told if fact["value"] == UNKNOWN],
    }


def member_names(rows: Sequence[Person], *, with_names: bool) -> Mapping[str, str]:
    """Person -> name, for those who may see names; else which member it is."""
    if with_names:
        opened = registry.opened(getattr(row, "name") for row in rows)  # noqa: B009
        return {row.person_id: name or "—" for row, name in zip(rows, opened, strict=True)}
    return {row.person_id: _("member %(n)d") % {"n": n + 1} for n, row in enumerate(rows)}


def _shown(name: str, value: str | None, *, with_names: bool, in_full: bool) -> str:
    if value is None:
        return UNKNOWN
    if not with_names:
        return HIDDEN
    return value if in_full else identifiers.masked(name, value)


def _contact(home: Household, *, with_names: bool, in_full: bool) -> list[dict[str, str]]:
    """Telephone and account, like document numbers."""
    known = schema.table("households").by_name
    opened = registry.opened(getattr(home, name) for name in CONTACT)
    labels = facts("households", home, CONTACT)
    return [
        {
            "label": label["label"],
            "value": _shown(name, value, with_names=with_names, in_full=in_full),
            "name": known[name].name,
        }
        for name, label, value in zip(CONTACT, labels, opened, strict=True)
    ]
