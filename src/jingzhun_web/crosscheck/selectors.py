"""Reads of findings. Which rows there are, the database's row security decides; none is filtered here for it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from jingzhun.crosscheck.findings import WITHDRAWN
from jingzhun.crosscheck.quality import wilson
from jingzhun.crosscheck.verdicts import VERDICTS
from jingzhun_web.access.actors import Actor
from jingzhun_web.crosscheck import figures as sums
from jingzhun_web.crosscheck.models import Event, Finding, Run
from jingzhun_web.crosscheck.states import WAITING, State
from jingzhun_web.crosscheck.waiting import waits_for
from jingzhun_web.kit.scope import span

QUEUE_ORDER = ("rank", "due", "id")
"""The engine's rank first: severity, within it what is certain."""

LISTED = (
    *("period", "area", "rule", "kind", "severity", "rank", "due", "household_id"),
    *("state", "engine_state"),
)
"""What lists show of a finding: its messages and evidence take longer to read than all of this."""


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
    waits_for: Actor | None = None
    """Only those whose next step is somebody's."""
    on: date | None = None
    """The day for what is overdue."""

    @property
    def needs_findings(self) -> bool:
        """Whether sums don't suffice to count what matches."""
        return bool(self.household_id or self.assigned_area or self.taken_by or self.waits_for)

    def includes(self, state: State) -> bool:
        """Whether findings in a state match."""
        return self.state in ("", state) and not (self.is_open and state == State.CLOSED)


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
    if filters.waits_for is not None:
        found = found.filter(waits_for(filters.waits_for))
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
    return sums.periods()


def counts(filters: Filters) -> dict[str, int]:
    """How many findings match: `all`, by state, by severity (`severity_high`), and `overdue` when `on` is given.

    Cost: short rows of sums; for one household, assignee or account the findings themselves.
    """
    if filters.needs_findings:
        return _counted(filters)
    narrowed = sums.Narrowed(
        filters.period, filters.area, filters.rule, filters.kind, filters.severity
    )
    late = _late(filters, narrowed)
    cells = late if filters.is_overdue and filters.on is not None else _cells(filters, narrowed)
    found = {state.value: 0 for state in State} | {"all": 0}
    found |= {f"severity_{name}": 0 for name in ("high", "medium", "low")}
    for (severity, state), n in cells.items():
        for name in ("all", state, f"severity_{severity}"):
            found[name] += n
    if filters.on is not None:
        found["overdue"] = sum(late.values())
    return found


def _cells(filters: Filters, narrowed: sums.Narrowed) -> dict[tuple[str, str], int]:
    """Severity and state -> findings that match, whatever their deadline."""
    found = {}
    for severity, own in sums.sums_by("severity", narrowed).items():
        numbers = own.withdrawn if filters.is_withdrawn else own.standing
        for state in State:
            if filters.includes(state):
                found[severity, state.value] = numbers[f"state_{state.value}"]
    return found


def _late(filters: Filters, narrowed: sums.Narrowed) -> dict[tuple[str, str], int]:
    """Severity and state -> findings that match and are overdue."""
    if filters.on is None or filters.is_withdrawn:
        return {}
    late = sums.overdue_by(("severity", "state"), narrowed, filters.on)
    return {
        (severity, state): n
        for (severity, state), n in late.items()
        if filters.includes(State(state))
    }


def total(filters: Filters) -> int:
    """How many findings match."""
    if filters.needs_findings:
        return findings(filters).count()
    # The day is needed for overdue ones only; without it one sum is read less.
    return counts(filters if filters.is_overdue else replace(filters, on=None))["all"]


def _counted(filters: Filters) -> dict[str, int]:
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
    """One row per rule, most findings first: found, of these withdrawn and standing, verdicts, share true.

    Narrowed to period and area only. A verdict counts once it is confirmed. `interval` is Wilson's of the
    share, by the engine; both None where nothing is decided.
    """
    narrowed = sums.Narrowed(filters.period, filters.area)
    late = {} if filters.on is None else sums.overdue_by(("rule",), narrowed, filters.on)
    rows = [
        _of_rule(rule, own, late.get((rule,), 0))
        for rule, own in sums.sums_by("rule", narrowed).items()
    ]
    return sorted(rows, key=lambda row: (-row["found"], row["rule"]))


def _of_rule(rule: str, own: sums.Sums, late: int) -> dict[str, Any]:
    verdicts = {
        name: own.standing[f"verdict_{name}"] + own.withdrawn[f"verdict_{name}"]
        for name in VERDICTS
    }
    decided = sum(verdicts.values())
    standing = sum(own.standing[name] for name in sums.STATES)
    withdrawn = sum(own.withdrawn[name] for name in sums.STATES)
    return {
        "rule": rule,
        "found": standing + withdrawn,
        "standing": standing,
        "withdrawn": withdrawn,
        "open": standing - own.standing["state_closed"],
        "overdue": late,
        **verdicts,
        "decided": decided,
        "share": verdicts["true"] / decided if decided else None,
        "interval": wilson(verdicts["true"], decided),
    }


def suggestions(run: Run | None) -> dict[str, list[str]]:
    """Rule -> what a cross-check suggests of it; nothing without one."""
    return {row["rule"]: row["suggestions"] for row in (run.quality if run else [])}


def latest_run(period: int) -> Run | None:
    """The last cross-check of one's areas."""
    return Run.objects.filter(period=period).order_by("-id").first()
