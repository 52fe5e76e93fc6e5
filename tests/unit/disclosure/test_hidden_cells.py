"""Small counts and their companions: nothing hidden can be worked out from what is shown."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from jingzhun.disclosure.cells import Cell, derivable, least
from jingzhun.disclosure.marks import HIDDEN, derived, is_hidden, marked
from jingzhun.disclosure.tables import Line, Table, hide_line, hide_table

LIMIT = 5


def mask(text: str) -> list[list[bool]]:
    """`x` is hidden, `.` is shown; one line per row."""
    return [[mark == "x" for mark in line] for line in text.split()]


def test_a_lonely_small_count_takes_the_next_smallest_with_it() -> None:
    assert hide_line(Line([120, 3, 40, 17]), LIMIT) == [False, True, False, True]


def test_a_line_without_small_counts_is_shown_whole() -> None:
    assert hide_line(Line([120, 5, 0, 17]), LIMIT) == [False] * 4


def test_a_zero_is_shown() -> None:
    assert hide_line(Line([0, 3, 4, 90]), LIMIT)[0] is False


def test_two_ones_whose_sum_gives_them_away_take_a_third_count() -> None:
    assert hide_line(Line([1, 1, 30, 90]), LIMIT) == [True, True, True, False]


def test_what_is_left_of_the_total_counts_as_a_companion() -> None:
    assert hide_line(Line([3, 40, 90], total=150), LIMIT) == [True, False, False]


def test_a_small_rest_of_the_total_can_not_be_worked_out() -> None:
    assert hide_line(Line([30, 40, 90], total=162), LIMIT) == [True, False, False]


def test_a_hidden_total_is_not_the_sum_of_shown_counts() -> None:
    assert hide_line(Line([30, 40, 90], total_hidden=True), LIMIT) == [True, False, False]


def test_a_zero_is_hidden_only_when_nothing_else_protects() -> None:
    assert hide_line(Line([3, 0, 0], total=3), LIMIT) == [True, True, False]


def test_five_ones_that_add_up_to_five_take_a_zero_with_them() -> None:
    hidden = hide_line(Line([1, 1, 1, 1, 1, 0, 0]), LIMIT)
    assert hidden == [True] * 5 + [True, False]


def test_of_overlapping_counts_only_small_ones_are_hidden() -> None:
    assert hide_line(Line([70, 60, 2], total=100), LIMIT) == [False, False, True]


def test_counts_published_elsewhere_are_never_companions() -> None:
    assert hide_line(Line([3, 10, 90], kept=frozenset({1})), LIMIT) == [True, False, True]


def test_a_small_count_in_a_table_hides_a_rectangle() -> None:
    table = Table([[90, 3, 40], [70, 50, 20], [80, 60, 30]])
    assert hide_table(table, LIMIT) == mask(".xx .xx ...")


def test_small_counts_that_already_protect_each_other_hide_nothing_more() -> None:
    table = Table([[40, 4, 4], [70, 60, 50], [50, 9, 9]], also=frozenset({(2, 1), (2, 2)}))
    assert hide_table(table, LIMIT) == mask(".xx ... .xx")


def test_the_whole_of_a_small_group_is_telling() -> None:
    table = Table([[12, 0], [30, 50], [40, 60]], sensitive=frozenset({0}))
    assert hide_table(table, LIMIT)[0] == [True, True]


def test_the_whole_of_a_large_group_is_shown() -> None:
    table = Table([[20, 0], [30, 50]], sensitive=frozenset({0}))
    assert hide_table(table, LIMIT) == mask(".. ..")


def test_a_table_without_counts_hides_nothing() -> None:
    assert hide_table(Table([], column_totals=[7]), LIMIT) == []
    assert hide_table(Table([[], []], row_totals=[7, 8]), LIMIT) == [[], []]


def test_a_hidden_total_hides_some_of_its_counts() -> None:
    hidden = hide_table(
        Table([[8, 30], [60, 70], [40, 50]], hidden_columns=frozenset({0, 1})), LIMIT
    )
    assert any(row[0] for row in hidden)
    assert any(row[1] for row in hidden)


def test_a_figure_derived_from_a_hidden_count_is_hidden() -> None:
    assert derived(0.12, 40, HIDDEN) == HIDDEN
    assert derived(0.12, 40, None) == 0.12
    assert marked(None, True) is None
    assert not is_hidden(0)


def _solutions(table: Table, hidden: Sequence[Sequence[bool]]) -> Iterator[list[list[int]]]:
    """Every table of whole numbers that agrees with all shown figures and sums: by brute force."""
    rows, columns = len(table.values), len(table.values[0])
    left_row = [
        sum(v for v, h in zip(r, hs, strict=True) if h)
        for r, hs in zip(table.values, hidden, strict=True)
    ]
    left_column = [
        sum(table.values[r][c] for r in range(rows) if hidden[r][c]) for c in range(columns)
    ]
    spots = [(r, c) for r in range(rows) for c in range(columns) if hidden[r][c]]
    guess = [list(row) for row in table.values]
    floor = 0 if any(table.values[r][c] == 0 for r, c in spots) else 1

    def fill(at: int) -> Iterator[list[list[int]]]:
        if at == len(spots):
            if not any(left_row) and not any(left_column):
                yield [list(row) for row in guess]
            return
        r, c = spots[at]
        for value in range(floor, min(left_row[r], left_column[c]) + 1):
            guess[r][c] = value
            left_row[r] -= value
            left_column[c] -= value
            yield from fill(at + 1)
            left_row[r] += value
            left_column[c] += value

    yield from fill(0)


def _room(
    cells: Sequence[Cell], values: list[int], hidden: Sequence[bool]
) -> list[tuple[int, int]]:
    """The shifts by one that are possible: (cell, +1 or -1)."""
    shown = [index for index, is_in in enumerate(hidden) if not is_in]
    spots = [index for index in range(len(cells)) if index not in shown]
    floor = least(cells, hidden)
    return [(i, 1) for i in spots] + [(i, -1) for i in spots if values[i] > floor]


def _largest(cells: Sequence[Cell], hidden: Sequence[bool], spot: int) -> int:
    """The largest value the hidden count can have, up to the limit: shift one unit at a time while it goes."""
    values = [cell.value for cell in cells]
    while values[spot] < LIMIT:
        came: dict[Hashable, tuple[int, int]] = {}
        queue = [cells[spot].plus]
        shifts = [shift for shift in _room(cells, values, hidden) if shift[0] != spot]
        for node in queue:
            for index, step in shifts:
                start, end = _ends(cells[index], step)
                if start == node and end not in came and end != queue[0]:
                    came[end] = (index, step)
                    queue.append(end)
        if cells[spot].minus not in came:
            break
        values[spot] += 1
        node = cells[spot].minus
        while node != queue[0]:
            index, step = came[node]
            values[index] += step
            node = _ends(cells[index], step)[0]
    return values[spot]


def _ends(cell: Cell, step: int) -> tuple[Hashable, Hashable]:
    return (cell.minus, cell.plus) if step > 0 else (cell.plus, cell.minus)


def _with_totals(table: Table, hidden: Sequence[Sequence[bool]]) -> list[bool]:
    """Which cells of the table's network are hidden: the totals and rests are not."""
    height, width = len(table.values), len(table.values[0])
    spots = table.cells(LIMIT)
    return [0 <= r < height and 0 <= c < width and hidden[r][c] for r, c in spots]


counts = st.integers(0, 9) | st.sampled_from([0, 1, 1, 2])
tables = st.integers(2, 3).flatmap(
    lambda width: st.lists(st.lists(counts, min_size=width, max_size=width), min_size=2, max_size=3)
)


@settings(max_examples=400, deadline=None)
@given(tables)
def test_no_hidden_count_of_a_table_has_only_one_possible_value(values: list[list[int]]) -> None:
    table = Table(values)
    hidden = hide_table(table, LIMIT)
    exposed = derivable(list(table.cells(LIMIT).values()), _with_totals(table, hidden))
    solutions = list(_solutions(table, hidden))
    spots = [(r, c) for r, row in enumerate(hidden) for c, is_in in enumerate(row) if is_in]
    fixed = [(r, c) for r, c in spots if len({s[r][c] for s in solutions}) == 1]
    assert len(exposed) == len(fixed), "the audit sees what brute force sees"
    totals = [sum(row) for row in values] + [sum(column) for column in zip(*values, strict=True)]
    assert not fixed or any(0 < total < LIMIT for total in totals), "a small total tells its counts"


@settings(max_examples=200, deadline=None)
@given(tables)
def test_in_a_table_with_room_every_small_count_could_as_well_be_large(
    values: list[list[int]],
) -> None:
    width = len(values[0])
    table = Table([[*row, 70, 80] for row in [*values, [50] * width, [60] * width]])
    cells = table.cells(LIMIT)
    hidden = _with_totals(table, hide_table(table, LIMIT))
    assert not derivable(list(cells.values()), hidden)
    for index, cell in enumerate(cells.values()):
        assert not cell.small or (
            hidden[index] and _largest(list(cells.values()), hidden, index) >= LIMIT
        )


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(0, 30), min_size=1, max_size=12))
def test_in_a_line_with_room_every_small_count_could_as_well_be_large(values: list[int]) -> None:
    line = Line([*values, 40, 50])
    hidden = hide_line(line, LIMIT)
    taken = [value for value, is_in in zip(line.values, hidden, strict=True) if is_in]
    room = sum(taken) - sum(min(1, value) for value in taken)
    assert all(min(1, value) + room >= LIMIT for value in taken)
    for value, is_in in zip(line.values, hidden, strict=True):
        assert is_in or value == 0 or value >= LIMIT
