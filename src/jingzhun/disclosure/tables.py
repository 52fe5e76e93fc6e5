"""Hiding counts in lines and tables with totals: the shapes in which figures are published."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from jingzhun.disclosure.cells import Cell, hide, is_small, is_whole

_TOTAL = -1
_OUTSIDE = "outside"
Position = tuple[int, int]


@dataclass(frozen=True)
class Line:
    """Counts that add up to a total, by default to their sum.

    `also` names counts (by position) that are hidden for another reason, `kept` such as are published elsewhere.
    `small_rest` tells whether a small rest of the total has to be protected too.
    """

    values: Sequence[int]
    total: int | None = None
    total_hidden: bool = False
    also: frozenset[int] = frozenset()
    kept: frozenset[int] = frozenset()
    small_rest: bool = True

    @property
    def overlaps(self) -> bool:
        """Whether the counts exceed the total: then they overlap and nobody can subtract."""
        return self.total is not None and sum(self.values) > self.total

    def cells(self, limit: int) -> list[Cell]:
        """The line as a network: the counts, what they leave of the total, the total."""
        total = sum(self.values) if self.total is None else self.total
        rest = total - sum(self.values)
        cells = [
            Cell(
                value,
                minus=_OUTSIDE,
                plus=_TOTAL,
                small=is_small(value, limit) and (self.small_rest or position < len(self.values)),
                hidden=position in self.also,
                kept=position in self.kept or (position == len(self.values) and rest == 0),
                unpublished=position == len(self.values) and rest > 0,
            )
            for position, value in enumerate([*self.values, rest])
        ]
        return [*cells, _total(total, _TOTAL, _OUTSIDE, self.total_hidden)]


def hide_line(line: Line, limit: int) -> list[bool]:
    """For each count of the line whether it is hidden; the total stays as it is.

    What the counts leave of a larger total is a count like any other, as a reader can subtract. Of overlapping
    counts only the small ones are hidden.
    """
    if line.overlaps:
        return [is_small(v, limit) or i in line.also for i, v in enumerate(line.values)]
    return hide(line.cells(limit), limit)[: len(line.values)]


@dataclass(frozen=True)
class Table:
    """A table of counts, one row per group, one column per class; its totals were decided before.

    Totals may exceed their sums (the rest is a count too). `hidden_rows` and `hidden_columns` tell which totals
    are hidden; `also` and `kept` are (row, column) positions; in `sensitive` columns the whole of a small group is
    telling. `small_rest` tells whether a small rest of a row has to be protected too.
    """

    values: Sequence[Sequence[int]]
    row_totals: Sequence[int] | None = None
    column_totals: Sequence[int] | None = None
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    total_hidden: bool = False
    also: frozenset[Position] = frozenset()
    kept: frozenset[Position] = frozenset()
    sensitive: frozenset[int] = frozenset()
    small_rest: bool = True

    @property
    def overlaps(self) -> bool:
        """Whether the counts of a row or column exceed its total: then they overlap and nobody can subtract."""
        rows = [sum(row) for row in self.values]
        columns = [sum(column) for column in zip(*self.values, strict=True)]
        return _exceeds(rows, self.row_totals) or _exceeds(columns, self.column_totals)

    def full(self) -> list[list[int]]:
        """The table with a last column and a last row for what the counts leave of the totals."""
        totals = self.row_totals or [sum(row) for row in self.values]
        rows = [[*row, t - sum(row)] for row, t in zip(self.values, totals, strict=True)]
        sums = [sum(column) for column in zip(*rows, strict=True)]
        wanted = [*(self.column_totals or sums[:-1]), sums[-1]]
        return [*rows, [want - have for want, have in zip(wanted, sums, strict=True)]]

    def cells(self, limit: int) -> dict[Position, Cell]:
        """The table as a network, by (row, column); the position -1 stands for a total."""
        full = self.full()
        sums = [sum(column) for column in zip(*full, strict=True)]
        last_row, last_column = len(full) - 1, len(sums) - 1
        cells = {}
        for row, counts in enumerate(full):
            for column in range(len(counts)):
                cells[row, column] = self._count(full, (row, column), limit)
            ends = ("column", _TOTAL), ("row", row)
            cells[row, _TOTAL] = _total(
                sum(counts), *ends, row in self.hidden_rows, row == last_row
            )
        for column, value in enumerate(sums):
            ends = ("column", column), ("row", _TOTAL)
            hidden = column in self.hidden_columns
            cells[_TOTAL, column] = _total(value, *ends, hidden, column == last_column)
        ends = ("row", _TOTAL), ("column", _TOTAL)
        cells[_TOTAL, _TOTAL] = _total(sum(sums), *ends, self.total_hidden)
        return cells

    def _count(self, full: list[list[int]], position: Position, limit: int) -> Cell:
        row, column = position
        value = full[row][column]
        in_last_row, in_last_column = row == len(full) - 1, column == len(full[0]) - 1
        # A rest that is nowhere larger than zero is no unknown: everybody knows that the classes are complete.
        no_rest = (in_last_column and not any(line[column] for line in full)) or (
            in_last_row and not any(full[row])
        )
        return Cell(
            value,
            minus=("row", row),
            plus=("column", column),
            small=is_small(value, limit) and (self.small_rest or not in_last_column),
            whole=column in self.sensitive and is_whole(value, sum(full[row]), limit),
            hidden=position in self.also,
            kept=position in self.kept or no_rest,
            unpublished=(in_last_row or in_last_column) and not no_rest,
        )


def _total(
    value: int, minus: Hashable, plus: Hashable, hidden: bool, of_rest: bool = False
) -> Cell:
    """A total; that of the rests is published nowhere, unless there is none."""
    unpublished = of_rest and value > 0
    return Cell(
        value, minus, plus, hidden=hidden, kept=not (hidden or unpublished), unpublished=unpublished
    )


def _exceeds(sums: Sequence[int], totals: Sequence[int] | None) -> bool:
    return totals is not None and any(s > t for s, t in zip(sums, totals, strict=True))


def hide_table(table: Table, limit: int) -> list[list[bool]]:
    """For each count of the table whether it is hidden, so that no shown total gives a hidden count away.

    Of overlapping counts only the small ones are hidden, and those in `also`.
    """
    if not any(table.values):
        return [[] for _ in table.values]
    if table.overlaps:
        return [
            [is_small(value, limit) or (r, c) in table.also for c, value in enumerate(row)]
            for r, row in enumerate(table.values)
        ]
    cells = table.cells(limit)
    hidden = dict(zip(cells, hide(list(cells.values()), limit), strict=True))
    return [[hidden[r, c] for c in range(len(row))] for r, row in enumerate(table.values)]
