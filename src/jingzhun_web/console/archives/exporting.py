"""The list of households as a file."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import QuerySet

from jingzhun_web.registry import selectors as registry
from jingzhun_web.registry.models import Household

EXPORTED = (
    "household_id",
    "village_code",
    "exit_status",
    "main_cause",
    "persons_year_end",
    "exit_year",
)
CHUNK = 2000


def as_csv(rows: QuerySet[Household]) -> Iterator[bytes]:
    """The list as CSV with a last line that counts the rows and carries their checksum."""
    digest, count = hashlib.sha256(), 0
    yield "\ufeff".encode()
    yield _line(EXPORTED)
    for row in rows.order_by(*registry.LIST_ORDER).iterator(chunk_size=CHUNK):
        line = _line([_safe(getattr(row, name)) for name in EXPORTED])
        digest.update(line)
        count += 1
        yield line
    yield _line([f"# rows: {count}", f"sha256: {digest.hexdigest()}"])


def _line(cells: Sequence[Any]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(cells)
    return buffer.getvalue().encode()


def _safe(value: Any) -> Any:
    # A spreadsheet would run a text that begins like a formula.
    is_formula = isinstance(value, str) and value[:1] in ("=", "+", "-", "@")
    return f"'{value}" if is_formula else value
