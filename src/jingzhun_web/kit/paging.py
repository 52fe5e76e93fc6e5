"""Keyset paging: the next page begins after the last row shown, so that page 1,000 costs what page 1 costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from django.core import signing
from django.core.exceptions import BadRequest
from django.db.models import Q, QuerySet

T = TypeVar("T")
SALT = "paging"


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some rows, and where the next ones begin (None: these were the last)."""

    rows: Sequence[T]
    next: str | None


def page(rows: QuerySet[Any, T], *, by: Sequence[str], after: str | None, size: int) -> Page[T]:
    """The rows after a cursor, ordered by fields whose values together are unique and never null: models, or
    named tuples, which for rows of many columns take a fraction of the time.

    BadRequest when the cursor is not one of this kind of list.
    """
    ordered = rows.order_by(*by)
    # A cursor of another list holds other fields: its signature must not do for this one.
    salt = " ".join((SALT, rows.model._meta.label, *by))
    if after:
        ordered = ordered.filter(_after(by, _read(after, salt)))
    found = list(ordered[: size + 1])
    has_more = len(found) > size
    shown = found[:size]
    last = [_plain(getattr(shown[-1], name)) for name in by] if has_more else []
    return Page(shown, signing.dumps(last, salt=salt) if has_more else None)


def _plain(value: object) -> object:
    """A value as a cursor carries it: days and moments as texts."""
    return value.isoformat() if isinstance(value, date) else value


def _read(cursor: str, salt: str) -> list[object]:
    try:
        values: list[object] = signing.loads(cursor, salt=salt)
    except signing.BadSignature as error:
        raise BadRequest("cursor") from error
    return values


def _after(by: Sequence[str], values: Sequence[object]) -> Q:
    """(a, b, c) > (x, y, z), with the plain first bound that lets PostgreSQL enter the index there."""
    condition = Q()
    for place, name in enumerate(by):
        equal = {field: values[i] for i, field in enumerate(by[:place])}
        condition |= Q(**equal, **{f"{name}__gt": values[place]})
    return Q(**{f"{by[0]}__gte": values[0]}) & condition
