"""Areas: public, the same for everybody."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from jingzhun_web.api.doors import acts
from jingzhun_web.api.listing import as_json, listed
from jingzhun_web.api.schemas.common import AreaCode, Cursor, Listed, Text
from jingzhun_web.areas import selectors as areas
from jingzhun_web.areas.models import Area, Level

router = Router(tags=["areas"])
LevelName = Literal["province", "prefecture", "county", "township", "village"]


class AreaOut(Schema):
    """An administrative division."""

    code: AreaCode
    name: str
    level: LevelName
    parent: AreaCode | None = Field(description="The area directly above; null: the top")


class AreaPath(AreaOut):
    """An area and those that contain it."""

    path: list[AreaOut] = Field(description="Areas that contain it, widest first, itself last")


class Wanted(Schema):
    """What the list of areas is narrowed to."""

    text: Text = Field("", description="Part of the name, or the beginning of the code")
    parent: AreaCode | None = Field(None, description="Only areas directly below this one")
    level: LevelName | None = None
    after: Cursor | None = Field(None, description="Cursor of the previous answer's `next`")
    size: int = Field(50, ge=1, le=500, description="Rows in the answer")


@router.get("/areas", response=Listed[AreaOut], auth=acts())
def list_areas(request: HttpRequest, wanted: Query[Wanted]) -> HttpResponse:
    """Areas by code: the tree level by level with `parent`, or searched with `text`."""
    found = areas.matching(
        text=wanted.text,
        parent=None if wanted.parent is None else int(wanted.parent),
        level=None if wanted.level is None else Level[wanted.level.upper()],
    )
    return listed(request, found, by=("code",), after=wanted.after, size=wanted.size, told=_rows)


@router.get("/areas/{code}", response=AreaPath, auth=acts())
def area(request: HttpRequest, code: AreaCode) -> HttpResponse:  # noqa: ARG001
    """One area with the areas that contain it."""
    found = Area.objects.get(code=int(code))
    path = areas.ancestors([found.code])[found.code]
    return as_json({**_row(found), "path": [_row(one) for one in path]})


def _rows(found: Sequence[Area]) -> Iterable[dict[str, Any]]:
    return map(_row, found)


def _row(one: Area) -> dict[str, Any]:
    return {
        "code": one.digits,
        "name": one.name,
        "level": Level(one.level).name.lower(),
        "parent": None if one.parent_id is None else f"{one.parent_id:012d}",
    }
