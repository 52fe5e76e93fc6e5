"""The file of divisions: one row per division and spell of validity, checked as it is read."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from jingzhun.errors import Place, StandardError
from jingzhun.standard.divisions.codes import Level, full_code, is_code, level_of, prefix_of
from jingzhun.standard.divisions.shipped import shipped_rows

COLUMNS = ("code", "name", "level", "parent_code")


@dataclass(frozen=True, slots=True)
class Division:
    """One division, named and placed as it holds from `valid_from` until before `valid_until`."""

    code: str
    name: str
    level: Level
    parent_code: str | None
    valid_from: date | None = None
    """Null: for as long as the table knows."""
    valid_until: date | None = None
    """First day on which it no longer holds; null: still does."""
    is_statistical_unit: bool = False
    """Counted like a division by the statistics bureau, but none in law."""

    def holds_on(self, on: date) -> bool:
        """Whether the division exists under this code and name on a date."""
        begun = self.valid_from is None or self.valid_from <= on
        return begun and (self.valid_until is None or on < self.valid_until)


def read_divisions(path: Path) -> tuple[Division, ...]:
    """All rows of a file of divisions, in its order.

    Header `code,name,level,parent_code`, optionally `valid_from,valid_until`; UTF-8. StandardError
    names file and line of a code that is malformed, of another level than stated, or listed twice
    for the same day, and of a parent that is missing or does not contain the division.
    """
    lines: dict[str, list[tuple[int, Division]]] = {}
    rows = []
    for line, division in _rows(path):
        spells = lines.setdefault(division.code, [])
        if any(_overlap(division, other) for _, other in spells):
            raise _wrong(path, line, f"Code {division.code} is listed twice for the same day")
        spells.append((line, division))
        rows.append(division)
    for spells in lines.values():
        for line, division in spells:
            _check_parent(path, line, division, lines)
    return tuple(rows)


def _rows(path: Path) -> Iterator[tuple[int, Division]]:
    statistical = {full_code(row["code"]) for row in shipped_rows("statistical_units.csv")}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file)
            place = _places(path, next(reader, []))
            for cells in reader:
                yield reader.line_num, _division(path, reader.line_num, cells, place, statistical)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise StandardError(
            "The file of divisions can't be read",
            where=Place(file=str(path)),
            why=str(error),
            do="Give a CSV file in UTF-8",
        ) from error


def _places(path: Path, header: list[str]) -> Mapping[str, int]:
    missing = [column for column in COLUMNS if column not in header]
    if missing:
        raise _wrong(path, 1, f"Column {', '.join(missing)} is missing from the header")
    return {name: at for at, name in enumerate(header)}


def _division(
    path: Path, line: int, cells: list[str], place: Mapping[str, int], statistical: set[str]
) -> Division:
    if len(cells) != len(place):
        raise _wrong(path, line, f"The row has {len(cells)} cells, the header {len(place)}")
    code, name, level, parent = (cells[place[column]] for column in COLUMNS)
    if len(code) != 12 or not is_code(code):
        raise _wrong(path, line, f"'{code[:20]}' is not a division code of 12 digits")
    stated = level_of(code)
    if stated != level:
        raise _wrong(path, line, f"Code {code} is of level {stated}, not '{level[:20]}'")
    if not name:
        raise _wrong(path, line, f"Code {code} has no name")
    dates = [_date(path, line, cells, place.get(c)) for c in ("valid_from", "valid_until")]
    return Division(code, name, stated, parent or None, dates[0], dates[1], code in statistical)


def _date(path: Path, line: int, cells: list[str], at: int | None) -> date | None:
    if at is None or not cells[at]:
        return None
    try:
        return date.fromisoformat(cells[at])
    except ValueError:
        raise _wrong(path, line, "A date is not written as 2018-01-31") from None


def _overlap(one: Division, other: Division) -> bool:
    begins = max(one.valid_from or date.min, other.valid_from or date.min)
    return begins < min(one.valid_until or date.max, other.valid_until or date.max)


def _check_parent(path: Path, line: int, division: Division, known: Mapping[str, object]) -> None:
    parent = division.parent_code
    if parent is None:
        return
    if parent not in known:
        raise _wrong(path, line, f"The parent of {division.code} is not in the table")
    if parent == division.code or not division.code.startswith(prefix_of(parent)):
        raise _wrong(path, line, f"The parent of {division.code} does not contain it by its code")


def _wrong(path: Path, line: int, what: str) -> StandardError:
    return StandardError(
        what, where=Place(file=str(path), line=line), do="Correct this row of the file of divisions"
    )
