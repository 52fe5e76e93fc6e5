"""The dry run: the engine reads the files into a copy of what there is; what differs is what would change."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
from django.db import transaction
from django.utils.translation import gettext as _

from jingzhun.errors import UserError
from jingzhun.frames.workspace import Workspace
from jingzhun.quality.intake import ImportReport, Step, import_files
from jingzhun.standard.divisions import prefix_of
from jingzhun_web.access.actors import Actor
from jingzhun_web.access.roles import Right
from jingzhun_web.audit import services as audit
from jingzhun_web.exchange import mappings, staging, store
from jingzhun_web.exchange.differences import FILE, ROW, Difference, differences
from jingzhun_web.exchange.models import Import, Kind
from jingzhun_web.kit import files
from jingzhun_web.kit.scope import DIGITS
from jingzhun_web.registry.applying import KEYS

Tell = Callable[[str, int, int], None]
DIFFERENCE = "difference"
LINEAGE, REJECTS = "lineage", "rejects-"


class CheckError(UserError):
    """Files can't be imported as what they were said to be."""


@dataclass(frozen=True)
class Checked:
    """What a dry run found: counts for the page, and the files that are kept of it."""

    engine_id: str
    report: dict[str, Any]
    parts: dict[str, str]


def within(batch: Import) -> tuple[str, ...]:
    """The prefix of the areas that rows of an import may lie in."""
    return (prefix_of(f"{batch.area:0{DIGITS}d}"),)


def checked(
    batch: Import, given: Sequence[tuple[str, str]], base: Workspace, *, on: date, tell: Tell
) -> Checked:
    """Read the files on trial. UserError when they can't be read as the mapping says."""
    target = staging.after(batch, base, on=on)
    with staging.opened_files(given) as paths:
        report = import_files(
            paths,
            mappings.parsed(batch.mapping),
            target,
            on=on,
            within=within(batch),
            beside=_others(batch),
            # What came in before is compared too, to say that nothing would change.
            again=True,
            progress=lambda step: tell(_told(step), *_in_mib(step)),
        )
    _refuse_other_years(batch, base, target)
    tell(_("Comparing"), 0, 0)
    found = differences(base, target, batch.period, report.keys)
    for one in found:
        one.write(staging.folder_of(batch) / DIFFERENCE)
    counts = {one.table: one.counts for one in found}
    facts = {"tables": report.entry(on)["tables"], "difference": counts}
    return Checked(report.import_id, facts, {**_rejects(report), **_lineage(found)})


def _others(batch: Import) -> Workspace | None:
    """Where other areas' records are, as the dry run's copy has none; the register's the database guards."""
    return store.exchange_workspace() if batch.kind == Kind.DELIVERY else None


def read_differences(batch: Import) -> list[Difference]:
    """What the last check found, from the import's folder. CheckError when the folder is gone."""
    folder = staging.folder_of(batch) / DIFFERENCE
    try:
        return [Difference.read(folder, table) for table in (batch.report or {})["difference"]]
    except (FileNotFoundError, KeyError) as error:
        raise CheckError(
            _("What the check found is not there any more"), do=_("Check the import again")
        ) from error


@transaction.atomic
def read_rejects(*, by: Actor, batch: Import, table: str) -> bytes:
    """The rejected rows of a table as CSV, each with its reasons; that they were read is logged.

    KeyError when none were rejected.
    """
    by.must(Right.IMPORT, batch.area)
    data = files.opened(batch.parts[f"{REJECTS}{table}"])
    audit.record(
        by=by.id, act="download_rejects", kind="import", object_id=batch.pk, area=batch.area
    )
    return data


def _told(step: Step) -> str:
    return _("Reading files") if step.stage == "read" else _("Sorting into counties")


def _in_mib(step: Step) -> tuple[int, int]:
    if step.stage != "read":
        return step.done, step.total
    return step.done >> 10, max(step.total >> 10, 1)


def _refuse_other_years(batch: Import, base: Workspace, target: Workspace) -> None:
    years = {p.period for p in target.index.partitions} - {p.period for p in base.index.partitions}
    others = sorted(years - {batch.period})
    if others:
        raise CheckError(
            _("The files hold rows of %(others)s; this import is for %(period)d")
            % {"others": ", ".join(map(str, others)), "period": batch.period},
            do=_("Import each year for itself"),
        )


def _rejects(report: ImportReport) -> dict[str, str]:
    """Rejected rows with their reasons, kept encrypted; the engine's own copy in clear goes."""
    if report.rejects is None:
        return {}
    kept = {
        f"{REJECTS}{path.stem}": files.keep(path.read_bytes()).sha256
        for path in sorted(report.rejects.glob("*.csv"))
    }
    shutil.rmtree(report.rejects)
    return kept


def _lineage(found: Sequence[Difference]) -> dict[str, str]:
    """Which row of which file each row comes from that this import sets."""
    rows = [
        part.select(
            pl.lit(one.table).alias("table"),
            pl.col(KEYS.get(one.table, "record_id")).alias("key"),
            pl.col(FILE).alias("file"),
            pl.col(ROW).alias("row"),
        ).drop_nulls()
        for one in found
        for part in (one.new, one.changed)
    ]
    if not any(part.height for part in rows):
        return {}
    whole = pl.concat(rows)
    buffer = io.BytesIO()
    whole.write_parquet(buffer)
    return {LINEAGE: files.keep(buffer.getvalue()).sha256}
