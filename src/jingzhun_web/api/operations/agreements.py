"""Agreements with departments: under which their records come in."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, Query, Router, Schema
from pydantic import StringConstraints

from jingzhun.standard import schema
from jingzhun_web.access.roles import Right
from jingzhun_web.api.doors import actor_of, acts
from jingzhun_web.api.listing import as_json, newest_first, row_of
from jingzhun_web.api.once import once
from jingzhun_web.api.schemas.common import NO_NUL, AreaCode, Id, Listed, Newest
from jingzhun_web.exchange import agreements as services
from jingzhun_web.exchange.models import Agreement

router = Router(tags=["imports"])
_IMPORT = acts(Right.IMPORT)
TABLES = tuple(schema.external_tables())
Line = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=500, pattern=NO_NUL),
]
RECORDED_ONLY = "Recorded only: nobody is given or refused anything by it"


class AgreementFacts(Schema):
    """Which department may deliver or read what, for what purpose, from when until when."""

    area: AreaCode
    department: Annotated[Line, StringConstraints(max_length=100)]
    tables: Annotated[list[Literal[TABLES]], Field(min_length=1, max_length=len(TABLES))]  # type: ignore[valid-type]
    may_deliver: bool = True
    may_read: bool = Field(False, description=RECORDED_ONLY)
    purpose: Line
    legal_basis: Line
    valid_from: date
    valid_until: date = Field(description="The first day on which it holds no longer")


class AgreementOut(Schema):
    """An agreement that touches your areas."""

    id: int
    area: AreaCode
    department: str
    tables: list[str]
    may_deliver: bool
    may_read: bool = Field(description=RECORDED_ONLY)
    purpose: str
    legal_basis: str
    valid_from: date
    valid_until: date = Field(description="The first day on which it holds no longer")
    made_by: int = Field(description="Number of the account")
    made_at: datetime
    ended_at: datetime | None = Field(description="Null: not ended before its time")


class AgreementRow(AgreementOut):
    """An agreement, and whether it holds today."""

    holds: bool


@router.get("/agreements", response=Listed[AgreementRow], auth=_IMPORT)
def agreements(request: HttpRequest, wanted: Query[Newest]) -> HttpResponse:
    """Agreements that touch your areas, newest first; ended ones too."""
    found = Agreement.objects.all()
    return newest_first(request, found, before=wanted.after, size=wanted.size, told=_told)


@router.post("/agreements", response={201: AgreementRow}, auth=_IMPORT)
@once
def make_agreement(request: HttpRequest, given: AgreementFacts) -> HttpResponse:
    """Record an agreement for an area in which you may import."""
    facts = {**given.dict(), "area": int(given.area)}
    made = services.make_agreement(by=actor_of(request), **facts)
    made.refresh_from_db()
    return as_json(_told(made), status=201)


@router.post("/agreements/{agreement_id}/end", response=AgreementRow, auth=_IMPORT)
def end_agreement(request: HttpRequest, agreement_id: Id) -> HttpResponse:
    """End an agreement from now on; what was delivered under it stays."""
    found = Agreement.objects.get(pk=agreement_id)
    services.end_agreement(by=actor_of(request), agreement=found)
    found.refresh_from_db()
    return as_json(_told(found))


def _told(found: Agreement) -> dict[str, Any]:
    today = timezone.localdate()
    holds = found.ended_at is None and found.valid_from <= today < found.valid_until
    return {**row_of(found, AgreementOut), "holds": holds}
