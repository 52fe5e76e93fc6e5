"""An import from files to workspace: all of it becomes current in one step, or nothing does."""

from __future__ import annotations

import hashlib
import shutil
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import polars as pl

from jingzhun.errors import InputError, Place, WorkspaceError
from jingzhun.frames.deliveries import LEDGER, Delivery
from jingzhun.frames.files import content_hash
from jingzhun.frames.readers import open_source
from jingzhun.frames.workspace import Batch, Workspace
from jingzhun.policy.pack import Pack, load_pack
from jingzhun.quality.intake.areas import Areas
from jingzhun.quality.intake.delivery import deliveries_of, delivery_id, refuse_impossible
from jingzhun.quality.intake.elsewhere import Elsewhere
from jingzhun.quality.intake.keys import KeyIndex, keys_of
from jingzhun.quality.intake.later import Later
from jingzhun.quality.intake.mapping import Mapping
from jingzhun.quality.intake.merge import settle
from jingzhun.quality.intake.plan import BoundSource, bind, plan_table
from jingzhun.quality.intake.record_ids import record_key
from jingzhun.quality.intake.report import ImportReport, Progress, SourceFile, Step, counts_of
from jingzhun.quality.intake.table_intake import Locate, TableIntake, locate_in
from jingzhun.standard import schema
from jingzhun.standard.divisions import Divisions

SCRATCH = ".intake"
"""Folder inside the workspace for what is not decided yet; swept by the next import."""
_ID_LENGTH = 16


@dataclass(frozen=True)
class _Pair:
    """One source for one table of the mapping."""

    path: Path
    number: int
    """Which table of the mapping."""
    file: SourceFile


def import_files(
    sources: Sequence[Path],
    mapping: Mapping,
    workspace: Workspace,
    *,
    on: date,
    progress: Progress = lambda _: None,
    again: bool = False,
    within: tuple[str, ...] = (),
    beside: Workspace | None = None,
) -> ImportReport:
    """Import source files into a workspace: accepted rows, and rejected rows with their reasons.

    `on` is the day of the import (for the ledger, and the birth dates that ID numbers may state).
    A row is rejected when its county is not among the divisions of the workspace's pack, or when `within` names
    prefixes of area codes and none is that of its area (a member counts with its household). With `within`, a
    row is also rejected when its number is that of a row outside these areas: such rows are looked for in
    `beside`, or where it is left out in the workspace itself.
    The same files with the same mapping are imported once only, unless `again`.
    UserError when a source can't be read as what the mapping says; the workspace stays as it was.
    """
    pairs, unused = _paired(sources, mapping)
    import_id = _identity(pairs, mapping, within)
    files = tuple(pair.file for pair in pairs)
    before = next((e for e in reversed(workspace.imports) if e.get("id") == import_id), None)
    if before is not None and not again:
        return ImportReport(
            import_id,
            counts_of(before),
            files,
            rejects=_existing(workspace.rejects_dir / import_id),
            already=date.fromisoformat(before["on"]),
            unused=unused,
            deliveries=tuple(Delivery.of_entry(part) for part in before.get(LEDGER, ())),
        )
    pack = load_pack(workspace.pack)
    try:
        with workspace.writing() as batch:
            job = _Job(
                workspace, batch, mapping, pairs, pack, on, progress, within, beside or workspace
            )
            try:
                report = job.run(import_id, unused)
            finally:
                job.sweep()
            batch.record(report.entry(on))
    except OSError as error:
        raise WorkspaceError(
            f"The import into {workspace.path} could not be ended; nothing was changed",
            why=error.strerror or str(error),
            do="Check the space on the disk and the rights on the folder, then import again",
        ) from error
    return report


class _Job:
    """One import under the workspace's lock."""

    def __init__(
        self,
        workspace: Workspace,
        batch: Batch,
        mapping: Mapping,
        pairs: list[_Pair],
        pack: Pack,
        on: date,
        progress: Progress,
        within: tuple[str, ...],
        beside: Workspace,
    ) -> None:
        self._within = within
        self._elsewhere = Elsewhere(beside, within) if within else None
        self._workspace = workspace
        self._batch = batch
        self._mapping = mapping
        self._pairs = pairs
        self._tables = pack.tables()
        path = pack.divisions_path
        self._areas = None if path is None else Areas(Divisions.load(path))
        self._on = on
        self._progress = progress
        self._scratch = workspace.path / SCRATCH
        self._held: dict[tuple[str, int], KeyIndex] = {}
        self._intakes: dict[str, TableIntake] = {}
        self._received: dict[str, date] = {}
        self._later = Later(workspace, self._received)

    def sweep(self) -> None:
        """Remove what was set aside."""
        shutil.rmtree(self._scratch, ignore_errors=True)

    def run(self, import_id: str, unused: tuple[str, ...]) -> ImportReport:
        """Read every source, store what was accepted, keep what was rejected."""
        self.sweep()
        refuse_impossible(self._mapping, self._areas, on=self._on)
        bound = [self._bound(pair, import_id) for pair in self._pairs]
        names = [pair.file.name for pair in self._pairs]
        order = sorted(range(len(bound)), key=lambda n: bound[n].plan.table.parent is not None)
        for number in order:
            self._read(bound[number], number, names)
        stored = settle(self._batch, self._workspace, self._intakes, self._tables)
        for (county, period), done, total in stored:
            self._progress(Step("store", f"{county} {period}", done, total))
        rejects = self._write_rejects(import_id)
        return ImportReport(
            import_id,
            {name: intake.counts for name, intake in self._intakes.items()},
            tuple(pair.file for pair in self._pairs),
            rejects=rejects,
            unused=unused,
            deliveries=self._deliveries(import_id),
            keys={name: intake.keys for name, intake in self._intakes.items()},
        )

    def _bound(self, pair: _Pair, import_id: str) -> BoundSource:
        mapping = self._mapping.tables[pair.number]
        plan = plan_table(mapping, self._tables[mapping.table], self._areas)
        bound = bind(plan, open_source(pair.path, plan.options))
        if mapping.delivery is None:
            return bound
        self._received[delivery_id(import_id, pair.number)] = mapping.delivery.received
        return replace(bound, delivery=delivery_id(import_id, pair.number))

    def _deliveries(self, import_id: str) -> tuple[Delivery, ...]:
        files: dict[int, list[SourceFile]] = defaultdict(list)
        for pair in self._pairs:
            files[pair.number].append(pair.file)
        rows: dict[str, Counter[int]] = {}
        for intake in self._intakes.values():
            rows |= intake.delivered
        return deliveries_of(import_id, self._mapping, files, rows, self._areas, on=self._on)

    def _read(self, bound: BoundSource, number: int, names: list[str]) -> None:
        table = bound.plan.table
        intake = self._intakes.get(table.table)
        if intake is None:
            intake = self._intakes[table.table] = TableIntake(
                bound.plan.table,
                self._scratch / table.table,
                locate=self._locate(table),
                areas=self._areas,
                files=names,
                on=self._on,
                record_key=lambda: record_key(self._workspace.path),
                outdated=self._later.outdated(table) if table.is_external else None,
                within=self._within,
                taken=None if self._elsewhere is None else self._elsewhere.taken(table),
            )
        for block in bound.source.blocks():
            intake.take(bound, block, number)
            self._progress(Step("read", names[number], block.done_bytes, bound.source.size))

    # -- the table above ----------------------------------------------------------------------

    def _locate(self, table: schema.Table) -> Locate | None:
        parent = table.parent
        if parent is None:
            return None

        def indexes(keys: pl.DataFrame) -> list[KeyIndex]:
            above = self._intakes.get(parent.table)
            periods = keys["period"].drop_nulls().unique().to_list()
            held = [self._held_keys(self._tables[parent.table], period) for period in periods]
            return [above.keys, *held] if above else held

        return locate_in(indexes)

    def _held_keys(self, table: schema.Table, period: int) -> KeyIndex:
        """The keys that the workspace holds for a period, each with its county."""
        wanted = (table.table, period)
        if wanted not in self._held:
            index = self._held[wanted] = KeyIndex()
            for county in self._workspace.counties(period, table.table):
                lazy = self._workspace.scan(
                    table.table, period=period, county=county, columns=table.key
                )
                index.add_held(keys_of(lazy.to_native().collect(), table.key), county=int(county))
        return self._held[wanted]

    # -- rejects ------------------------------------------------------------------------------

    def _write_rejects(self, import_id: str) -> Path | None:
        """Rejected rows under the import's id. Left-overs of a killed run are replaced."""
        folder = self._workspace.rejects_dir / import_id
        fresh = self._scratch / "rejects"
        for name, intake in self._intakes.items():
            intake.rejects.write(fresh, name)
        shutil.rmtree(folder, ignore_errors=True)
        if not fresh.exists():
            return None
        folder.parent.mkdir(exist_ok=True, mode=0o700)
        fresh.rename(folder)
        return folder


def _paired(sources: Sequence[Path], mapping: Mapping) -> tuple[list[_Pair], tuple[str, ...]]:
    """Each source with each table of the mapping that takes files of its name."""
    pairs = []
    seen: set[Path] = set()
    for path in sources:
        if not path.is_file():
            found = "is a folder" if path.is_dir() else "does not exist"
            raise InputError(f"The source {path} {found}", do="Name a CSV, XLSX or Parquet file")
        if path.resolve() in seen:
            raise InputError(f"The source {path} is given twice", do="Name it once")
        seen.add(path.resolve())
        takers = [n for n, table in enumerate(mapping.tables) if table.takes(path.name)]
        if not takers:
            patterns = "; ".join(f"{t.table}: {', '.join(t.files)}" for t in mapping.tables)
            raise InputError(
                f"No table of the mapping takes a file called {path.name}",
                why=f"The patterns are {patterns}",
                do="Correct `files` in the mapping",
            )
        digest, size = _content(path)
        for number in takers:
            table = mapping.tables[number].table
            pairs.append(_Pair(path, number, SourceFile(path.name, table, digest, size)))
    used = {pair.number for pair in pairs}
    return pairs, tuple(t.table for n, t in enumerate(mapping.tables) if n not in used)


def _content(path: Path) -> tuple[str, int]:
    try:
        return content_hash(path), path.stat().st_size
    except OSError as error:
        raise InputError(
            "The file can't be read",
            where=Place(file=path.name),
            why=error.strerror or str(error),
            do="Check the rights on the file",
        ) from error


def _identity(pairs: list[_Pair], mapping: Mapping, within: tuple[str, ...]) -> str:
    """One id for these contents read by this mapping; names and places of files don't matter."""
    digest = hashlib.sha256(mapping.canonical().encode())
    for text in sorted(f"{pair.number} {pair.file.sha256}" for pair in pairs):
        digest.update(f"\n{text}".encode())
    if within:
        digest.update(f"\nwithin {' '.join(sorted(within))}".encode())
    return digest.hexdigest()[:_ID_LENGTH]


def _existing(folder: Path) -> Path | None:
    return folder if folder.is_dir() else None
