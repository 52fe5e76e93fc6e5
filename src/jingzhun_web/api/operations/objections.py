"""Objections to lists that hang out: what waits, what is said in them, the county's answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, Query, Router, Schema

from jingzhun_web.access.roles import Right
from jingzhun_web.api.doors import actor_of, acts
from jingzhun_web.api.listing import as_json, listed, row_of
from jingzhun_web.api.schemas.common import AreaCode, Cursor, Id, Listed, Reasoned
from jingzhun_web.dialogue import objections as services
from jingzhun_web.dialogue.models import Answer, Case, Objection

router = Router(tags=["decisions"])
_ANSWER = acts(Right.APPROVE_CHANGES)
ORDER = ("received_on", "id")
AnswerState = Annotated[str, Field(json_schema_extra={"enum": Answer.values})]


class ObjectionOut(Schema):
    """An objection; it stops its case until it is answered."""

    id: int
    case_id: int
    area: AreaCode
    received_on: date
    state: AnswerState
    answer: str = Field(description="What whoever holds the receipt reads; empty: not answered")
    answered_by: int = Field(description="Number of the account; 0: not answered")
    answered_on: date | None


class ObjectionOpened(ObjectionOut):
    """An objection with what is said in it."""

    reason: str
    contact: str = Field(description="As it was left; empty: none")


class AnswerIn(Schema):
    """The answer and its reason, which the objector reads."""

    outcome: Literal["upheld", "rejected"] = Field(
        description="Upheld: the case is refused; rejected: it goes on"
    )
    text: Reasoned


class Wanted(Schema):
    """Which objections."""

    which: Literal["open", "all"] = Field("open", description="That wait for an answer; all")
    after: Cursor | None = Field(None, description="Cursor of the previous answer's `next`")
    size: int = Field(50, ge=1, le=200, description="Rows in the answer")


@router.get("/objections", response=Listed[ObjectionOut], auth=acts(Right.SEE_ARCHIVES))
def objections(request: HttpRequest, wanted: Query[Wanted]) -> HttpResponse:
    """Objections of your areas, oldest first; what is said in them is read with their case."""
    found = Objection.objects.all()
    if wanted.which == "open":
        found = found.filter(state=Answer.OPEN)
    return listed(request, found, by=ORDER, after=wanted.after, size=wanted.size, told=_rows)


@router.get("/cases/{case_id}/objections", response=list[ObjectionOpened], auth=_ANSWER)
def case_objections(request: HttpRequest, case_id: Id) -> HttpResponse:
    """What is said in the objections to a case, for those who answer; that you read it stands in the log."""
    found = services.opened(by=actor_of(request), case=Case.objects.get(pk=case_id))
    return as_json(
        [{**_told(one.objection), "reason": one.reason, "contact": one.contact} for one in found]
    )


@router.post("/objections/{objection_id}/answer", response=ObjectionOut, auth=_ANSWER)
def answer_objection(request: HttpRequest, objection_id: Id, given: AnswerIn) -> HttpResponse:
    """Answer an objection with its reason."""
    done = services.answer_objection(
        by=actor_of(request),
        objection=Objection.objects.get(pk=objection_id),
        is_upheld=given.outcome == "upheld",
        text=given.text,
        on=timezone.localdate(),
    )
    return as_json(_told(done))


def _rows(found: Sequence[Objection]) -> list[dict[str, Any]]:
    return [_told(one) for one in found]


def _told(found: Objection) -> dict[str, Any]:
    return row_of(found, ObjectionOut)
