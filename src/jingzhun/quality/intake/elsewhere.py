"""Numbers that rows outside the areas of an import have: it must not take those rows over by using them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl

from jingzhun.frames.workspace import Workspace
from jingzhun.quality.intake.keys import NOWHERE, Flags, KeyIndex, keys_of
from jingzhun.standard import schema


class Elsewhere:
    """Keys of a workspace's rows that lie outside some areas, read when they are first asked for."""

    def __init__(self, workspace: Workspace, within: tuple[str, ...]) -> None:
        """`within`: prefixes of area codes, at least one."""
        self._workspace = workspace
        self._within = within
        self._held: dict[tuple[str, int], KeyIndex] = {}

    def taken(self, table: schema.Table) -> Callable[[pl.DataFrame], Flags]:
        """For the keys of rows: which of them rows outside have.

        Tables without an area of their own have none outside: a member's area is that of its household.
        """

        def flags(keys: pl.DataFrame) -> Flags:
            found = np.zeros(keys.height, bool)
            if table.area is None:
                return found
            hashed = keys_of(keys, table.key)
            for period in keys["period"].drop_nulls().unique().to_list():
                found |= self._index(table, period).find(hashed) != NOWHERE
            return found

        return flags

    def _index(self, table: schema.Table, period: int) -> KeyIndex:
        wanted = (table.table, period)
        if wanted not in self._held:
            index = self._held[wanted] = KeyIndex()
            for county in self._workspace.counties(period, table.table):
                if not any(county.startswith(prefix) for prefix in self._within):
                    index.add_held(keys_of(self._outside(table, period, county), table.key))
        return self._held[wanted]

    def _outside(self, table: schema.Table, period: int, county: str) -> pl.DataFrame:
        area = str(table.area)
        inner = [prefix for prefix in self._within if prefix.startswith(county)]
        columns = (*table.key, area) if inner else table.key
        rows = self._workspace.scan(table.table, period=period, county=county, columns=columns)
        keys: pl.DataFrame = rows.to_native().collect()
        if not inner:
            return keys
        inside = pl.any_horizontal(pl.col(area).str.starts_with(prefix) for prefix in inner)
        return keys.filter(~inside.fill_null(False))
