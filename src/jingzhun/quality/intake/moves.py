"""Rows that the workspace holds under one county and an import places in another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from jingzhun.frames.partitions import KEY, storage_schema
from jingzhun.frames.workspace import Workspace
from jingzhun.quality.intake.keys import NOWHERE, Counties, keys_of
from jingzhun.quality.intake.spool import Slot
from jingzhun.quality.intake.table_intake import TableIntake
from jingzhun.standard import schema

_TO = "intake_to"

Tables = Mapping[str, schema.Table]
"""The tables of the standard with the columns that a pack adds."""


@dataclass
class Moves:
    """Rows of one table that the workspace holds under a county which they leave."""

    leaving: dict[Slot, pl.DataFrame] = field(default_factory=dict)
    """Old county and period -> keys of the rows that go."""
    arriving: dict[Slot, list[pl.DataFrame]] = field(default_factory=lambda: defaultdict(list))
    """New county and period -> the rows as they were."""

    def add(self, slot: Slot, key: tuple[str, ...], going: pl.DataFrame) -> None:
        """Rows of a slot that go to the county in the column `_TO`."""
        if not going.height:
            return
        self.leaving[slot] = going.select(key)
        for (county,), rows in going.partition_by(_TO, as_dict=True, include_key=False).items():
            self.arriving[(str(county), slot[1])].append(rows)

    @property
    def slots(self) -> set[Slot]:
        """Every slot that changes by a move."""
        return {*self.leaving, *self.arriving}


def find_moves(
    workspace: Workspace, intakes: dict[str, TableIntake], tables: Tables
) -> dict[str, Moves]:
    """All moves of an import, by table; the children of a row that moves go with it."""
    found: dict[str, Moves] = defaultdict(Moves)
    for name in parents_first(set(intakes), tables):
        table = tables[name]
        for slot in _held_slots(workspace, name, intakes[name]):
            if slot in found[name].leaving:
                continue
            going = _going(workspace, table, intakes[name], slot)
            found[name].add(slot, table.key, going)
            for child in _children(name, tables) if going.height else ():
                _take_along(workspace, child, going, slot, intakes, found)
    return found


def parents_first(names: set[str], tables: Tables) -> list[str]:
    """Table names so that a table comes after the one above it."""
    return sorted(names, key=lambda name: (tables[name].parent is not None, name))


def held_rows(workspace: Workspace, table: schema.Table, slot: Slot) -> pl.DataFrame:
    """The rows of a partition in the columns of the standard."""
    types = storage_schema(table)
    found = workspace.read(table.table, *slot)
    if found is None:
        return pl.DataFrame(schema=types)
    absent = [pl.lit(None, dtype=t).alias(n) for n, t in types.items() if n not in found.columns]
    return found.drop(KEY, strict=False).with_columns(absent).select(list(types))


def _children(table: str, tables: Tables) -> list[schema.Table]:
    return [t for t in tables.values() if t.parent and t.parent.table == table]


def _held_slots(workspace: Workspace, table: str, intake: TableIntake) -> list[Slot]:
    periods = {period for _, period in intake.spool.slots}
    return [(p.county, p.period) for p in workspace.files(table) if p.period in periods]


def _going(
    workspace: Workspace, table: schema.Table, intake: TableIntake, slot: Slot
) -> pl.DataFrame:
    """The rows of a partition whose key comes under another county now."""
    key = table.key
    keys = (
        workspace.scan(table.table, period=slot[1], county=slot[0], columns=key)
        .to_native()
        .collect()
    )
    target = intake.keys.counties(intake.keys.find(keys_of(keys, key)))
    if not ((target != NOWHERE) & (target != int(slot[0]))).any():
        return pl.DataFrame(schema=dict.fromkeys((*key, _TO), pl.String))
    return _with_target(held_rows(workspace, table, slot), target, slot)


def _with_target(rows: pl.DataFrame, target: Counties, slot: Slot) -> pl.DataFrame:
    county = pl.Series(_TO, target).cast(pl.String).str.zfill(6)
    goes = pl.Series((target != NOWHERE) & (target != int(slot[0])))
    return rows.with_columns(county).filter(goes)


def _take_along(
    workspace: Workspace,
    child: schema.Table,
    going: pl.DataFrame,
    slot: Slot,
    intakes: dict[str, TableIntake],
    found: dict[str, Moves],
) -> None:
    """Children of the rows that go: they follow, unless the import itself places them elsewhere."""
    parent_key = child.parent.key if child.parent else ()
    rows = held_rows(workspace, child, slot)
    follow = rows.join(
        going.select(*parent_key, _TO), on=parent_key, how="left", maintain_order="left"
    )
    target = follow[_TO].cast(pl.Int32).fill_null(NOWHERE).to_numpy()
    intake = intakes.get(child.table)
    if intake is not None:
        own = intake.keys.counties(intake.keys.find(keys_of(rows, child.key)))
        target = np.where(own == NOWHERE, target, own)
    found[child.table].add(slot, child.key, _with_target(rows, target, slot))
