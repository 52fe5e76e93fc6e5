"""What an import did, as figures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from jingzhun.frames.deliveries import LEDGER, Delivery
from jingzhun.quality.intake.counts import TableCounts
from jingzhun.quality.intake.keys import KeyIndex


@dataclass(frozen=True)
class Step:
    """How far an import is: `done` of `total` (bytes while reading, partitions while storing)."""

    stage: str
    """`read` or `store`."""
    name: str
    done: int
    total: int


Progress = Callable[[Step], None]


@dataclass(frozen=True)
class SourceFile:
    """A file that was handed in; its content counts, not where it lay."""

    name: str
    table: str
    sha256: str
    bytes: int


@dataclass(frozen=True)
class ImportReport:
    """Counts per table; for each, read = accepted + rejected."""

    import_id: str
    tables: dict[str, TableCounts]
    sources: tuple[SourceFile, ...]
    rejects: Path | None = None
    """Folder of the rejected rows; null when there are none."""
    already: date | None = None
    """The day on which the same files were imported with the same mapping; then nothing was done."""
    unused: tuple[str, ...] = field(default=())
    """Tables of the mapping for which no file was given."""

    deliveries: tuple[Delivery, ...] = ()
    """Deliveries of other departments that were in it."""

    keys: dict[str, KeyIndex] = field(default_factory=dict)
    """Table -> where each accepted row stands: file and row number by its key; empty when `already`."""

    @property
    def rejected(self) -> int:
        """Rejected rows of all tables."""
        return sum(counts.rejected for counts in self.tables.values())

    def entry(self, on: date) -> dict[str, Any]:
        """The entry for the workspace's ledger: no names of persons, no paths."""
        entry: dict[str, Any] = {
            "id": self.import_id,
            "on": on.isoformat(),
            "files": [vars(source) for source in self.sources],
            "tables": {name: _figures(counts) for name, counts in self.tables.items()},
        }
        if self.deliveries:
            entry[LEDGER] = [delivery.entry() for delivery in self.deliveries]
        return entry


def _figures(counts: TableCounts) -> dict[str, Any]:
    plain = {key: value for key, value in vars(counts).items() if key != "reasons"}
    reasons = [
        {"field": field_name, "reason": reason, "rows": rows}
        for (field_name, reason), rows in sorted(counts.reasons.items())
    ]
    return plain | {"reasons": reasons}


def counts_of(entry: dict[str, Any]) -> dict[str, TableCounts]:
    """The counts that a ledger entry tells."""
    found = {}
    for table, figures in entry["tables"].items():
        counts = TableCounts(**{k: v for k, v in figures.items() if k != "reasons"})
        for reason in figures["reasons"]:
            counts.reasons[(reason["field"], reason["reason"])] = reason["rows"]
        found[table] = counts
    return found
