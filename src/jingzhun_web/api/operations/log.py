"""The audit log."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from jingzhun_web.access.roles import Right
from jingzhun_web.api.doors import acts
from jingzhun_web.api.listing import newest_first
from jingzhun_web.api.schemas.common import AreaCode, Listed, Newest
from jingzhun_web.audit.models import Entry

router = Router(tags=["log"])


class EntryOut(Schema):
    """One act, or one reading of identifiers; never changed."""

    id: int
    at: datetime
    actor: int = Field(description="Number of the account; 0: the system")
    act: str
    kind: str = Field(description="Kind of the thing")
    object_id: str = Field(description="Number of the thing")
    area: AreaCode | None = Field(
        description="Where it concerns somebody; null: the whole installation"
    )
    detail: dict[str, Any] = Field(
        description="Ids, counts and reasons; never names, numbers or amounts"
    )


@router.get("/log", response=Listed[EntryOut], auth=acts(Right.SEE_AUDIT))
def log(request: HttpRequest, wanted: Query[Newest]) -> HttpResponse:
    """The audit log of your areas, newest first."""
    found = Entry.objects.all()
    return newest_first(request, found, before=wanted.after, size=wanted.size, told=_told)


def _told(entry: Entry) -> dict[str, Any]:
    row = {name: getattr(entry, name) for name in EntryOut.model_fields}
    return {**row, "area": f"{entry.area:012d}" if entry.area else None}
