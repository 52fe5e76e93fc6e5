"""The tree of divisions: levels, containment, names to codes and back, past codes to present ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from jingzhun.errors import StandardError
from jingzhun.standard.divisions.codes import Level, full_code, is_code, prefix_of
from jingzhun.standard.divisions.historic import HistoricCode, historic_codes
from jingzhun.standard.divisions.search import NameIndex
from jingzhun.standard.divisions.table import Division, read_divisions


@dataclass(frozen=True)
class IdRegion:
    """The place that the first six digits of an ID number name: where it was first registered."""

    name: str
    is_current: bool
    """False for a code of a past edition."""


class Divisions:
    """All divisions of a table, each by its code of twelve digits. Short codes are accepted."""

    def __init__(
        self, rows: Iterable[Division], historic: Mapping[str, HistoricCode] | None = None
    ) -> None:
        self._rows = tuple(rows)
        self._historic = dict(historic_codes() if historic is None else historic)
        self._by_code: dict[str, Division] = {}
        for row in self._rows:
            known = self._by_code.get(row.code)
            if known is None or (row.valid_from or date.min) > (known.valid_from or date.min):
                self._by_code[row.code] = row

    @classmethod
    def load(cls, path: Path, *, historic: Iterable[Path] = ()) -> Divisions:
        """The divisions of a CSV file (`read_divisions`), with own tables of historic codes added."""
        return cls(read_divisions(path), historic_codes(historic))

    def valid_on(self, on: date) -> Divisions:
        """The divisions as they hold on a date."""
        return Divisions((row for row in self._rows if row.holds_on(on)), self._historic)

    def __len__(self) -> int:
        return len(self._by_code)

    def __iter__(self) -> Iterator[Division]:
        return iter(self._by_code.values())

    def __contains__(self, code: str) -> bool:
        return self.get(code) is not None

    def __getitem__(self, code: str) -> Division:
        """The division of a code, the latest one if it was renamed. StandardError when unknown."""
        found = self.get(code)
        if found is None:
            raise StandardError(
                f"No division has the code '{code[:20]}'",
                do="Check the code, or add it to the table of historic codes if it was abolished",
            )
        return found

    def get(self, code: str) -> Division | None:
        """The division of a code; null when there is none."""
        return self._by_code.get(full_code(code)) if is_code(code) else None

    def parent(self, code: str) -> Division | None:
        """The division directly above; null at the top."""
        above = self[code].parent_code
        return self[above] if above else None

    def ancestors(self, code: str) -> tuple[Division, ...]:
        """The divisions above, from the top down, without the division itself."""
        above = self.parent(code)
        return (*self.ancestors(above.code), above) if above else ()

    def children(self, code: str) -> tuple[Division, ...]:
        """The divisions directly below, in the order of the table."""
        return self._children.get(self[code].code, ())

    def at_level(self, level: Level, *, within: str | None = None) -> tuple[Division, ...]:
        """All divisions of a level, in the order of the table, of one area if given."""
        prefix = prefix_of(within) if within else ""
        return tuple(d for d in self._by_level.get(level, ()) if d.code.startswith(prefix))

    def path_name(self, code: str, *, separator: str = "") -> str:
        """The full name from the province down, such as 甘肃省兰州市城关区.

        A statistical unit that only repeats its parent's name is named once.
        """
        names: list[str] = []
        for division in (*self.ancestors(code), self[code]):
            if not (names and division.is_statistical_unit and division.name == names[-1]):
                names.append(division.name)
        return separator.join(names)

    def find(
        self, name: str, *, within: str | None = None, level: Level | None = None
    ) -> tuple[str, ...]:
        """The codes of all divisions that a name may mean, exact ones first, else none.

        Endings may be left out (城关, 东乡 for 东乡族自治县), varied (村委会, 村民委员会) or, if nothing
        else fits, be of another kind (华亭县 for 华亭市); blanks, width and glyphs do not matter.
        """
        found = self._names.matches(name, within=within, level=level)
        return tuple(match.division.code for match in found)

    def resolve(self, name: str, *, within: str | None = None, level: Level | None = None) -> str:
        """The code of the one division that a name means.

        An exact name goes before a shortened one, a division before a statistical unit. A township
        or village of another kind than written is taken only within a given area, as their names
        repeat. StandardError, with suggestions, when no division or more than one is meant.
        """
        matches = self._names.matches(name, within=within, level=level)
        if not within:
            matches = tuple(match for match in matches if match.is_safe_anywhere)
        best = [m.division for m in matches if m.distance == matches[0].distance]
        proper = [division for division in best if not division.is_statistical_unit] or best
        if len(proper) == 1:
            return proper[0].code
        raise self._unresolved(name, proper, within=within, level=level)

    def current_code(self, code: str) -> str | None:
        """Today's code of a division, itself if in use; null when the tables know no successor.

        Only the unit itself is looked up: whether the units below kept their numbers when it was
        recoded is not known, so they need rows of their own in the table of historic codes.
        """
        seen: set[str] = set()
        full = full_code(code)
        while full not in self._by_code and full not in seen:
            seen.add(full)
            past = self._historic.get(prefix_of(full))
            if past is None or past.new_code is None:
                return None
            full = full_code(past.new_code)
        return full if full in self._by_code else None

    def id_region(self, prefix: str) -> IdRegion | None:
        """The place that the first six digits of an ID number name; null when no table knows it."""
        county = self._by_code.get(prefix[:6] + "000000")
        if county is not None:
            return IdRegion(self.path_name(county.code), is_current=True)
        for past_prefix in (prefix[:6], prefix[:4]):
            if past_prefix in self._historic:
                return IdRegion(self._historic[past_prefix].name, is_current=False)
        return None

    @cached_property
    def _children(self) -> Mapping[str, tuple[Division, ...]]:
        below: dict[str, list[Division]] = {}
        for division in self:
            below.setdefault(division.parent_code or "", []).append(division)
        return {code: tuple(divisions) for code, divisions in below.items()}

    @cached_property
    def _by_level(self) -> Mapping[Level, tuple[Division, ...]]:
        return {level: tuple(d for d in self if d.level is level) for level in Level}

    @cached_property
    def _names(self) -> NameIndex:
        return NameIndex(self)

    def _unresolved(
        self, name: str, meant: list[Division], *, within: str | None, level: Level | None
    ) -> StandardError:
        scope = f" {level}" if level else " division"
        place = f" in {self.path_name(within)}" if within and within in self else ""
        if meant:
            some = self._described(division.code for division in meant)
            return StandardError(
                f"'{name[:40]}' may mean {len(meant)} divisions{place}: {some}",
                do="Give the code, the level, or the area it lies in",
            )
        near = self._described(self._names.near(name, within=within, level=level))
        return StandardError(
            f"No{scope}{place} is called '{name[:40]}'",
            do=f"Did you mean {near}?" if near else "Check the name, or give the code",
        )

    def _described(self, codes: Iterable[str]) -> str:
        described = [f"{self.path_name(code)} ({code})" for code in codes]
        return ", ".join(described[:5]) + (", ..." if len(described) > 5 else "")
