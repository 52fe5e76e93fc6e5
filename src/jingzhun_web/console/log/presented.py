"""Entries of the log as the page shows them: who, what and where in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from jingzhun_web.access.models import User
from jingzhun_web.areas import selectors as areas
from jingzhun_web.audit.models import Entry
from jingzhun_web.console.log import words

PAGES = {"finding": "finding", "case": "case"}


def listed(entries: Sequence[Entry]) -> list[dict[str, Any]]:
    """Rows of the page."""
    people = dict(
        User.objects.filter(pk__in={entry.actor for entry in entries}).values_list("pk", "username")
    )
    paths = areas.ancestors({entry.area for entry in entries if entry.area})
    return [
        {
            "entry": entry,
            "who": _who(entry, people),
            "act": words.act(entry.act),
            "thing": words.thing(entry.kind, entry.object_id),
            "address": _address(entry),
            "place": paths[entry.area][-1].name if paths.get(entry.area) else "",
            "details": words.details(entry.detail),
            "reason": entry.detail.get("reason", ""),
        }
        for entry in entries
    ]


def _who(entry: Entry, people: dict[int, str]) -> str:
    if entry.actor == 0:
        return _("system") if entry.act != "hand_in_objection" else _("the public")
    return people.get(entry.actor) or _("account %d") % entry.actor


def _address(entry: Entry) -> str:
    """The page of what an entry concerns; empty where there is none that every auditor may open."""
    if entry.kind == "household" and "period" in entry.detail:
        return reverse("archive", args=[entry.object_id, entry.detail["period"]])
    page = PAGES.get(entry.kind)
    return reverse(page, args=[int(entry.object_id)]) if page and entry.object_id.isdigit() else ""
