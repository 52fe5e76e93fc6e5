"""A workspace: a folder of dated, partitioned Parquet tables whose index is replaced in one step.

`index.json` is the truth about which files are current. New files are written beside the old ones and
become current only when the index is replaced, so a process killed at any moment leaves the workspace
as it was before or as it is after, never between. Files that no index names are swept at the next write.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

import narwhals as nw
import polars as pl

import jingzhun
from jingzhun.errors import WorkspaceError
from jingzhun.frames import partitions
from jingzhun.frames.files import content_hash, replace_text, write_parquet

FORMAT = 1
UNPLACED = "000000"
"""County code of the partition that holds tables without an area of their own."""

HOUSEHOLDS_TOGETHER = 150_000
"""Households of small counties that are worked on together unless somebody asks for more."""

DERIVED = ("links_", "conflicts_", "findings", "finding_events")
"""What the names of tables begin with that a computation over the workspace leaves in it."""

Counties: TypeAlias = str | Collection[str] | None
"""One county, several, or all (None)."""


@dataclass(frozen=True)
class Partition:
    """One current file: the rows of one table, county and period."""

    table: str
    county: str
    period: int
    path: str
    rows: int
    sha256: str

    def __post_init__(self) -> None:
        inside = Path(self.path).parts
        if inside[:1] != ("tables",) or ".." in inside or not isinstance(self.rows, int):
            raise ValueError("no file of a workspace")

    @property
    def is_derived(self) -> bool:
        """Whether the rows were computed from other tables of the workspace (links, findings)."""
        return self.table.startswith(DERIVED)

    @property
    def slot(self) -> tuple[str, str, int]:
        """What this file stands for; one file at most per slot."""
        return (self.table, self.county, self.period)


@dataclass(frozen=True)
class Index:
    """Which files are current, and what was imported to make them."""

    partitions: tuple[Partition, ...] = ()
    imports: tuple[dict[str, Any], ...] = ()

    @property
    def slots(self) -> dict[tuple[str, str, int], Partition]:
        """Slot -> file."""
        return {p.slot: p for p in self.partitions}

    def text(self) -> str:
        """The index as JSON; the same content always gives the same bytes."""
        rows = [vars(p) for p in sorted(self.partitions, key=lambda p: p.slot)]
        return json.dumps(
            {"format": FORMAT, "partitions": rows, "imports": list(self.imports)},
            ensure_ascii=False,
            indent=1,
        )

    @classmethod
    def read(cls, path: Path) -> Index:
        """The index in `path`; WorkspaceError when it is not one."""
        try:
            raw = json.loads(path.read_text(encoding="utf-8"))
            rows = tuple(Partition(**p) for p in raw["partitions"])
            imports = tuple(raw["imports"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise WorkspaceError(
                f"{path} can't be read as the index of a workspace",
                why=type(error).__name__,
                do="Restore it from a backup, or import into a new workspace",
            ) from error
        return cls(rows, imports)


@dataclass
class Batch:
    """Changes that become current together when the `writing` block ends without an error."""

    workspace: Workspace
    _new: dict[tuple[str, str, int], pl.DataFrame] = field(default_factory=dict)
    _written: dict[tuple[str, str, int], Partition] = field(default_factory=dict)
    _imports: list[dict[str, Any]] = field(default_factory=list)

    def put(self, table: str, county: str, period: int, rows: pl.DataFrame) -> None:
        """Replace one partition by `rows`; a household table and its persons are keyed together."""
        self._new[(table, county, period)] = partitions.arranged(table, rows)

    def record(self, entry: dict[str, Any]) -> None:
        """Add an entry to the import ledger (content hash, source, counts)."""
        self._imports.append(entry)

    def read(self, table: str, county: str, period: int) -> pl.DataFrame | None:
        """The partition as this batch will leave it; None where there is none."""
        slot = (table, county, period)
        if slot in self._new:
            return self._new[slot]
        if slot in self._written:
            return pl.read_parquet(self.workspace.path / self._written[slot].path)
        return self.workspace.read(table, county, period)

    def flush(self) -> None:
        """Write what was put so far to disk and free its memory; nothing becomes current yet."""
        for county, period in sorted({(c, p) for t, c, p in self._new if t in partitions.REGISTER}):
            for table, rows in partitions.keyed(self.read, county, period).items():
                self._new[(table, county, period)] = rows
        for (table, county, period), rows in sorted(self._new.items(), key=lambda item: item[0]):
            ordered = partitions.sort_rows(table, rows)
            self._written[(table, county, period)] = self._write(table, county, period, ordered)
        self._new.clear()

    def _write(self, table: str, county: str, period: int, rows: pl.DataFrame) -> Partition:
        folder = Path("tables") / table / f"county={county}"
        target = self.workspace.path / folder
        target.mkdir(parents=True, exist_ok=True)
        scratch = target / f".{period}.{os.getpid()}.tmp"
        write_parquet(rows, scratch)
        digest = content_hash(scratch)
        name = f"{period}-{digest[:12]}.parquet"
        scratch.replace(target / name)
        return Partition(table, county, period, (folder / name).as_posix(), rows.height, digest)

    def index(self, before: Index) -> Index:
        """The index that makes this batch current on top of `before`."""
        kept = {**before.slots, **self._written}
        return Index(tuple(kept.values()), (*before.imports, *self._imports))


class Workspace:
    """One workspace folder, opened. Reading is free of locks; writing takes the folder's lock."""

    def __init__(self, path: Path, meta: dict[str, Any], index: Index) -> None:
        self.path = path
        self.meta = meta
        self.index = index

    # -- opening ------------------------------------------------------------------------------

    @classmethod
    def create(cls, path: str | Path, *, pack: str, created: date) -> Workspace:
        """Make an empty workspace in `path`; WorkspaceError when something else is there."""
        folder = Path(path)
        _refuse_occupied(folder)
        # A JSON text is a TOML text too, whatever the name of the pack has in it.
        quoted = json.dumps(pack, ensure_ascii=False)
        try:
            (folder / "tables").mkdir(parents=True, exist_ok=True)
            replace_text(folder / "index.json", Index().text())
            replace_text(
                folder / "workspace.toml",
                f'format = {FORMAT}\npack = {quoted}\ncreated = "{created.isoformat()}"\n'
                f'engine_version = "{jingzhun.__version__}"\n',
            )
        except OSError as error:
            raise _not_writable(folder, error) from error
        return cls.open(folder)

    @classmethod
    def open(cls, path: str | Path) -> Workspace:
        """The workspace in `path`; WorkspaceError when there is none, it is broken, or from a newer engine."""
        folder = Path(path)
        meta = partitions.read_meta(folder)
        if meta["format"] > FORMAT:
            raise WorkspaceError(
                f"{folder} was made by a newer engine (format {meta['format']})",
                do="Update Jingzhun",
            )
        index = Index.read(folder / "index.json")
        for part in index.partitions:
            if not (folder / part.path).is_file():
                raise WorkspaceError(
                    f"{folder / part.path} is missing",
                    why="The workspace's index names it",
                    do="Restore the workspace from a backup, or import into a new one",
                )
        return cls(folder, meta, index)

    # -- what is in it ------------------------------------------------------------------------

    @property
    def pack(self) -> str:
        """Name or path of the policy pack this workspace was made for."""
        return str(self.meta["pack"])

    @property
    def periods(self) -> list[int]:
        """Periods (years) for which there are households, ascending."""
        return sorted({p.period for p in self.index.partitions if p.table == "households"})

    @property
    def latest_period(self) -> int:
        """The last period; WorkspaceError when nothing was imported yet."""
        if not self.periods:
            raise WorkspaceError(
                f"{self.path} holds no households yet", do="Import some with `jingzhun import`"
            )
        return self.periods[-1]

    def counties(self, period: int, table: str = "households") -> list[str]:
        """County codes that have rows of `table` in `period`, ascending."""
        return sorted(p.county for p in self.files(table, period))

    def files(
        self, table: str, period: int | None = None, county: Counties = None
    ) -> list[Partition]:
        """Current files of a table, ordered by county and period."""
        wanted = {county} if isinstance(county, str) else county
        found = (
            p
            for p in self.index.partitions
            if p.table == table
            and period in (None, p.period)
            and (wanted is None or p.county in wanted)
        )
        return sorted(found, key=lambda p: p.slot)

    def chunks(
        self, period: int, *, households: int = HOUSEHOLDS_TOGETHER
    ) -> list[tuple[str, ...]]:
        """Counties in groups of about so many households, in order; a large county stands alone.

        Work on one group has a fixed cost, whatever its size, so that small counties go together.
        """
        groups: list[list[str]] = [[]]
        held = 0
        for part in self.files("households", period):
            if groups[-1] and held + part.rows > households:
                groups.append([])
                held = 0
            groups[-1].append(part.county)
            held += part.rows
        return [tuple(group) for group in groups if group]

    def files_all(self) -> list[Partition]:
        """Every current file, ordered by table, county and period."""
        return sorted(self.index.partitions, key=lambda p: p.slot)

    def rows(self, table: str, period: int | None = None) -> int:
        """Number of rows of a table, in one period or in all."""
        return sum(p.rows for p in self.files(table, period))

    @property
    def imports(self) -> tuple[dict[str, Any], ...]:
        """The import ledger, oldest first."""
        return self.index.imports

    def data_hash(self, period: int | None = None) -> str:
        """One hash over the current files (of one period): the snapshot id of a computation.

        Links and findings are left out: they are computed from the rest.
        """
        rows = [p for p in self.index.partitions if period in (None, p.period) and not p.is_derived]
        return partitions.combined_hash(f"{p.slot}{p.sha256}" for p in rows)

    # -- reading ------------------------------------------------------------------------------

    def read(self, table: str, county: str, period: int) -> pl.DataFrame | None:
        """One partition in memory; None where there is none."""
        found = self.index.slots.get((table, county, period))
        return None if found is None else pl.read_parquet(self.path / found.path)

    def scan(
        self,
        table: str,
        *,
        period: int,
        county: Counties = None,
        columns: Sequence[str] | None = None,
    ) -> nw.LazyFrame[pl.LazyFrame]:
        """Rows of a table in one period (and county), read lazily; missing columns come as null."""
        paths = [self.path / p.path for p in self.files(table, period, county)]
        return nw.from_native(partitions.scan_files(table, paths, columns))

    # -- writing ------------------------------------------------------------------------------

    @contextmanager
    def writing(self) -> Iterator[Batch]:
        """A batch of changes under the folder's lock: all become current at the end, or none."""
        with self._locked():
            self.index = Index.read(self.path / "index.json")
            self._sweep()
            batch = Batch(self)
            try:
                yield batch
                batch.flush()
            except BaseException:
                self._sweep()
                raise
            after = batch.index(self.index)
            replace_text(self.path / "index.json", after.text())
            self.index = after
            # Replaced files stay until the next write, for readers that still have them open.

    @contextmanager
    def _locked(self) -> Iterator[None]:
        try:
            lock = (self.path / ".lock").open("w")
        except OSError as error:
            raise _not_writable(self.path, error) from error
        with lock as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise WorkspaceError(
                    f"Another process is writing to {self.path}", do="Wait until it has ended"
                ) from error
            yield

    def _sweep(self) -> None:
        current = {p.path for p in self.index.partitions}
        for path in (self.path / "tables").rglob("*"):
            if path.is_file() and path.relative_to(self.path).as_posix() not in current:
                path.unlink()
        for path in self.path.glob(".index.json.*.tmp"):
            path.unlink()

    # -- results ------------------------------------------------------------------------------

    @property
    def rejects_dir(self) -> Path:
        """Where rejected rows are kept."""
        return self.path / "rejects"

    def results_dir(self, run_id: str) -> Path:
        """Folder of one run's results (it need not exist yet)."""
        return self.path / "results" / run_id

    def remove_results(self, run_ids: Iterable[str]) -> None:
        """Delete whole result folders, for a run that is repeated."""
        for run_id in run_ids:
            shutil.rmtree(self.results_dir(run_id), ignore_errors=True)


def _refuse_occupied(folder: Path) -> None:
    """WorkspaceError when something is in `folder` that a new workspace would harm or hide."""
    if (folder / "workspace.toml").exists():
        raise WorkspaceError(
            f"There is a workspace in {folder} already", do="Open it, or name another folder"
        )
    if folder.exists() and not folder.is_dir():
        raise WorkspaceError(f"{folder} is a file", do="Name a new or empty folder")
    if folder.exists() and not _is_half_made(folder):
        raise WorkspaceError(f"{folder} is not empty", do="Name a new or empty folder")


def _is_half_made(folder: Path) -> bool:
    """Whether the folder is empty, or holds only what a killed `create` leaves: no table of anybody."""
    left = {path.name for path in folder.iterdir()} - {"tables", "index.json"}
    is_ours = all(name.startswith((".index.json.", ".workspace.toml.")) for name in left)
    return is_ours and not any((folder / "tables").rglob("*"))


def _not_writable(folder: Path, error: OSError) -> WorkspaceError:
    return WorkspaceError(
        f"{folder} can't be written to",
        why=error.strerror or type(error).__name__,
        do="Check the folder's rights and the space on its disk, or name another folder",
    )
