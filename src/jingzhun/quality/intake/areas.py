"""What an import knows of places: the counties of the pack, past county codes, and names of places."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import polars as pl

from jingzhun.errors import StandardError
from jingzhun.standard.divisions import Divisions, Level, historic_codes

_COUNTY = 6


@dataclass(frozen=True)
class Areas:
    """The divisions of a pack, as an import needs them."""

    divisions: Divisions

    @cached_property
    def counties(self) -> frozenset[str]:
        """Six-digit codes of all counties."""
        return frozenset(d.code[:_COUNTY] for d in self.divisions.at_level(Level.COUNTY))

    @cached_property
    def past_counties(self) -> dict[str, str]:
        """Six-digit code of an abolished county -> that of its one successor in the pack."""
        found = {}
        for old in historic_codes():
            new = self.divisions.current_code(old) if len(old) == _COUNTY else None
            if new is not None and new[:_COUNTY] in self.counties and new[:_COUNTY] != old:
                found[old] = new[:_COUNTY]
        return found

    def codes_of(self, names: pl.DataFrame) -> pl.Series:
        """The division that the names of each row mean, read from the widest area down.

        Null where a name is missing, unknown, or may mean several divisions.
        """
        distinct = names.unique(maintain_order=True)
        codes = [self._code(row) for row in distinct.rows()]
        found = distinct.with_columns(pl.Series("code", codes, dtype=pl.String))
        return names.join(
            found, on=names.columns, how="left", nulls_equal=True, maintain_order="left"
        )["code"]

    def _code(self, names: tuple[str | None, ...]) -> str | None:
        area: str | None = None
        for name in names:
            if name is None or not name.strip():
                return None
            try:
                area = self.divisions.resolve(name, within=area)
            except StandardError:
                return None
        return area
