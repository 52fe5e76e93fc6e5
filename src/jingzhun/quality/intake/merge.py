"""Accepted rows meet the workspace: new, changed or unchanged, county by county and year by year.

A row whose key is known sets the columns that the mapping fills and leaves the others as they were. A
row that comes under another county than before moves there; a household takes its persons along.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from jingzhun.frames.workspace import Batch, Workspace
from jingzhun.quality.intake.delivery import DELIVERY
from jingzhun.quality.intake.moves import Moves, Tables, find_moves, held_rows, parents_first
from jingzhun.quality.intake.spool import Slot
from jingzhun.quality.intake.table_intake import TableIntake
from jingzhun.standard import schema

_OLD = "intake_old_"
_KNOWN = "intake_known"


def settle(
    batch: Batch, workspace: Workspace, intakes: dict[str, TableIntake], tables: Tables
) -> Iterator[tuple[Slot, int, int]]:
    """Put every changed partition into the batch; yields each county and period when it is done,
    with the number done and the number of all."""
    for intake in intakes.values():
        intake.spool.flush()
    moves = find_moves(workspace, intakes, tables)
    slots = {slot for intake in intakes.values() for slot in intake.spool.slots}
    slots |= {slot for table in moves.values() for slot in table.slots}
    for done, slot in enumerate(sorted(slots), start=1):
        for table in parents_first({*intakes, *moves}, tables):
            rows = _settled(workspace, tables[table], slot, intakes.get(table), moves[table])
            if rows is not None:
                batch.put(table, *slot, rows)
        batch.flush()
        yield slot, done, len(slots)


# -- one partition ---------------------------------------------------------------------------------


def _settled(
    workspace: Workspace, table: schema.Table, slot: Slot, intake: TableIntake | None, moves: Moves
) -> pl.DataFrame | None:
    """The partition as it will be; null when it stays as it is."""
    before = held_rows(workspace, table, slot)
    if slot in moves.leaving:
        before = before.join(moves.leaving[slot], on=table.key, how="anti", maintain_order="left")
    arrived = moves.arriving.get(slot, [])
    before = pl.concat([before, *(rows.select(before.columns) for rows in arrived)])
    if intake is None:
        return before if slot in moves.slots else None
    touched = slot in moves.slots
    for incoming in intake.spool.read(slot):
        before, new, changed = _merged(before, incoming, table)
        intake.counts.new += new
        intake.counts.changed += changed
        intake.counts.unchanged += incoming.height - new - changed
        touched = touched or new + changed > 0
    return before if touched else None


def _merged(
    before: pl.DataFrame, incoming: pl.DataFrame, table: schema.Table
) -> tuple[pl.DataFrame, int, int]:
    """The rows after, and how many are new and how many changed."""
    if not before.height:
        whole = pl.concat([before, incoming], how="diagonal")
        return whole.select(before.columns), incoming.height, 0
    filled = [name for name in incoming.columns if name not in table.key]
    old = before.with_columns(pl.lit(True).alias(_KNOWN)).rename(
        {name: f"{_OLD}{name}" for name in before.columns if name not in table.key}
    )
    both = incoming.join(old, on=table.key, how="left", maintain_order="left")
    is_new = pl.col(_KNOWN).is_null()
    compared = [name for name in filled if name != DELIVERY]
    same = [pl.col(name).eq_missing(pl.col(f"{_OLD}{name}")) for name in compared]
    differs = ~pl.all_horizontal(*same, pl.lit(True))
    new, changed = both.select(is_new.sum().alias("new"), (~is_new & differs).sum()).row(0)
    if not new and not changed:
        return before, 0, 0
    after = both.select(_after(name, incoming.columns, differs | is_new) for name in before.columns)
    kept = before.join(incoming.select(table.key), on=table.key, how="anti", maintain_order="left")
    return pl.concat([kept, after]), int(new), int(changed)


def _after(name: str, incoming: list[str], is_other: pl.Expr) -> pl.Expr:
    """A column of the rows after: what comes in, else what was there.

    A row that comes again as it was stays with the delivery that brought it.
    """
    old = pl.col(f"{_OLD}{name}")
    if name not in incoming:
        return old.alias(name)
    if name == DELIVERY:
        return pl.when(is_other).then(name).otherwise(old).alias(name)
    return pl.col(name)
