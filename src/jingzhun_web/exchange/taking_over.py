"""An approved import becomes rows: of the register in one transaction, of other departments in one step."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from datetime import date

import polars as pl
from django.utils.translation import gettext as _

from jingzhun.errors import UserError
from jingzhun.quality.intake import import_files
from jingzhun_web.exchange import agreements, checking, mappings, register_rows, staging, store
from jingzhun_web.exchange.differences import Difference, unlike
from jingzhun_web.exchange.models import Import
from jingzhun_web.registry import applying
from jingzhun_web.registry.applying import KEYS

Tell = Callable[[str, int, int], None]
TOGETHER = 100_000
"""Rows that are copied at once."""


class ChangedSinceError(UserError):
    """What was shown and approved is not what would happen now."""


def source_of(batch: Import) -> str:
    """What rows carry as their source."""
    return f"import {batch.pk}"


def take_over_register(batch: Import, *, tell: Tell) -> dict[str, int]:
    """Insert and update what the check found, in the caller's transaction and scope.

    ChangedSinceError when a row to change is no longer as it was shown, or a number has come to be in use.
    """
    found = checking.read_differences(batch)
    total = sum(one.new.height + one.changed.height for one in found)
    counts = {"new": 0, "changed": 0}
    for one in found:
        _refuse_changed(one, batch.period)
        counts["new"] += _in_pieces(one.new, one.table, batch, applying.insert)
        tell(_("Taking over"), counts["new"] + counts["changed"], total)
        counts["changed"] += _in_pieces(one.changed, one.table, batch, applying.update)
        tell(_("Taking over"), counts["new"] + counts["changed"], total)
    return counts


def _in_pieces(rows: pl.DataFrame, table: str, batch: Import, act: Callable[..., int]) -> int:
    done = 0
    for piece in rows.iter_slices(TOGETHER):
        done += act(table, piece, source=source_of(batch))
    if done != rows.height:
        raise _changed()
    return done


def _refuse_changed(one: Difference, period: int) -> None:
    """Hold the rows that are to change, and compare them with what was shown."""
    if not one.old.height:
        return
    key = KEYS[one.table]
    ids = one.old[key].to_list()
    if applying.lock(one.table, ids, period) != len(ids):
        raise _changed()
    now = register_rows.read_some(one.table, period=period, ids=ids)
    shown = one.old.select(now.columns)
    if unlike(now, shown, (key, "period")).height:
        raise _changed()


def _changed() -> ChangedSinceError:
    return ChangedSinceError(
        _("Archives were changed since this import was checked; nothing was taken over"),
        do=_("Check the import again, so that everybody sees what would change now"),
    )


def take_over_delivery(
    batch: Import, given: Sequence[tuple[str, str]], *, on: date
) -> dict[str, int]:
    """Import the files into the workspace of other departments' records; there already, nothing happens."""
    for table in {part["table"] for part in batch.mapping["tables"]}:
        agreements.must_allow_delivery(table=table, area=batch.area, on=on)
    target = store.exchange_workspace(on=on)
    if target is None:
        raise AssertionError("made when a day is given")
    with staging.opened_files(given) as paths:
        report = import_files(
            paths, mappings.parsed(batch.mapping), target, on=on, within=checking.within(batch)
        )
    if report.rejects is not None:
        # They are kept with the import, encrypted.
        shutil.rmtree(report.rejects)
    rejected = sum(counts.rejected for counts in report.tables.values())
    shown = sum(counts["rejected"] for counts in (batch.report or {})["tables"].values())
    return {
        # Since it was checked, another area has come to use these rows' numbers.
        "left_out": max(0, rejected - shown),
        "new": sum(counts.new for counts in report.tables.values()),
        "changed": sum(counts.changed for counts in report.tables.values()),
    }
