"""Cases that persons decide: exits and identifications, step by step; and evaluations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, Query, Router, Schema
from pydantic import StringConstraints

from jingzhun_web.access.roles import Right
from jingzhun_web.api.doors import actor_of, acts
from jingzhun_web.api.listing import as_json, listed, row_of
from jingzhun_web.api.once import once
from jingzhun_web.api.schemas.common import (
    AreaCode,
    Cursor,
    HouseholdId,
    Id,
    Listed,
    Note,
    Reason,
    Reasoned,
    Words,
    Year,
)
from jingzhun_web.dialogue import publicities, selectors, services
from jingzhun_web.dialogue.models import Case, Publicity
from jingzhun_web.dialogue.processes import Kind, State
from jingzhun_web.evaluate import exits
from jingzhun_web.identify import offers
from jingzhun_web.identify import services as identifying
from jingzhun_web.registry import selectors as registry
from jingzhun_web.registry.narrowing import EXITED

CaseKind = Annotated[str, Field(json_schema_extra={"enum": Kind.values})]
CaseState = Annotated[str, Field(json_schema_extra={"enum": State.values})]
router = Router(tags=["decisions"])
_SEE = acts(Right.SEE_ARCHIVES)
_ACT = acts(Right.PROPOSE_CHANGES, Right.REVIEW_CHANGES, Right.APPROVE_CHANGES)


class CaseOut(Schema):
    """What is being decided about a household. No score decides."""

    id: int
    kind: CaseKind
    area: AreaCode
    household_id: str = Field(description="Empty: not on file yet")
    period: int
    state: CaseState
    persons: int
    reason: str
    opened_on: date
    since: date = Field(description="Since when it stands where it stands")


class StepOut(Schema):
    """A step of a case."""

    at: datetime
    by: int = Field(description="Number of the account")
    on: date
    from_state: str
    to_state: str
    note: str
    detail: dict[str, Any]


class CaseWhole(CaseOut):
    """A case with its steps, oldest first, and the evidence that it was proposed or decided on."""

    evidence: dict[str, Any]
    steps: list[StepOut]
    possible: list[str] = Field(description="Acts that are open to you now, the next step first")


class ListOut(Schema):
    """A list that hangs out in public."""

    id: int
    area: AreaCode
    kind: CaseKind
    state: CaseState
    starts: date
    until: date = Field(description="The last day, included")


class Wanted(Schema):
    """Which cases."""

    which: Literal["waiting", "hanging", "open"] = Field(
        "waiting", description="Whose next step is yours now; in publicity; all that have not ended"
    )
    after: Cursor | None = Field(None, description="Cursor of the previous answer's `next`")
    size: int = Field(50, ge=1, le=200, description="Rows in the answer")


@router.get("/cases", response=Listed[CaseOut], auth=_SEE)
def cases(request: HttpRequest, wanted: Query[Wanted]) -> HttpResponse:
    """Cases of your areas, oldest first."""
    today = timezone.localdate()
    found = {
        "waiting": lambda: selectors.waiting(actor_of(request), on=today),
        "hanging": lambda: selectors.hanging(on=today),
        "open": selectors.open_ones,
    }[wanted.which]()
    return listed(request, found, by=("id",), after=wanted.after, size=wanted.size, told=_rows)


@router.get("/cases/{case_id}", response=CaseWhole, auth=_SEE)
def case(request: HttpRequest, case_id: Id) -> HttpResponse:
    """One case with its steps."""
    found = Case.objects.get(pk=case_id)
    steps = [row_of(step, StepOut) for step in found.steps.order_by("id")]
    possible = offers.offered(actor_of(request), found, on=_today())
    return as_json(
        {**_told(found), "evidence": found.evidence, "steps": steps, "possible": possible}
    )


class About(Schema):
    """A household on file, and why."""

    household_id: HouseholdId
    period: Year
    reason: Reasoned


class Newcomer(Schema):
    """A household that is not on file, and why it applies."""

    area: AreaCode = Field(description="Its village")
    head_name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
    document_number: Annotated[
        str, StringConstraints(min_length=1, max_length=30, pattern=r"^[^\u0000]*$")
    ] = Field(description="Of its head; kept as a blind index only")
    persons: int = Field(ge=1, le=30)
    reason: Reasoned


class OnFile(Schema):
    """The number under which a newcomer has come on file."""

    household_id: HouseholdId


class ExitAcceptance(Schema):
    """That the village meeting and the household itself accept."""

    meeting_on: date
    present: int = Field(ge=1, le=100_000, description="People at the meeting")
    signed_on: date
    statement: Reasoned = Field(description="The household's own words")


class Appraisal(Schema):
    """What the village meeting said."""

    meeting_on: date
    present: int = Field(ge=1, le=100_000, description="People at the meeting")
    votes_for: int = Field(ge=0, le=100_000)
    votes_against: int = Field(ge=0, le=100_000)
    note: Words = ""


class VisitIn(Schema):
    """A visit to the home by two persons."""

    note: Reasoned
    statement: Reasoned = Field(description="What the household says")


class Decision(Schema):
    """The status that the county gives."""

    exit_status: Literal[EXITED]  # type: ignore[valid-type]
    note: Words = Field("", description="Against the stricter outcome: a written reason")


class Chosen(Schema):
    """Cases of one village at the same step."""

    cases: list[Id] = Field(min_length=1, max_length=500)


@router.post("/exits", response={201: CaseOut}, auth=_ACT)
@once
def propose_exit(request: HttpRequest, given: About) -> HttpResponse:
    """Propose that a household has left poverty; the open case, if there is one."""
    return _opened(exits.propose_exit(by=actor_of(request), on=_today(), **given.dict()))


@router.post("/identifications", response={201: CaseOut}, auth=_ACT)
@once
def apply_for_identification(request: HttpRequest, given: About) -> HttpResponse:
    """A household on file that is not registered applies."""
    return _opened(identifying.apply_on_file(by=actor_of(request), on=_today(), **given.dict()))


@router.post("/applications", response={201: CaseOut}, auth=_ACT)
@once
def apply_as_newcomer(request: HttpRequest, given: Newcomer) -> HttpResponse:
    """A household that is not on file applies, for the latest year there is; names are sealed at once."""
    newcomer = identifying.Newcomer(
        int(given.area), given.head_name, given.document_number, given.persons
    )
    period = next(iter(registry.periods()), _today().year)
    return _opened(
        identifying.apply_new(
            by=actor_of(request),
            newcomer=newcomer,
            period=period,
            reason=given.reason,
            on=_today(),
        )
    )


@router.post("/cases/{case_id}/file", response=CaseOut, auth=_ACT)
def put_on_file(request: HttpRequest, case_id: Id, given: OnFile) -> HttpResponse:
    """Tell the number under which a newcomer has come on file meanwhile."""
    found = Case.objects.get(pk=case_id)
    return _moved(
        identifying.put_on_file(by=actor_of(request), case=found, on=_today(), **given.dict())
    )


@router.post("/cases/{case_id}/accept", response=CaseOut, auth=_ACT)
def accept_exit(request: HttpRequest, case_id: Id, given: ExitAcceptance) -> HttpResponse:
    """Record that meeting and household accept an exit."""
    found = Case.objects.get(pk=case_id)
    return _moved(exits.accept_exit(by=actor_of(request), case=found, on=_today(), **given.dict()))


@router.post("/cases/{case_id}/visit", response=CaseOut, auth=_ACT)
def record_visit(request: HttpRequest, case_id: Id, given: VisitIn) -> HttpResponse:
    """Record the visit of an identification, as the first of two persons."""
    found = Case.objects.get(pk=case_id)
    identifying.record_visit(by=actor_of(request), case=found, on=_today(), **given.dict())
    return _moved(found)


@router.post("/cases/{case_id}/sign-visit", response=CaseOut, auth=_ACT)
def sign_visit(request: HttpRequest, case_id: Id) -> HttpResponse:
    """Sign the visit as the second person."""
    found = Case.objects.get(pk=case_id)
    return _moved(identifying.sign_visit(by=actor_of(request), case=found, on=_today()))


@router.post("/cases/{case_id}/appraise", response=CaseOut, auth=_ACT)
def appraise(request: HttpRequest, case_id: Id, given: Appraisal) -> HttpResponse:
    """Record the village meeting's appraisal."""
    found = Case.objects.get(pk=case_id)
    return _moved(
        identifying.appraise(by=actor_of(request), case=found, on=_today(), **given.dict())
    )


@router.post("/cases/{case_id}/review", response=CaseOut, auth=_ACT)
def review_case(request: HttpRequest, case_id: Id, given: Note) -> HttpResponse:
    """The township confirms."""
    found = Case.objects.get(pk=case_id)
    review = exits.review_exit if found.kind == Kind.EXIT else identifying.review
    return _moved(review(by=actor_of(request), case=found, on=_today(), note=given.note))


@router.post("/cases/{case_id}/decide", response=CaseOut, auth=_ACT)
def decide_exit(request: HttpRequest, case_id: Id, given: Decision) -> HttpResponse:
    """The county decides an exit: the household's status changes."""
    found = Case.objects.get(pk=case_id)
    return _moved(exits.decide_exit(by=actor_of(request), case=found, on=_today(), **given.dict()))


@router.post("/cases/{case_id}/recognise", response=ListOut, auth=_ACT)
def recognise(request: HttpRequest, case_id: Id, given: Note) -> HttpResponse:
    """The county recognises a household as poor, and announces it."""
    found = Case.objects.get(pk=case_id)
    hung = identifying.recognise(by=actor_of(request), case=found, on=_today(), note=given.note)
    return as_json(row_of(hung, ListOut))


@router.post("/cases/{case_id}/refuse", response=CaseOut, auth=_ACT)
def refuse_case(request: HttpRequest, case_id: Id, given: Reason) -> HttpResponse:
    """End a case without what was proposed; the household is told why."""
    found = Case.objects.get(pk=case_id)
    return _moved(
        services.refuse(by=actor_of(request), case=found, on=_today(), reason=given.reason)
    )


@router.post("/publicities", response={201: ListOut}, auth=_ACT)
@once
def begin_publicity(request: HttpRequest, given: Chosen) -> HttpResponse:
    """Hang out cases of one village as one masked list."""
    return _hung(
        publicities.begin_publicity(by=actor_of(request), cases=_chosen(given.cases), on=_today())
    )


@router.post("/announcements", response={201: ListOut}, auth=_ACT)
@once
def announce(request: HttpRequest, given: Chosen) -> HttpResponse:
    """Announce what the county has decided."""
    return _hung(
        publicities.announce(by=actor_of(request), cases=_chosen(given.cases), on=_today())
    )


def _today() -> date:
    return timezone.localdate()


def _chosen(numbers: Sequence[int]) -> list[Case]:
    wanted = set(numbers)
    found = list(Case.objects.filter(pk__in=wanted))
    if len(found) < len(wanted):
        raise Case.DoesNotExist
    return found


def _rows(found: Sequence[Case]) -> list[dict[str, Any]]:
    return [_told(one) for one in found]


def _told(found: Case) -> dict[str, Any]:
    return row_of(found, CaseOut)


def _opened(found: Case) -> HttpResponse:
    found.refresh_from_db()
    return as_json(_told(found), status=201)


def _moved(found: Case) -> HttpResponse:
    found.refresh_from_db()
    return as_json(_told(found))


def _hung(found: Publicity) -> HttpResponse:
    return as_json(row_of(found, ListOut), status=201)
