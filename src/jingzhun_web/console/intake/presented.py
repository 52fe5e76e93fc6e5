"""Imports as pages show them: counts, reasons and differences in words, identifiers masked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jingzhun.quality.intake.reasons import Reason
from jingzhun.standard import schema
from jingzhun.standard.schema import Column
from jingzhun_web.access.actors import Actor
from jingzhun_web.access.models import User
from jingzhun_web.console.intake.forms import table_label
from jingzhun_web.console.intake.words import REASONS
from jingzhun_web.console.wording import value_text
from jingzhun_web.exchange.checking import REJECTS
from jingzhun_web.exchange.differences import Difference
from jingzhun_web.exchange.lineage import Origin
from jingzhun_web.exchange.models import Import
from jingzhun_web.exchange.offers import possible
from jingzhun_web.registry.values import label_of

MASKED = "***"


def detail(batch: Import, actor: Actor) -> dict[str, Any]:
    """One import with what may be done to it by whoever looks."""
    is_own = batch.uploaded_by == actor.id
    return {
        "batch": batch,
        "files": list(batch.files.order_by("number")),
        "who": person(batch.uploaded_by),
        "decided": person(batch.decided_by),
        "is_own": is_own,
        "acts": possible(batch, actor),
        "tables": list(_tables(batch)),
        "changes": _changes(batch),
    }


def person(user_id: int | None) -> str:
    """The name of an account; a dash where there is none in one's areas."""
    found = User.objects.filter(pk=user_id).first() if user_id else None
    return found.display_name if found else "—"


def _tables(batch: Import) -> Iterator[dict[str, Any]]:
    report = batch.report or {}
    for name, figures in report.get("tables", {}).items():
        yield {
            "name": name,
            "label": table_label(name),
            "figures": figures,
            "has_rejects": f"{REJECTS}{name}" in batch.parts,
            "reasons": sorted(
                (
                    {
                        "field": column_label(name, reason["field"]),
                        "reason": REASONS[Reason(reason["reason"])],
                        "rows": reason["rows"],
                    }
                    for reason in figures["reasons"]
                ),
                key=lambda one: -one["rows"],
            ),
        }


def _changes(batch: Import) -> list[dict[str, Any]]:
    found = (batch.report or {}).get("difference", {})
    return [
        {"name": name, "label": table_label(name), "counts": counts}
        for name, counts in found.items()
    ]


def column_label(table: str, name: str) -> str:
    """The name of a column in the page's language; empty for a row as a whole."""
    column = schema.table(table).by_name.get(name)
    return name if column is None else label_of(column)


def differing(one: Difference, kind: str, start: int, size: int) -> list[dict[str, Any]]:
    """Some rows of a difference: key, and for changed ones each field with its old and new value."""
    return [
        {
            "key": row.key,
            "area": row.area,
            "row": row.row,
            "number_in_file": row.number_in_file,
            "fields": [_field(*differs) for differs in row.fields],
        }
        for row in one.told(kind, start, size)
    ]


def _field(column: Column, before: Any, after: Any) -> dict[str, str]:
    is_direct = column.privacy == "direct"
    texts = [
        MASKED if is_direct and value is not None else value_text(column, value)
        for value in (before, after)
    ]
    return {"label": label_of(column), "old": texts[0], "new": texts[1]}


def origins(table: str, found: list[Origin]) -> list[dict[str, Any]]:
    """Origins of values with the names of their columns."""
    return [{"label": column_label(table, one.field), "origin": one} for one in found]
