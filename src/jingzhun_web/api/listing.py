"""Lists: where the next rows begin stands in the answer and in the header `Link`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Schema
from pydantic_core import to_json

from jingzhun_web.kit.paging import page

M = TypeVar("M", bound=Model)
AREAS = ("area", "assigned_area")
JSON = "application/json; charset=utf-8"


def listed(
    request: HttpRequest,
    rows: QuerySet[M],
    *,
    by: Sequence[str],
    after: str | None,
    size: int,
    told: Callable[[Sequence[M]], Iterable[Any]],
) -> HttpResponse:
    """A page of rows, each as `told` tells it. BadRequest when the cursor is not one of ours."""
    found = page(rows, by=by, after=after or None, size=size)
    return plain_list(request, list(told(found.rows)), found.next)


def plain_list(request: HttpRequest, items: Sequence[Any], cursor: str | None) -> HttpResponse:
    """Items that were read, and the address of what follows them."""
    following = _address(request, cursor) if cursor else None
    response = as_json({"items": items, "next": following})
    if following:
        response["Link"] = f'<{following}>; rel="next"'
    return response


def as_json(content: Any, status: int = 200) -> HttpResponse:
    """An answer whose form a schema of the operation describes; the tests hold it to that."""
    return HttpResponse(to_json(content), status=status, content_type=JSON)


def row_of(thing: Any, schema: type[Schema]) -> dict[str, Any]:
    """The fields of a schema out of a row; area codes as written."""
    row = {name: getattr(thing, name) for name in schema.model_fields}
    for name in AREAS:
        if isinstance(row.get(name), int):
            row[name] = f"{row[name]:012d}"
    return row


def newest_first(
    request: HttpRequest,
    rows: QuerySet[M],
    *,
    before: int | None,
    size: int,
    told: Callable[[M], dict[str, Any]],
) -> HttpResponse:
    """Rows by falling number; the cursor is the last one's number."""
    found = rows.order_by("-id")
    if before:
        found = found.filter(pk__lt=before)
    read = list(found[: size + 1])
    shown = read[:size]
    cursor = str(shown[-1].pk) if len(read) > size else None
    return plain_list(request, [told(row) for row in shown], cursor)


def _address(request: HttpRequest, cursor: str) -> str:
    query = request.GET.copy()
    query["after"] = cursor
    return f"{request.path}?{query.urlencode()}"
