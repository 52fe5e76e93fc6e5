"""Snapshots out to the engine: the register of an area as it now stands, as a workspace of dated, hashed files.

Row security decides what is in it. A county of which nothing changed is not read again: its files are linked
from the last snapshot that had the whole of it. A part of a county is never shared.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from jingzhun.errors import UserError
from jingzhun.frames.files import replace_text
from jingzhun.frames.partitions import REGISTER
from jingzhun.frames.workspace import UNPLACED, Index, Partition, Workspace
from jingzhun_web.areas.packs import PACK
from jingzhun_web.exchange import fingerprints, register_rows, store
from jingzhun_web.exchange.fingerprints import UNIT, County
from jingzhun_web.kit.scope import DIGITS, span

Tell = Callable[[str, int, int], None]
ATTEMPTS = 3
KEPT = timedelta(days=2)
"""How long a snapshot stays after its last use. DEFAULT of ours."""


class SnapshotError(UserError):
    """A snapshot can't be taken."""


class NothingThereError(SnapshotError):
    """There is no household of the period in the area, or none in the scope."""


@dataclass(frozen=True)
class Snapshot:
    """What was taken. `id` is over the content: the same rows always have the same."""

    id: str
    path: Path
    workspace: Workspace
    counties: tuple[str, ...]


def taken(*, area: int, period: int, tell: Tell = lambda *_: None) -> Snapshot:
    """The register of an area (12 digits) in a period, and in the year before where there is one, for the engine.

    With it come villages, counties and other departments' records of those counties. Call it inside a scope.
    NothingThereError when there is no household; SnapshotError when the archive does not stand still long
    enough to be read.
    """
    # Two at once would write the same counties' files; the second finds them when the first's work is kept.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('snapshot'))")
    bounds = span(f"{area:0{DIGITS}d}")
    wanted = [
        *fingerprints.counties(period=period - 1, span=bounds),
        *fingerprints.counties(period=period, span=bounds),
    ]
    if not any(county.period == period and county.households for county in wanted):
        raise NothingThereError(
            _("There are no households of %d in this area") % period,
            do=_("Choose another year or area"),
        )
    home = store.snapshots_folder()
    # They hold identifiers in clear; the database is where they are kept.
    forget(before=timezone.localdate() - KEPT)
    building = Path(tempfile.mkdtemp(prefix=".building-", dir=home))
    try:
        made = _built(building, wanted, bounds, tell)
        return _placed(made, home / f"{area}-{period}", period)
    finally:
        shutil.rmtree(building, ignore_errors=True)


def _built(
    folder: Path, wanted: Sequence[County], bounds: tuple[int, int], tell: Tell
) -> Workspace:
    workspace = Workspace.create(folder, pack=PACK, created=timezone.localdate())
    for done, county in enumerate(wanted):
        tell(_("Taking a snapshot"), done, len(wanted))
        if not _linked(workspace, county):
            _read(workspace, county, bounds)
    shared, imports = _of_departments(workspace, {c.period for c in wanted}, bounds)
    _current(workspace, shared, imports)
    tell(_("Taking a snapshot"), len(wanted), len(wanted))
    return Workspace.open(folder)


def _current(
    workspace: Workspace, parts: Iterable[Partition], imports: Sequence[dict[str, Any]] = ()
) -> None:
    """Make files that were linked into the folder current; the next write would sweep others away."""
    workspace.index = Index((*workspace.index.partitions, *parts), tuple(imports))
    replace_text(workspace.path / "index.json", workspace.index.text())


def _placed(made: Workspace, prefix: Path, period: int) -> Snapshot:
    """The workspace under the name of its content; an equal one that is there stays."""
    name = made.data_hash()
    path = prefix.with_name(f"{prefix.name}-{name[:12]}")
    if not path.exists():
        try:
            made.path.rename(path)
        except OSError:
            # Somebody else took the same at the same time.
            if not path.exists():
                raise
    # Its age counts from its last use.
    os.utime(path / "index.json")
    found = Workspace.open(path)
    return Snapshot(name, path, found, tuple(found.counties(period)))


# -- one county ------------------------------------------------------------------------------------


def _linked(workspace: Workspace, county: County) -> bool:
    """The county's files from the last snapshot; False when it changed since, or is not wholly asked for."""
    note = _note(county)
    if not county.is_whole or not note.exists():
        return False
    told = json.loads(note.read_text(encoding="utf-8"))
    if told["text"] != county.text:
        return False
    parts = [Partition(**part) for part in told["parts"]]
    try:
        for part in parts:
            store.link(_kept(part), workspace.path / part.path)
    except FileNotFoundError:
        # Replaced by another snapshot in the meantime.
        return False
    _current(workspace, parts)
    return True


def _read(workspace: Workspace, county: County, bounds: tuple[int, int]) -> None:
    """The county's rows out of the database, read again when they changed meanwhile."""
    first = int(county.code) * UNIT
    inside = (max(bounds[0], first), min(bounds[1], first + UNIT - 1))
    text = county.text
    for _attempt in range(ATTEMPTS):
        rows = {
            table: register_rows.read(table, period=county.period, span=inside)
            for table in REGISTER
        }
        now = "".join(c.text for c in fingerprints.counties(period=county.period, span=inside))
        if now == text:
            break
        text = now
    else:
        raise SnapshotError(
            _("The archives of county %s are being changed all the time") % county.code,
            do=_("Try again when the import has ended"),
        )
    _write(workspace, replace(county, text=text), rows)


def _write(workspace: Workspace, county: County, rows: Mapping[str, pl.DataFrame]) -> None:
    with workspace.writing() as batch:
        for table, frame in rows.items():
            batch.put(table, county.code, county.period, frame)
    if county.is_whole:
        _keep(workspace, county)


def _keep(workspace: Workspace, county: County) -> None:
    """Remember the county's files for the next snapshot, in place of those of the last."""
    note = _note(county)
    before = json.loads(note.read_text(encoding="utf-8"))["parts"] if note.exists() else []
    parts = [p for t in REGISTER for p in workspace.files(t, county.period, county.code)]
    for part in parts:
        store.link(workspace.path / part.path, _kept(part))
    told = {"text": county.text, "parts": [vars(part) for part in parts]}
    replace_text(note, json.dumps(told, ensure_ascii=False))
    current = {part.sha256 for part in parts}
    for old in before:
        if old["sha256"] not in current:
            _kept(Partition(**old)).unlink(missing_ok=True)


def _note(county: County) -> Path:
    folder = store.private(store.snapshots_folder() / store.COUNTIES)
    return folder / f"{county.period}-{county.code}.json"


def _kept(part: Partition) -> Path:
    return (
        store.snapshots_folder()
        / store.COUNTIES
        / f"{part.table}-{part.county}-{part.sha256}.parquet"
    )


# -- other tables ----------------------------------------------------------------------------------


def _of_departments(
    workspace: Workspace, periods: set[int], bounds: tuple[int, int]
) -> tuple[list[Partition], Sequence[dict[str, Any]]]:
    """Villages, counties and other departments' records of the counties, linked; and the ledger of deliveries."""
    source = store.exchange_workspace()
    if source is None:
        return [], ()
    first, last = (bound // UNIT for bound in bounds)
    parts = [
        part
        for part in source.index.partitions
        if store.is_of_departments(part)
        and part.period in periods
        and (part.county == UNPLACED or first <= int(part.county) <= last)
    ]
    for part in parts:
        store.link(source.path / part.path, workspace.path / part.path)
    return parts, source.imports


def forget(*, before: date) -> int:
    """Delete snapshots last used before a day, with the results in them; returned is how many."""
    gone = 0
    for path in store.snapshots_folder().iterdir():
        index = path / "index.json"
        used = (index if index.exists() else path).stat().st_mtime
        if path.name != store.COUNTIES and date.fromtimestamp(used) < before:
            shutil.rmtree(path, ignore_errors=True)
            gone += 1
    return gone
