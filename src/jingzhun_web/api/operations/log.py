"""The audit log: its entries, and whether its chain is whole."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from jingzhun_web.access.roles import Right
from jingzhun_web.api.doors import actor_of, acts
from jingzhun_web.api.listing import as_json, newest_first
from jingzhun_web.api.schemas.common import AreaCode, Day, Id, Listed, Newest, Text
from jingzhun_web.audit import selectors
from jingzhun_web.audit import services as audit
from jingzhun_web.audit.models import Entry

router = Router(tags=["log"])
_SEE = acts(Right.SEE_AUDIT)


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


class LogWanted(Newest):
    """What the log is narrowed to; what is left out does not narrow."""

    group: Literal["", *selectors.GROUPS] = Field(  # type: ignore[valid-type]
        "", description="What was done; `out`: exports, sheets, rejected rows, tokens"
    )
    actor: Id | None = Field(None, description="Number of an account")
    about: Text = Field("", description="Number of the thing")
    since: Day | None = None
    until: Day | None = Field(None, description="The last day, included")


class Chain(Schema):
    """Whether the log is whole: every entry follows from the one before it, and none was changed."""

    is_whole: bool
    first_break: int | None = Field(
        description="Number of the first entry that does not follow; null: none"
    )


@router.get("/log", response=Listed[EntryOut], auth=_SEE)
def log(request: HttpRequest, wanted: Query[LogWanted]) -> HttpResponse:
    """The audit log of your areas, newest first."""
    given = wanted.dict(include={"group", "about", "since", "until"})
    actors = None if wanted.actor is None else [wanted.actor]
    found = selectors.entries(selectors.Filters(actors=actors, **given))
    return newest_first(request, found, before=wanted.after, size=wanted.size, told=_told)


@router.post("/log/verification", response=Chain, auth=_SEE)
def verify_log(request: HttpRequest) -> HttpResponse:
    """Compute every hash of the whole log again; that you did is an entry too."""
    actor = actor_of(request)
    broken = audit.verify(by=actor.id, area=int(actor.areas_of(Right.SEE_AUDIT)[0]))
    return as_json({"is_whole": broken is None, "first_break": broken})


def _told(entry: Entry) -> dict[str, Any]:
    row = {name: getattr(entry, name) for name in EntryOut.model_fields}
    return {**row, "area": f"{entry.area:012d}" if entry.area else None}
