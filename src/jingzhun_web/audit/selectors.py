"""Reads of the log. Which entries there are, the database's row security decides."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from jingzhun_web.audit.models import Entry
from jingzhun_web.kit.days import end_of, midnight

GROUPS: Mapping[str, Q] = {
    "out": Q(
        act__in=("export", "export_finished", "print_sheet", "download_rejects", "make_token")
    ),
    "seen": Q(act__in=("reveal_identifiers", "open_attachment", "read_objections")),
    "refused": Q(act__in=("reveal_refused", "search_refused")),
    "accounts": Q(kind__in=("user", "token")),
    "archives": Q(kind="household") & ~Q(act__startswith="reveal_"),
    "findings": Q(kind__in=("finding", "rule", "crosscheck_run")),
    "decisions": Q(kind__in=("case", "publicity", "entry", "objection")),
    "imports": Q(kind__in=("import", "agreement", "upload")),
    "jobs": Q(kind__in=("job", "evaluation_run")),
}
"""What was done, in the groups that readers ask for."""


@dataclass(frozen=True)
class Filters:
    """What the log is narrowed to; everything left out does not narrow."""

    group: str = ""
    actors: Collection[int] | None = None
    """Numbers of accounts; none of them: no entry."""
    about: str = ""
    """Number of the thing."""
    since: date | None = None
    until: date | None = None
    """The last day, included."""


def count_since(*, actor: int, act: str, since: datetime) -> int:
    """How often somebody did something since a moment."""
    return Entry.objects.filter(actor=actor, act=act, at__gt=since).count()


def entries(filters: Filters) -> QuerySet[Entry]:
    """Entries that match, newest first."""
    found = Entry.objects.order_by("-id")
    if filters.group:
        found = found.filter(GROUPS[filters.group])
    if filters.actors is not None:
        found = found.filter(actor__in=list(filters.actors))
    if filters.about:
        found = found.filter(object_id=filters.about)
    if filters.since is not None:
        found = found.filter(at__gte=midnight(filters.since))
    if filters.until is not None:
        found = found.filter(at__lt=end_of(filters.until))
    return found
