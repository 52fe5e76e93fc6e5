"""Everything that happened to one archive: what, when, who, why; latest first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from jingzhun.standard import schema
from jingzhun_web.audit.models import Entry
from jingzhun_web.console.archives import described, people
from jingzhun_web.console.wording import value_text
from jingzhun_web.registry import attachments, history
from jingzhun_web.registry.models import Change, ChangeStep, StatusEntry

MOST_READS = 50
"""Readings of identifiers shown; the log has all."""
READS = ("reveal_identifiers", "open_attachment", "print_sheet")


@dataclass(frozen=True)
class Happening:
    """One line of the timeline; `by` 0: the system, None: told by another line."""

    at: datetime
    what: str
    by: int | None = None
    why: str = ""
    details: list[dict[str, str]] = field(default_factory=list)
    change: int | None = None
    origins: list[dict[str, str]] = field(default_factory=list)
    """Whose values came by an import: the pages that tell from which file and row."""


def timeline(
    household_id: str, period: int, names: Mapping[str, str], *, with_names: bool
) -> list[dict[str, Any]]:
    """The happenings of a household's archive of a period with the names of who did them."""
    found = [
        *_moments(household_id, period, names, with_names=with_names),
        *_changes(household_id, period),
        *_statuses(household_id, period),
        *_attached(household_id),
        *_reads(household_id),
    ]
    found.sort(key=lambda happening: happening.at, reverse=True)
    who = people.names(happening.by for happening in found if happening.by is not None)
    return [{"happening": one, "who": "" if one.by is None else who[one.by]} for one in found]


def _moments(
    household_id: str, period: int, names: Mapping[str, str], *, with_names: bool
) -> Iterable[Happening]:
    *later, first = history.moments(household_id, period)
    for moment in later:
        details = described.moment(moment, names, with_names=with_names)
        what = _("The register changed (%(source)s)") % {"source": source_text(moment.source)}
        origins = _origins(household_id, moment, names)
        yield Happening(moment.at, what, details=details, origins=origins)
    what = _("Came on file (%(source)s)") % {"source": source_text(first.source)}
    yield Happening(first.at, what, origins=_origins(household_id, first, names))


def _origins(
    household_id: str, moment: history.Moment, names: Mapping[str, str]
) -> list[dict[str, str]]:
    """The household and the members whose values an import set; nobody for other acts."""
    if not moment.source.startswith("import "):
        return []
    touched = dict.fromkeys(part.person_id for part in moment.differences) or {"": None}
    return [
        {"table": "persons", "key": person, "name": names.get(person, person)}
        if person
        else {"table": "households", "key": household_id, "name": household_id}
        for person in touched
    ]


def source_text(source: str) -> str:
    """Where a row comes from, in words: acts write a kind and a number."""
    kind, _blank, number = source.partition(" ")
    words = {
        "change": _("change %(n)s"),
        "case": _("decision %(n)s"),
        "import": _("import %(n)s"),
        "register": _("register %(n)s"),
    }
    return words[kind] % {"n": number} if kind in words else source or "—"


def _changes(household_id: str, period: int) -> Iterable[Happening]:
    rows = Change.objects.filter(household_id=household_id, period=period)
    for row in rows:
        what = _("Change %(n)d proposed") % {"n": row.pk}
        yield Happening(row.proposed_at, what, row.proposed_by, row.reason, change=row.pk)
    for step in ChangeStep.objects.filter(change__in=rows):
        what = f"{_('Change %(n)d') % {'n': step.change_id}}: {described.act_text(step.act)}"
        yield Happening(step.at, what, step.by, step.note, change=step.change_id)


def _statuses(household_id: str, period: int) -> Iterable[Happening]:
    for row in StatusEntry.objects.filter(household_id=household_id, period=period):
        what = _("Status decided: %(old)s → %(new)s") % {
            "old": status_text(row.old_status),
            "new": status_text(row.new_status),
        }
        yield Happening(row.at, what, row.by, f"{row.reason} ({source_text(row.source)})")


def status_text(status: str | None) -> str:
    """An exit status in words."""
    return value_text(schema.table("households").by_name["exit_status"], status or None)


def _attached(household_id: str) -> Iterable[Happening]:
    for row in attachments.of_object("household", household_id):
        yield Happening(row.at, _("Attached: %(name)s") % {"name": row.name}, row.by)


def _reads(household_id: str) -> Iterable[Happening]:
    words = {
        "reveal_identifiers": _("Identifiers shown in full"),
        "open_attachment": _("Photo or document opened"),
        "print_sheet": _("Household sheet opened"),
    }
    rows = Entry.objects.filter(kind="household", object_id=household_id, act__in=READS)
    for row in rows.order_by("-id")[:MOST_READS]:
        yield Happening(row.at, words[row.act], row.actor, row.detail.get("reason", ""))
