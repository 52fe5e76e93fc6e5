"""What became of rows, as figures."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class TableCounts:
    """What became of the rows of one table; read = accepted + rejected.

    accepted = new + changed + unchanged, against what the workspace held before.
    """

    read: int = 0
    accepted: int = 0
    rejected: int = 0
    blank: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    reasons: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(column or "", reason code) -> rows."""
