"""Filters of lists that somebody keeps for themselves."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import QuerySet

from jingzhun_web.access.actors import Actor
from jingzhun_web.registry.models import SavedFilter

NEVER_KEPT = frozenset({"text", "after"})
"""A searched text may be a name or a number; a cursor is of one moment."""
LONGEST_NAME = 60


def of(by: Actor) -> QuerySet[SavedFilter]:
    """Somebody's own filters, by name."""
    return SavedFilter.objects.filter(user_id=by.id, is_kept=True).order_by("name")


def keep_filter(*, by: Actor, name: str, query: Mapping[str, str]) -> SavedFilter:
    """Keep a filter under a name; the one of that name is replaced."""
    kept = {key: value for key, value in query.items() if value and key not in NEVER_KEPT}
    row, _is_new = SavedFilter.objects.update_or_create(
        user_id=by.id, name=name.strip()[:LONGEST_NAME], defaults={"query": kept, "is_kept": True}
    )
    return row


def drop_filter(*, by: Actor, pk: int) -> None:
    """No longer keep a filter."""
    SavedFilter.objects.filter(pk=pk, user_id=by.id).update(is_kept=False)
