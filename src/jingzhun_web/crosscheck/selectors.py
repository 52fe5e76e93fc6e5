"""Reads of findings. Which rows there are, the database's row security decides; none is filtered here for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from jingzhun.crosscheck.findings import WITHDRAWN
from jingzhun.crosscheck.quality import wilson
from jingzhun.crosscheck.verdicts import VERDICTS
from jingzhun_web.crosscheck.models import Event, Finding, Run
from jingzhun_web.crosscheck.states import DECIDED, WAITING, State
from jingzhun_web.kit.scope import span

QUEUE_ORDER = ("rank", "due", "id")
"""The engine's rank first: severity, within it what is certain."""


@dataclass(frozen=True)
class Filters:
    """What the queue is narrowed to; everything left out does not narrow. Withdrawn ones are asked for by name."""

    period: int
    area: str = ""
    rule: str = ""
    severity: str = ""
    state: str = ""
    kind: str = ""
    household_id: str = ""
    is_overdue: bool = False
    is_withdrawn: bool = False
    is_open: bool = False
    assigned_area: str = ""
    taken_by: int = 0
    on: date | None = None
    """The day for what is overdue."""


def findings(filters: Filters) -> QuerySet[Finding]:
    """Findings of a period that match."""
    equal = {
        name: getattr(filters, name)
        for name in ("rule", "severity", "state", "kind", "household_id")
        if getattr(filters, name)
    }
    found = Finding.objects.filter(period=filters.period, **equal)
    if filters.area:
        found = found.filter(area__range=span(filters.area))
    if filters.assigned_area:
        found = found.filter(assigned_area__range=span(filters.assigned_area))
    if filters.taken_by:
        found = found.filter(assigned_to=filters.taken_by)
    if filters.is_open:
        found = found.exclude(state=State.CLOSED)
    withdrawn = Q(engine_state=WITHDRAWN)
    found = found.filter(withdrawn if filters.is_withdrawn else ~withdrawn)
    if filters.is_overdue and filters.on is not None:
        found = found.filter(overdue(filters.on))
    return found


def overdue(on: date) -> Q:
    """Findings whose deadline passed while they still wait for somebody."""
    return Q(state__in=WAITING, due__lt=on) & ~Q(engine_state=WITHDRAWN)


def periods() -> list[int]:
    """Years for which there are findings, latest first."""
    rows = Finding.objects.order_by("-period").values_list("period", flat=True).distinct()
    return list(rows)


def rules(period: int) -> list[str]:
    """Rules that have findings."""
    rows = Finding.objects.filter(period=period).order_by("rule")
    return list(rows.values_list("rule", flat=True).distinct())


def counts(filters: Filters) -> dict[str, int]:
    """How many findings match: in all, by state, by severity (`severity_high`), and overdue. One query."""
    states = {state.value: Count("id", filter=Q(state=state)) for state in State}
    severities = {
        f"severity_{name}": Count("id", filter=Q(severity=name))
        for name in ("high", "medium", "low")
    }
    late = {} if filters.on is None else {"overdue": Count("id", filter=overdue(filters.on))}
    found = findings(filters).aggregate(all=Count("id"), **states, **severities, **late)
    return {name: int(count) for name, count in found.items()}


def of_household(household_id: str, period: int | None = None) -> QuerySet[Finding]:
    """All findings about a household, withdrawn and closed ones too, the most urgent first."""
    found = Finding.objects.filter(household_id=household_id).order_by("-period", *QUEUE_ORDER)
    return found if period is None else found.filter(period=period)


def events(finding: Finding) -> list[Event]:
    """What happened to a finding, latest first."""
    return list(Event.objects.filter(finding=finding).order_by("-id"))


def figures(filters: Filters) -> list[dict[str, Any]]:
    """One row per rule, most findings first: of these withdrawn and standing, verdicts, share true.

    A verdict counts once it is confirmed. `interval` is Wilson's of the share, by the engine; both None where
    nothing is decided.
    """
    decided = {name: Count("id", filter=Q(verdict=name, state__in=DECIDED)) for name in VERDICTS}
    is_gone = Q(engine_state=WITHDRAWN)
    late = Q(pk=None) if filters.on is None else overdue(filters.on)
    everything = Finding.objects.filter(period=filters.period)
    if filters.area:
        everything = everything.filter(area__range=span(filters.area))
    rows = everything.values("rule").annotate(
        found=Count("id"),
        withdrawn=Count("id", filter=is_gone),
        open=Count("id", filter=~is_gone & ~Q(state=State.CLOSED)),
        overdue=Count("id", filter=late),
        **decided,
    )
    shown = [_with_share(row) for row in rows]
    return sorted(shown, key=lambda row: (-row["found"], row["rule"]))


def _with_share(row: Mapping[str, Any]) -> dict[str, Any]:
    decided = sum(row[name] for name in VERDICTS)
    share = row["true"] / decided if decided else None
    standing = row["found"] - row["withdrawn"]
    interval = wilson(row["true"], decided)
    return {**row, "standing": standing, "decided": decided, "share": share, "interval": interval}


def latest_run(period: int) -> Run | None:
    """The last cross-check of one's areas."""
    return Run.objects.filter(period=period).order_by("-id").first()
