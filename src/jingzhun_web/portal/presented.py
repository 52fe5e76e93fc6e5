"""Lists as everybody sees them. Nothing here knows more than the masked lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jingzhun_web.areas import selectors as areas
from jingzhun_web.dialogue.models import Publicity
from jingzhun_web.dialogue.processes import Kind, State

LOCAL = 2
RESULTS: dict[tuple[str, str], str | Promise] = {
    (Kind.EXIT, State.PUBLISHED): _("proposed to have left poverty"),
    (Kind.EXIT, State.ANNOUNCED): _("has left poverty"),
    (Kind.IDENTIFICATION, State.PUBLISHED): _("proposed as poor household (first publicity)"),
    (Kind.IDENTIFICATION, State.PUBLISHED_AGAIN): _(
        "proposed as poor household (second publicity)"
    ),
    (Kind.IDENTIFICATION, State.ANNOUNCED): _("recognised as poor household"),
}


def result(hung: Publicity) -> str:
    """What a list says of its households."""
    return str(RESULTS[hung.kind, hung.state])


def listed(rows: Sequence[Publicity]) -> list[dict[str, Any]]:
    """Lists with place, result and time."""
    places = areas.ancestors(row.area for row in rows)
    return [
        {
            "list": row,
            "place": " ".join(area.name for area in places[row.area][LOCAL:]),
            "result": result(row),
        }
        for row in rows
    ]
