"""From a written name to the divisions it may mean, the nearest meaning first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from enum import IntEnum

from jingzhun.standard.divisions.codes import Level, prefix_of
from jingzhun.standard.divisions.names import kinds, plain, read
from jingzhun.standard.divisions.table import Division


class Distance(IntEnum):
    """How far a written name is from the name in the table."""

    EXACT = 0
    SPELT_OTHERWISE = 1
    """The ending is left out, or is another one for the same kind of division."""
    OTHER_KIND = 2
    """The ending states another kind of division, as after a county has become a city."""


@dataclass(frozen=True)
class Match:
    """A division that a name may mean."""

    distance: Distance
    division: Division

    @property
    def is_safe_anywhere(self) -> bool:
        """Whether the name is near enough to be taken without knowing the area it lies in."""
        return self.distance < Distance.OTHER_KIND or self.division.level.digits <= 6


class NameIndex:
    """The names of divisions, read once so that a search takes no time."""

    def __init__(self, divisions: Iterable[Division]) -> None:
        self._by_plain: dict[str, list[Division]] = {}
        self._by_base: dict[str, list[tuple[str | None, Division]]] = {}
        for division in divisions:
            name = plain(division.name)
            reading = read(name, division.level)
            self._by_plain.setdefault(name, []).append(division)
            self._by_base.setdefault(reading.base, []).append((reading.kind, division))

    def matches(
        self, name: str, *, within: str | None = None, level: Level | None = None
    ) -> tuple[Match, ...]:
        """All divisions that a name may mean, exact ones first, in the order of the table.

        Another kind of division of the same level counts only when nothing else fits.
        """
        prefix = prefix_of(within) if within else ""
        nearest: dict[str, Match] = {}
        for match in self._candidates(plain(name), level):
            division = match.division
            if division.code.startswith(prefix) and level in {None, division.level}:
                known = nearest.get(division.code)
                if known is None or match.distance < known.distance:
                    nearest[division.code] = match
        found = sorted(nearest.values(), key=lambda match: match.distance)
        close = tuple(match for match in found if match.distance < Distance.OTHER_KIND)
        return close or tuple(found)

    def near(
        self, name: str, *, within: str | None = None, level: Level | None = None
    ) -> tuple[str, ...]:
        """Codes of divisions with a similar name, the most similar first, at most five."""
        prefix = prefix_of(within) if within else ""
        in_scope: dict[str, list[str]] = {}
        for known, divisions in self._by_plain.items():
            for division in divisions:
                if division.code.startswith(prefix) and level in {None, division.level}:
                    in_scope.setdefault(known, []).append(division.code)
        similar = get_close_matches(plain(name)[:40], in_scope, n=5, cutoff=0.5)
        return tuple(code for known in similar for code in in_scope[known])[:5]

    def _candidates(self, name: str, level: Level | None) -> Iterable[Match]:
        for division in self._by_plain.get(name, ()):
            yield Match(Distance.EXACT, division)
        for _, division in self._by_base.get(name, ()):
            yield Match(Distance.SPELT_OTHERWISE, division)
        reading = read(name, level)
        for kind, division in self._by_base.get(reading.base, ()):
            if reading.kind in {None, kind}:
                yield Match(Distance.SPELT_OTHERWISE, division)
            elif (division.level, reading.kind) in kinds():
                yield Match(Distance.OTHER_KIND, division)
