"""Lists that hang out in public, masked; without sign-in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, Query, Router, Schema

from jingzhun_web.api.listing import as_json, listed, row_of
from jingzhun_web.api.operations.cases import ListOut
from jingzhun_web.api.schemas.common import AreaOrPrefix, Cursor, Id, Listed
from jingzhun_web.dialogue import selectors
from jingzhun_web.dialogue.models import Publicity
from jingzhun_web.kit.scope import span

router = Router(tags=["public"])


class LineOut(Schema):
    """A household of a list, masked."""

    id: int
    masked_name: str = Field(description="The head's name, all but the first character hidden")
    persons: int


class ListWhole(ListOut):
    """A list with its masked lines."""

    lines: list[LineOut]


class Wanted(Schema):
    """What the lists are narrowed to."""

    area: AreaOrPrefix | None = None
    after: Cursor | None = Field(None, description="Cursor of the previous answer's `next`")
    size: int = Field(50, ge=1, le=200, description="Rows in the answer")


@router.get("/public/lists", response=Listed[ListOut], auth=None)
def public_lists(request: HttpRequest, wanted: Query[Wanted]) -> HttpResponse:
    """Lists in force today, by village."""
    found = selectors.in_force(on=timezone.localdate())
    if wanted.area:
        found = found.filter(area__range=span(wanted.area))
    return listed(
        request, found, by=("area", "id"), after=wanted.after, size=wanted.size, told=_rows
    )


@router.get("/public/lists/{list_id}", response=ListWhole, auth=None)
def public_list(request: HttpRequest, list_id: Id) -> HttpResponse:  # noqa: ARG001
    """One list in force with its masked lines."""
    hung = selectors.in_force(on=timezone.localdate()).get(pk=list_id)
    lines = hung.entries.filter(is_withdrawn=False).order_by("id")
    return as_json({**row_of(hung, ListOut), "lines": [row_of(one, LineOut) for one in lines]})


def _rows(found: Sequence[Publicity]) -> list[dict[str, Any]]:
    return [row_of(one, ListOut) for one in found]
