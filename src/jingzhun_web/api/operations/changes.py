"""Changes of archives: proposed, accepted step by step, refused; what an archive was, and what happened to it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from jingzhun_web.access.roles import Right
from jingzhun_web.api import masking
from jingzhun_web.api.doors import actor_of, acts
from jingzhun_web.api.listing import as_json, newest_first, row_of
from jingzhun_web.api.once import once
from jingzhun_web.api.schemas.common import (
    AreaCode,
    HouseholdId,
    Id,
    Listed,
    Moment,
    Newest,
    Reason,
    Reasoned,
    Words,
    Year,
)
from jingzhun_web.api.schemas.register import Archive
from jingzhun_web.registry import changes, history, rows
from jingzhun_web.registry.columns import is_sealed
from jingzhun_web.registry.models import Change
from jingzhun_web.registry.values import column_of

router = Router(tags=["changes"])
_DECIDE = acts(Right.REVIEW_CHANGES, Right.APPROVE_CHANGES)
Value = bool | int | float | str | list[str] | None


class ChangeOut(Schema):
    """A proposal to change an archive; nothing changes before its last step."""

    id: int
    household_id: str
    period: int
    area: AreaCode
    reason: str
    standing: str = Field(description="open, applied or refused")
    waits_for: str = Field(description="The step whose turn it is; empty: decided")
    proposed_by: int = Field(description="Number of the account")
    proposed_at: datetime


class FieldOut(Schema):
    """A field of a change: what it was, is to be, and now is; null: not known."""

    key: str = Field(description="`field` of the household, `person/field` of a member")
    old: Value
    new: Value
    now: Value
    is_conflict: bool = Field(description="The register reads neither as it did nor as proposed")


class Compared(ChangeOut):
    """A change beside the register as it now reads."""

    fields: list[FieldOut]
    seen: str = Field(description="Send it back when you accept in spite of a conflict")


class Proposal(Schema):
    """New values for fields of a household and its members."""

    fields: dict[str, Value] = Field(
        description="`field` of the household or `person/field` of a member; null: not known. `+1/field` puts"
        " somebody on file; `person/record_state` 2 with `change_reason` and `change_date` takes a member off",
        min_length=1,
        max_length=200,
    )
    reason: Reasoned
    seen: Words | None = Field(
        None, description="`seen` of the form; then a change made meanwhile is a conflict"
    )


class Acceptance(Schema):
    """The step that the change waits for."""

    note: Words = ""
    seen: Words | None = Field(None, description="`seen` of the comparison that was looked at")
    keep: list[Words] = Field([], description="Fields whose value in the register stays")


class DifferenceOut(Schema):
    """A field that changed; direct identifiers without their values."""

    person_id: str = Field(description="Empty: of the household")
    field: str
    old: Value
    new: Value


class MomentOut(Schema):
    """What changed at once."""

    at: datetime
    source: str = Field(description="The import or act that changed it")
    differences: list[DifferenceOut]


@router.get("/changes", response=Listed[ChangeOut], auth=acts(Right.SEE_ARCHIVES))
def list_changes(request: HttpRequest, wanted: Query[Newest]) -> HttpResponse:
    """Changes of your areas, newest first."""
    found = Change.objects.all()
    return newest_first(request, found, before=wanted.after, size=wanted.size, told=_told)


@router.get("/changes/{change_id}", response=Compared, auth=acts(Right.SEE_ARCHIVES))
def change(request: HttpRequest, change_id: Id) -> HttpResponse:
    """A change beside the register as it now reads."""
    found = Change.objects.get(pk=change_id)
    shown = masking.masked(actor_of(request))
    compared = changes.compared(found)
    fields = [_field(row, shown) for row in compared]
    return as_json({**_told(found), "fields": fields, "seen": changes.fingerprint(compared)})


@router.post(
    "/households/{household_id}/{period}/changes",
    response={201: ChangeOut},
    auth=acts(Right.PROPOSE_CHANGES),
)
@once
def propose_change(
    request: HttpRequest, household_id: HouseholdId, period: Year, proposal: Proposal
) -> HttpResponse:
    """Propose new values; others accept step by step."""
    made = changes.propose(
        by=actor_of(request),
        household_id=household_id,
        period=period,
        fields=proposal.fields,
        reason=proposal.reason,
        seen=proposal.seen,
    )
    made.refresh_from_db()
    return as_json(_told(made), status=201)


@router.post("/changes/{change_id}/accept", response=ChangeOut, auth=_DECIDE)
def accept_change(request: HttpRequest, change_id: Id, given: Acceptance) -> HttpResponse:
    """Take the step that a change waits for; the last one applies it."""
    done = changes.accept(
        by=actor_of(request),
        change=Change.objects.get(pk=change_id),
        note=given.note,
        seen=given.seen,
        keep=given.keep,
    )
    return as_json(_told(done))


@router.post("/changes/{change_id}/refuse", response=ChangeOut, auth=_DECIDE)
def refuse_change(request: HttpRequest, change_id: Id, given: Reason) -> HttpResponse:
    """Refuse a change; why, its proposer reads."""
    found = Change.objects.get(pk=change_id)
    return as_json(_told(changes.refuse(by=actor_of(request), change=found, reason=given.reason)))


@router.get(
    "/households/{household_id}/{period}/history",
    response=list[MomentOut],
    auth=acts(Right.SEE_ARCHIVES),
)
def household_history(
    request: HttpRequest,  # noqa: ARG001
    household_id: HouseholdId,
    period: Year,
) -> HttpResponse:
    """Everything that changed in an archive, latest first; the last is when it came on file."""
    found = history.moments(household_id, period)
    return as_json(
        [
            {
                "at": moment.at,
                "source": moment.source,
                "differences": [_difference(one) for one in moment.differences],
            }
            for moment in found
        ]
    )


@router.get(
    "/households/{household_id}/{period}/as-of", response=Archive, auth=acts(Right.SEE_ARCHIVES)
)
def archive_as_of(
    request: HttpRequest, household_id: HouseholdId, period: Year, at: Moment
) -> HttpResponse:
    """The archive as it read at a moment, without outcomes; 404 when it was not on file yet."""
    if at.tzinfo is None:
        at = at.astimezone()
    found = history.archive_at(household_id, period, at)
    if found is None:
        raise Http404
    shown = masking.masked(actor_of(request))
    home = {name: getattr(found.household, name) for name in rows.HOUSEHOLD}
    members = [{name: getattr(one, name) for name in rows.PERSON} for one in found.members]
    return as_json(
        {
            "household": masking.household(home, shown),
            "members": masking.members(members, shown),
            "verdicts": [],
            "periods": found.years,
        }
    )


def _told(found: Change) -> dict[str, Any]:
    return row_of(found, ChangeOut)


def _field(row: changes.Compared, shown: masking.Shown) -> dict[str, Any]:
    values: dict[str, Any] = {"old": row.old, "new": row.new, "now": row.now}
    column = column_of(row.item.person_id, row.item.field)
    if is_sealed(column):
        values = {n: None if v is None else shown(column.name, v) for n, v in values.items()}
    return {"key": row.key, **values, "is_conflict": row.is_conflict}


def _difference(one: history.Difference) -> dict[str, Any]:
    old, new = (None if isinstance(value, bytes) else value for value in (one.old, one.new))
    return {"person_id": one.person_id, "field": one.field, "old": old, "new": new}
