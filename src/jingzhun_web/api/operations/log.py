"""The audit log."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from jingzhun_web.access.roles import Right
from jingzhun_web.api.doors import acts
from jingzhun_web.api.listing import plain_list
from jingzhun_web.api.schemas.common import AreaCode, Id, Listed
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


class Wanted(Schema):
    """Where the list begins."""

    after: Id | None = Field(None, description="Entries before this one: the cursor of `next`")
    size: int = Field(50, ge=1, le=200, description="Rows in the answer")


@router.get("/log", response=Listed[EntryOut], auth=acts(Right.SEE_AUDIT))
def log(request: HttpRequest, wanted: Query[Wanted]) -> HttpResponse:
    """The audit log of your areas, newest first."""
    found = Entry.objects.order_by("-id")
    if wanted.after:
        found = found.filter(id__lt=wanted.after)
    rows = list(found[: wanted.size + 1])
    shown = rows[: wanted.size]
    has_more = len(rows) > wanted.size
    return plain_list(request, list(_told(shown)), str(shown[-1].pk) if has_more else None)


def _told(rows: Sequence[Entry]) -> Iterable[dict[str, Any]]:
    for entry in rows:
        row = {name: getattr(entry, name) for name in EntryOut.model_fields}
        yield {**row, "area": f"{entry.area:012d}" if entry.area else None}
