"""Codes that are no longer in use: what they were called and, where known, what took their place."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from jingzhun.errors import Place, StandardError
from jingzhun.standard.divisions.codes import prefix_of
from jingzhun.standard.divisions.shipped import shipped_rows

COLUMNS = ("old_code", "new_code", "valid_until", "name", "confidence", "source")


@dataclass(frozen=True)
class HistoricCode:
    """One code of a past edition, as its short prefix."""

    old_code: str
    new_code: str | None
    """Null when no successor is known: such a code serves ID numbers only."""
    valid_until: date | None
    """First day on which the code no longer holds; null when not known."""
    name: str
    confidence: str
    source: str


def historic_codes(extra: Iterable[Path] = ()) -> dict[str, HistoricCode]:
    """Old prefix -> what is known of it: the shipped table, then each file of `extra` over it.

    StandardError names file and line of a row that can't be read.
    """
    found = {row["old_code"]: _historic(row) for row in shipped_rows("historic_codes.csv")}
    for path in extra:
        found |= _from_file(path)
    return found


def _from_file(path: Path) -> dict[str, HistoricCode]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
        if missing:
            raise StandardError(
                f"Column {', '.join(missing)} is missing from the table of historic codes",
                where=Place(file=str(path), line=1),
                do=f"The header is {','.join(COLUMNS)}",
            )
        found: dict[str, HistoricCode] = {}
        for row in reader:
            try:
                code = _historic(row)
            except (ValueError, StandardError) as error:
                raise StandardError(
                    "This row of the table of historic codes can't be read",
                    where=Place(file=str(path), line=reader.line_num),
                    why=str(error),
                    do="Codes have 2, 4, 6, 9 or 12 digits, dates are written as 2018-01-31",
                ) from error
            found[code.old_code] = code
        return found


def _historic(row: dict[str, str]) -> HistoricCode:
    new_code, valid_until = row["new_code"], row["valid_until"]
    return HistoricCode(
        old_code=prefix_of(row["old_code"]),
        new_code=prefix_of(new_code) if new_code else None,
        valid_until=date.fromisoformat(valid_until) if valid_until else None,
        name=row["name"],
        confidence=row["confidence"],
        source=row["source"],
    )
