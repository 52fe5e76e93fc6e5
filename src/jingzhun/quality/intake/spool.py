"""Accepted rows on disk, sorted out by county and period, until the whole batch has been read."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import polars as pl

COUNTY = "intake_county"
"""The column that says where a row goes; it is not kept."""
_HELD_BYTES = 256 << 20
_BYTES_PER_CELL = 16

Slot = tuple[str, int]
"""County code and period."""


class Spool:
    """Rows of one table. Memory holds at most 256 MiB of them; the rest lies in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: list[pl.DataFrame] = []
        self._bytes = 0
        self._files: dict[Slot, list[Path]] = defaultdict(list)

    def add(self, rows: pl.DataFrame) -> None:
        """Keep rows that carry `period` and the county column (six digits)."""
        if rows.height:
            self._held.append(rows)
            self._bytes += rows.height * rows.width * _BYTES_PER_CELL
        if self._bytes > _HELD_BYTES:
            self.flush()

    def flush(self) -> None:
        """Write what memory holds; rows with other columns never share a file."""
        held, self._held, self._bytes = self._held, [], 0
        groups: dict[tuple[str, ...], list[pl.DataFrame]] = defaultdict(list)
        for rows in held:
            groups[tuple(rows.columns)].append(rows)
        self._folder.mkdir(parents=True, exist_ok=True)
        for group in groups.values():
            self._sorted_out(pl.concat(group, rechunk=True))

    def _sorted_out(self, rows: pl.DataFrame) -> None:
        slots = rows.select(COUNTY, "period").with_row_index("row")
        for (county, period), part in slots.partition_by([COUNTY, "period"], as_dict=True).items():
            self._write((str(county), int(str(period))), rows[part["row"]].drop(COUNTY))

    def _write(self, slot: Slot, rows: pl.DataFrame) -> None:
        path = self._folder / f"{slot[0]}-{slot[1]}-{len(self._files[slot])}.ipc"
        rows.write_ipc(path)
        self._files[slot].append(path)

    @property
    def slots(self) -> list[Slot]:
        """The counties and periods that have rows; `flush` comes first."""
        return sorted(self._files)

    def read(self, slot: Slot) -> list[pl.DataFrame]:
        """The rows of a county and period: one frame for each set of columns that was filled."""
        groups: dict[tuple[str, ...], list[pl.DataFrame]] = defaultdict(list)
        for path in self._files.get(slot, []):
            rows = pl.read_ipc(path)
            groups[tuple(rows.columns)].append(rows)
        return [pl.concat(group) for group in groups.values()]
