"""Findings: the queue, one with its history, and its acts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, Query, Router, Schema
from pydantic import StringConstraints

from jingzhun.crosscheck.verdicts import VERDICTS
from jingzhun.policy.crosschecks import VERDICT_PATHS
from jingzhun_web.access.roles import Right
from jingzhun_web.api.doors import actor_of, acts
from jingzhun_web.api.listing import as_json, listed, row_of
from jingzhun_web.api.schemas.common import (
    AreaCode,
    AreaOrPrefix,
    Cursor,
    Id,
    Listed,
    Note,
    Reasoned,
    Words,
    Year,
)
from jingzhun_web.crosscheck import handling, selectors, services
from jingzhun_web.crosscheck.models import Finding
from jingzhun_web.crosscheck.moving import checks_of
from jingzhun_web.crosscheck.permitted import possible
from jingzhun_web.crosscheck.states import State

FindingState = Annotated[str, Field(json_schema_extra={"enum": State.values})]
router = Router(tags=["findings"])
_WORK = acts(Right.WORK_FINDINGS)


class FindingOut(Schema):
    """A suspicion of a cross-check, and where the work on it stands. It decides nothing by itself."""

    id: int
    period: int
    area: AreaCode
    rule: str
    kind: str
    severity: str = Field(description="high, medium or low")
    household_id: str = Field(description="Empty: not on file")
    person_id: str = Field(description="Empty: about the household")
    message_en: str
    message_zh: str
    deadline: date = Field(description="The rule's")
    engine_state: str = Field(description="open, updated or withdrawn: no longer so")
    state: FindingState
    due: date = Field(description="Until when the next step is to be done")
    assigned_area: AreaCode | None
    verdict: str
    handling: str


class EventOut(Schema):
    """Something that happened to a finding."""

    at: datetime
    by: int = Field(description="Number of the account; 0: a cross-check")
    act: str
    from_state: str
    to_state: str
    note: str


class FindingWhole(FindingOut):
    """A finding with its history, latest first, and what you may do to it now."""

    compared: str = Field(description="JSON: fact and value, never a direct identifier")
    events: list[EventOut]
    possible: list[str] = Field(description="Acts that are open to you now")


class Wanted(Schema):
    """What the queue is narrowed to; what is left out does not narrow."""

    period: Year | None = Field(None, description="Year; the latest when left out")
    area: AreaOrPrefix | None = None
    rule: Annotated[str, StringConstraints(pattern="^[A-Za-z0-9]{0,10}$")] = ""
    severity: Literal["", "high", "medium", "low"] = ""
    state: Literal["", *State.values] = ""  # type: ignore[valid-type]
    household_id: Annotated[str, StringConstraints(max_length=60, pattern=r"^[^\u0000]*$")] = ""
    is_overdue: bool = Field(False, description="Only those whose deadline has passed")
    is_open: bool = Field(False, description="Only those that are not closed")
    is_withdrawn: bool = Field(False, description="Those that the engine took back")
    after: Cursor | None = Field(None, description="Cursor of the previous answer's `next`")
    size: int = Field(50, ge=1, le=200, description="Rows in the answer")


@router.get("/findings", response=Listed[FindingOut], auth=acts(Right.SEE_ARCHIVES))
def findings(request: HttpRequest, wanted: Query[Wanted]) -> HttpResponse:
    """The queue of your areas, most urgent first."""
    given = wanted.dict(exclude={"after", "size", "period", "area"})
    period = wanted.period or next(iter(selectors.periods()), 0)
    filters = selectors.Filters(
        period=period, area=wanted.area or "", on=timezone.localdate(), **given
    )
    return listed(
        request,
        selectors.findings(filters),
        by=selectors.QUEUE_ORDER,
        after=wanted.after,
        size=wanted.size,
        told=_rows,
    )


@router.get("/findings/{finding_id}", response=FindingWhole, auth=acts(Right.SEE_ARCHIVES))
def finding(request: HttpRequest, finding_id: Id) -> HttpResponse:
    """One finding with its history."""
    found = Finding.objects.get(pk=finding_id)
    return as_json(
        {
            **row_of(found, FindingOut),
            "compared": found.compared,
            "events": [row_of(event, EventOut) for event in selectors.events(found)],
            "possible": possible(actor_of(request), found, checks_of(found)),
        }
    )


class Dispatch(Schema):
    """Where to, and until when."""

    area: AreaCode
    due: date | None = Field(None, description="Null: as the rule says")
    note: Words = ""


class HomeCheckIn(Schema):
    """What was seen in the home; a second person signs it."""

    on: date
    note: Reasoned
    statement: Reasoned = Field(description="What the household says")


class VerdictIn(Schema):
    """What is so."""

    verdict: Literal[tuple(VERDICTS)]  # type: ignore[valid-type]
    explanation: Words = Field("", description="Of a lawful exception: one of its rule's")
    note: Words = ""


class HandlingIn(Schema):
    """What was done."""

    handling: Literal[tuple(VERDICT_PATHS)]  # type: ignore[valid-type]
    note: Reasoned


class RecheckIn(Schema):
    """Whether it is as was judged."""

    holds: bool
    note: Reasoned


class NoteIn(Schema):
    """A note that is needed."""

    note: Reasoned


class StatementIn(Schema):
    """What the household says."""

    statement: Reasoned


@router.post("/findings/{finding_id}/dispatch", response=FindingOut, auth=_WORK)
def dispatch_finding(request: HttpRequest, finding_id: Id, given: Dispatch) -> HttpResponse:
    """Send a finding down the tree."""
    options = {**given.dict(), "area": int(given.area)}
    return _done(services.dispatch_finding(by=actor_of(request), pk=finding_id, **options))


@router.post("/findings/{finding_id}/take-on", response=FindingOut, auth=_WORK)
def take_on_finding(request: HttpRequest, finding_id: Id) -> HttpResponse:
    """Tell the others that you see to it."""
    return _done(services.take_on(by=actor_of(request), pk=finding_id))


@router.post("/findings/{finding_id}/check", response=FindingOut, auth=_WORK)
def check_finding(request: HttpRequest, finding_id: Id, given: HomeCheckIn) -> HttpResponse:
    """Record the home check as the first of two persons."""
    check = services.record_home_check(by=actor_of(request), pk=finding_id, **given.dict())
    return _done(check.finding)


@router.post("/findings/{finding_id}/sign", response=FindingOut, auth=_WORK)
def sign_finding(request: HttpRequest, finding_id: Id) -> HttpResponse:
    """Sign the home check as the second person."""
    return _done(services.sign_home_check(by=actor_of(request), pk=finding_id))


@router.post("/findings/{finding_id}/propose", response=FindingOut, auth=_WORK)
def propose_verdict(request: HttpRequest, finding_id: Id, given: VerdictIn) -> HttpResponse:
    """Propose a verdict; somebody else at the county confirms it."""
    return _done(services.propose_verdict(by=actor_of(request), pk=finding_id, **given.dict()))


@router.post("/findings/{finding_id}/confirm", response=FindingOut, auth=_WORK)
def confirm_verdict(request: HttpRequest, finding_id: Id, given: Note) -> HttpResponse:
    """Confirm somebody else's verdict."""
    return _done(services.confirm_verdict(by=actor_of(request), pk=finding_id, **given.dict()))


@router.post("/findings/{finding_id}/refuse", response=FindingOut, auth=_WORK)
def refuse_verdict(request: HttpRequest, finding_id: Id, given: NoteIn) -> HttpResponse:
    """Refuse a verdict: the township judges again."""
    return _done(services.refuse_verdict(by=actor_of(request), pk=finding_id, **given.dict()))


@router.post("/findings/{finding_id}/handle", response=FindingOut, auth=_WORK)
def handle_finding(request: HttpRequest, finding_id: Id, given: HandlingIn) -> HttpResponse:
    """Record what was done; what changes the register is proposed, or the county's decision."""
    return _done(handling.handle_finding(by=actor_of(request), pk=finding_id, **given.dict()))


@router.post("/findings/{finding_id}/recheck", response=FindingOut, auth=_WORK)
def recheck_finding(request: HttpRequest, finding_id: Id, given: RecheckIn) -> HttpResponse:
    """Look again, without having had a part in it."""
    return _done(services.recheck_finding(by=actor_of(request), pk=finding_id, **given.dict()))


@router.post("/findings/{finding_id}/close", response=FindingOut, auth=_WORK)
def close_finding(request: HttpRequest, finding_id: Id, given: Note) -> HttpResponse:
    """Nothing is left to be done."""
    return _done(services.close_finding(by=actor_of(request), pk=finding_id, **given.dict()))


@router.post("/findings/{finding_id}/object", response=FindingOut, auth=_WORK)
def object_to_finding(request: HttpRequest, finding_id: Id, given: StatementIn) -> HttpResponse:
    """The household objects: everything is looked at anew."""
    return _done(services.take_objection(by=actor_of(request), pk=finding_id, **given.dict()))


def _rows(found: Sequence[Finding]) -> list[dict[str, Any]]:
    return [row_of(one, FindingOut) for one in found]


def _done(found: Finding) -> HttpResponse:
    found.refresh_from_db()
    return as_json(row_of(found, FindingOut))
