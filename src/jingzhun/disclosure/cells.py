"""Which counts must stay hidden so that no small count can be read off or worked out by subtraction.

The method, in the words of official statistics:

* **Primary suppression.** A count of 1 to limit - 1 is hidden. A zero is shown, as nobody is behind it. A
  sensitive count that is the *whole* of a small group is hidden too: it tells about every member of the group.
* **Secondary suppression.** Shown totals give a lonely hidden count away, so further counts are hidden: the
  smallest ones that do the job. Sums are the nodes and counts the edges of a network; a hidden count is safe when
  it lies on a cycle of hidden counts along which it can be shifted without changing a single shown figure. The
  cheapest such cycle is a shortest path (Kelly, Golden, Assad 1992; Castro 2007). A row that hides one count hides
  its next smallest as well; the general rule covers rows, columns, both at once, and tables below tables.
* **How far.** A small count must be free to be as large as the limit, so that a reader can't even tell that it is
  small; any other hidden count must have two possible values at least. A reader is assumed to know all shown
  figures, all sums, that counts are whole numbers, and that a hidden one is 1 or more, as zeros are shown.
* **Zeros** are hidden in one case: five hidden counts that add up to five would all be known to be 1. Then a zero
  beside them is hidden too, and a hidden count may be 0.
* All hidden counts carry the same mark; two marks would tell the small ones from their companions.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

# Hiding a zero is the last resort: cheaper cycles of any length are tried first.
_ZERO_COST = 10**15


@dataclass(frozen=True)
class Cell:
    """One count: it is added in the sum `plus` and subtracted in the sum `minus` (a total is subtracted).

    `small` must be hidden and must seem large; `hidden` was hidden elsewhere and must only stay unknown; `whole`
    is all of its group and must seem smaller; `kept` is published elsewhere and can't be hidden; `unpublished` is
    shown nowhere, as what the published counts leave of a total, but may be worked out.
    """

    value: int
    minus: Hashable
    plus: Hashable
    small: bool = False
    whole: bool = False
    hidden: bool = False
    kept: bool = False
    unpublished: bool = False

    @property
    def must_hide(self) -> bool:
        """Whether the count is hidden for its own sake."""
        return self.small or self.whole or self.hidden


def is_small(value: int | None, limit: int) -> bool:
    """Whether a count is too small to be shown: 1 to limit - 1. Zero and unknown (None) are not."""
    return value is not None and 0 < value < limit


def is_whole(value: int | None, total: int | None, limit: int) -> bool:
    """Whether a sensitive count is all of a small group, and so tells about each of its members.

    Groups of four times the limit and more are shown even so: there the fact is about a place or a rule, not about
    people who know each other. DEFAULT: the factor four is our own choice.
    """
    return bool(value) and value == total and value is not None and value < 4 * limit


def hide(cells: Sequence[Cell], limit: int) -> list[bool]:
    """For each cell whether it is hidden, by primary and secondary suppression (see the module).

    A cell that no companion can protect (all its companions are `kept`) stays hidden; `derivable` tells.
    """
    network = _Network(cells)
    for index, cell in enumerate(cells):
        if cell.must_hide:
            network.protect(index, limit)
    return network.hidden


def derivable(cells: Sequence[Cell], hidden: Sequence[bool]) -> list[int]:
    """The hidden cells whose value a reader can work out from the shown ones and the sums: an exact audit."""
    network = _Network(cells)
    network.hidden = [h or cell.unpublished for h, cell in zip(hidden, cells, strict=True)]
    network.least = least(cells, hidden)
    return [
        index
        for index, cell in enumerate(cells)
        if (cell.small if cell.unpublished else hidden[index]) and not network.can_change(index)
    ]


def least(cells: Sequence[Cell], hidden: Sequence[bool]) -> int:
    """The least value of a hidden count that a reader must reckon with: 1, or 0 when a zero is hidden."""
    pairs = zip(cells, hidden, strict=True)
    return 0 if any(is_in and not (cell.value or cell.unpublished) for cell, is_in in pairs) else 1


class _Network:
    """Sums as nodes, counts as edges; the residual network of the hidden counts."""

    def __init__(self, cells: Sequence[Cell]) -> None:
        self.cells = cells
        self.hidden = [cell.must_hide or cell.unpublished for cell in cells]
        self.least = 1
        # node -> (cell, neighbour, +1 when going there raises the count, -1 when it lowers it)
        self.steps: dict[Hashable, list[tuple[int, Hashable, int]]] = defaultdict(list)
        for index, cell in enumerate(cells):
            self.steps[cell.minus].append((index, cell.plus, 1))
            self.steps[cell.plus].append((index, cell.minus, -1))

    def protect(self, index: int, limit: int) -> None:
        """Hide the cheapest companions that leave the cell free to move as far as it must."""
        cell = self.cells[index]
        if any(self._free(index, amount) for amount in self._shifts(index, limit)):
            return
        self.least = 0
        beside = [*self.steps[cell.minus], *self.steps[cell.plus]]
        zeros = [
            edge for edge, *_ in beside if not self.cells[edge].value and not self.cells[edge].kept
        ]
        if any(self.hidden[zero] or self._free(zero, 1) for zero in zeros):
            self._free(index, -1 if cell.value else 1)
        self.least = least(self.cells, self.hidden)

    def _free(self, index: int, amount: int) -> bool:
        """Hide the cell and what lets it move by `amount`, if anything can."""
        found = self._companions(index, amount, only_hidden=False)
        for edge in [index, *found] if found is not None else []:
            self.hidden[edge] = True
        return found is not None

    def can_change(self, index: int) -> bool:
        """Whether the hidden cell has a second possible value."""
        can_rise = self._companions(index, 1, only_hidden=True) is not None
        return can_rise or (
            self._room(index) > 0 and self._companions(index, -1, only_hidden=True) is not None
        )

    def _shifts(self, index: int, limit: int) -> list[int]:
        """By how much the cell should be free to move: the wished shift first, then any."""
        cell = self.cells[index]
        down = [-1] if self._room(index) else []
        if cell.whole:
            return [*down, 1]
        wished = max(1, limit - cell.value)
        return list(dict.fromkeys([wished, 1, *down]))

    def _room(self, index: int) -> int:
        """By how much the count could be smaller in the eyes of a reader."""
        cell = self.cells[index]
        return cell.value - (0 if cell.unpublished else self.least)

    def _companions(self, index: int, amount: int, *, only_hidden: bool) -> list[int] | None:
        """The cheapest cells that, hidden, let the cell move by `amount`; none needed: []; impossible: None."""
        cell = self.cells[index]
        start, goal = (cell.plus, cell.minus) if amount > 0 else (cell.minus, cell.plus)
        if start == goal:
            return []
        best: dict[Hashable, int] = {start: 0}
        came: dict[Hashable, tuple[Hashable, int]] = {}
        queue: list[tuple[int, int, Hashable]] = [(0, 0, start)]
        tick = 0
        while queue:
            cost, _, node = heapq.heappop(queue)
            if node == goal:
                return self._trace(came, start, goal)
            if cost > best[node]:
                continue
            for edge, there, direction in self.steps[node]:
                price = (
                    None
                    if edge == index
                    else self._price(edge, direction, abs(amount), only_hidden)
                )
                if price is not None and cost + price < best.get(there, 10**30):
                    best[there] = cost + price
                    came[there] = (node, edge)
                    tick += 1
                    heapq.heappush(queue, (cost + price, tick, there))
        return None

    def _price(self, edge: int, direction: int, amount: int, only_hidden: bool) -> int | None:
        """What it costs to shift this count by `amount` in this direction; None when it can't be."""
        cell = self.cells[edge]
        if direction < 0 and self._room(edge) < amount:
            return None
        if self.hidden[edge]:
            return 0
        if only_hidden or cell.kept:
            return None
        return cell.value + 1 if cell.value else _ZERO_COST

    @staticmethod
    def _trace(
        came: dict[Hashable, tuple[Hashable, int]], start: Hashable, goal: Hashable
    ) -> list[int]:
        """The cells on the path found."""
        edges = []
        node = goal
        while node != start:
            node, edge = came[node]
            edges.append(edge)
        return edges
