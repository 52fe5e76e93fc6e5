"""What concerns many findings at once: cross-checks, sending them down the tree, and how good the rules are."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, Query, Router, Schema
from pydantic import StringConstraints

from jingzhun.crosscheck.verdicts import VERDICTS
from jingzhun_web.access.roles import Right
from jingzhun_web.api.doors import actor_of, acts
from jingzhun_web.api.listing import as_json
from jingzhun_web.api.once import once
from jingzhun_web.api.operations.jobs import JobOut, job_told
from jingzhun_web.api.schemas.common import AreaCode, AreaOrPrefix, Year
from jingzhun_web.areas.models import Level
from jingzhun_web.crosscheck import bulk, selectors, starting

router = Router(tags=["findings"])


class DispatchAll(Schema):
    """All findings of a rule in an area, and how far down."""

    area: AreaCode
    rule: Annotated[str, StringConstraints(pattern="^[A-Za-z0-9]{1,10}$")]
    period: Year
    level: Literal["township", "village"] = Field(description="Each to its own one")
    due: date | None = Field(None, description="Null: as the rule says")


class Sent(Schema):
    """How many findings were sent."""

    findings: int


@router.post("/dispatches", response=Sent, auth=acts(Right.WORK_FINDINGS))
@once
def dispatch_all_findings(request: HttpRequest, given: DispatchAll) -> HttpResponse:
    """Send all findings of a rule in an area to their townships or villages; those there already stay."""
    sent = bulk.dispatch_all(
        by=actor_of(request),
        area=int(given.area),
        rule=given.rule,
        period=given.period,
        level=Level[given.level.upper()],
        due=given.due,
    )
    return as_json({"findings": sent})


class RuleOut(Schema):
    """How good a rule is, by the confirmed verdicts on its findings."""

    rule: str
    found: int
    withdrawn: int = Field(description="Of these no longer so by the data")
    standing: int
    open: int = Field(description="Of those standing: not closed")
    overdue: int
    verdicts: dict[str, int] = Field(description="Verdict: findings")
    decided: int
    share: float | None = Field(
        description="Of the decided, how many are true; null: none is decided"
    )
    interval: tuple[float, float] | None = Field(description="Wilson's 95 % of the share")
    suggestions: list[str] = Field(description="What the latest cross-check suggests")


class RulesWanted(Schema):
    """Where and when."""

    period: Year | None = Field(None, description="Year; the latest when left out")
    area: AreaOrPrefix | None = None


@router.get("/rules", response=list[RuleOut], auth=acts(Right.SEE_FIGURES))
def rules(request: HttpRequest, wanted: Query[RulesWanted]) -> HttpResponse:  # noqa: ARG001
    """The rules of your areas' findings by their verdicts, most findings first."""
    period = wanted.period or next(iter(selectors.periods()), 0)
    filters = selectors.Filters(period=period, area=wanted.area or "", on=timezone.localdate())
    told = selectors.suggestions(selectors.latest_run(period))
    return as_json(
        [
            {
                **{name: row[name] for name in RuleOut.model_fields if name in row},
                "verdicts": {name: row[name] for name in VERDICTS},
                "suggestions": told.get(row["rule"], []),
            }
            for row in selectors.figures(filters)
        ]
    )


class RunIn(Schema):
    """What is computed: an area, a year, the date of the parameters."""

    area: AreaCode
    period: Year
    on: date


@router.post("/crosschecks", response={201: JobOut}, auth=acts(Right.RUN_JOBS))
@once
def start_crosscheck(request: HttpRequest, given: RunIn) -> HttpResponse:
    """Start a cross-check of a county; watch the job."""
    job = starting.start_crosscheck(
        by=actor_of(request), area=int(given.area), period=given.period, on=given.on
    )
    return as_json(job_told(job), status=201)
