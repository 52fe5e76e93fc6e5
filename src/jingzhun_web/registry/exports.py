"""The list of households goes out: that it began and how it ended stands in the log."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from jingzhun_web.access.actors import Actor
from jingzhun_web.access.roles import Right
from jingzhun_web.audit import services as audit
from jingzhun_web.kit import scope
from jingzhun_web.registry.exporting import FORMS, Export
from jingzhun_web.registry.models import Household


def export_households(
    *, by: Actor, rows: QuerySet[Household], period: int, form: str
) -> Iterator[bytes]:
    """The whole list as a file of a form of `FORMS`, never cut; of the areas where the right to export is held.

    Rows are read while they are sent. The request's own transaction has ended by then, its scope with it.
    """
    by.must_one(Right.EXPORT)
    _recorded(by, "export", period, form=form)
    return _sent(by, Export(rows, by.may(Right.SEE_NAMES)), period, form)


def _sent(by: Actor, made: Export, period: int, form: str) -> Iterator[bytes]:
    with scope.entered(by.scope_of(Right.EXPORT)):
        yield from FORMS[form][0](made)
        told = {"rows": made.tally.rows, "sha256": made.tally.sha256}
        _recorded(by, "export_finished", period, form=form, with_names=made.with_names, **told)


def _recorded(by: Actor, act: str, period: int, **detail: Any) -> None:
    """An entry for every area that the list may hold: without one, no auditor would see it."""
    for area in by.areas_of(Right.EXPORT):
        audit.record(
            by=by.id, act=act, kind="households", object_id=period, area=int(area), **detail
        )
