"""Deliveries that arrive out of order: what a later one said of a record stands against an earlier one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

import numpy as np
import polars as pl

from jingzhun.frames.deliveries import deliveries
from jingzhun.frames.workspace import Workspace
from jingzhun.quality.intake.delivery import DELIVERY
from jingzhun.quality.intake.keys import NOWHERE, Flags, KeyIndex, keys_of
from jingzhun.standard import schema


class Later:
    """What the workspace holds from deliveries received after those that are being imported."""

    def __init__(self, workspace: Workspace, received: Mapping[str, date]) -> None:
        """`received`: delivery that is being imported -> the day on which it was received."""
        self._workspace = workspace
        self._received = received
        self._held: dict[tuple[str, int, frozenset[str]], KeyIndex] = {}

    def outdated(self, table: schema.Table) -> Callable[[str, pl.DataFrame], Flags]:
        """For a delivery and the keys of its rows: which of them a later delivery has brought or changed."""

        def flags(delivery: str, keys: pl.DataFrame) -> Flags:
            found = np.zeros(keys.height, bool)
            for period in keys["period"].drop_nulls().unique().to_list():
                later = self._ids(table, period, self._received[delivery])
                if later:
                    index = self._index(table, period, later)
                    found |= index.find(keys_of(keys, table.key)) != NOWHERE
            return found

        return flags

    def _ids(self, table: schema.Table, period: int, received: date) -> frozenset[str]:
        known = deliveries(self._workspace, table.table)
        return frozenset(d.id for d in known if d.period == period and d.received > received)

    def _index(self, table: schema.Table, period: int, later: frozenset[str]) -> KeyIndex:
        wanted = (table.table, period, later)
        if wanted not in self._held:
            rows = self._workspace.scan(
                table.table, period=period, columns=(*table.key, DELIVERY)
            ).to_native()
            keys = rows.filter(pl.col(DELIVERY).is_in(sorted(later))).select(table.key).collect()
            index = self._held[wanted] = KeyIndex()
            index.add_held(keys_of(keys, table.key))
        return self._held[wanted]
