"""Filters of the list of households that somebody keeps for themselves."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Field, Router, Schema
from pydantic import StringConstraints

from jingzhun_web.access.roles import Right
from jingzhun_web.api.doors import actor_of, acts
from jingzhun_web.api.listing import as_json, row_of
from jingzhun_web.api.schemas.common import NO_NUL, Id
from jingzhun_web.api.schemas.narrowed import Kept
from jingzhun_web.registry import saved
from jingzhun_web.registry.models import SavedFilter

router = Router(tags=["households"])
_SEE = acts(Right.SEE_ARCHIVES)


class FilterOut(Schema):
    """A filter of your own."""

    id: int
    name: str
    query: dict[str, str] = Field(description="What the list of households takes as its query")


class FilterIn(Schema):
    """A filter under a name; the one of that name is replaced. A searched name or number is never kept."""

    name: Annotated[
        str,
        StringConstraints(
            strip_whitespace=True, min_length=1, max_length=saved.LONGEST_NAME, pattern=NO_NUL
        ),
    ]
    query: Kept


@router.get("/saved-filters", response=list[FilterOut], auth=_SEE)
def saved_filters(request: HttpRequest) -> HttpResponse:
    """Your own filters, by name."""
    return as_json([_told(one) for one in saved.of(actor_of(request))])


@router.post("/saved-filters", response=FilterOut, auth=_SEE)
def keep_filter(request: HttpRequest, given: FilterIn) -> HttpResponse:
    """Keep a filter under a name; sent twice it is one."""
    query = {name: str(value) for name, value in given.query.dict().items() if value}
    return as_json(_told(saved.keep_filter(by=actor_of(request), name=given.name, query=query)))


@router.post("/saved-filters/{filter_id}/drop", response={204: None}, auth=_SEE)
def drop_filter(request: HttpRequest, filter_id: Id) -> HttpResponse:
    """No longer keep a filter of your own; one that is not there is not kept either."""
    saved.drop_filter(by=actor_of(request), pk=filter_id)
    return HttpResponse(status=204)


def _told(found: SavedFilter) -> dict[str, Any]:
    return row_of(found, FilterOut)
