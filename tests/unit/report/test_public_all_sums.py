"""All published figures at once: no hidden count follows from all the shown ones and all sums a reader knows."""

from __future__ import annotations

from typing import Any

import pytest
from invented_summary import make_summary
from known_sums import at, known_sums

from jingzhun.disclosure.marks import is_hidden
from jingzhun.report.public import gate, public_summary
from jingzhun.report.public.contract import declared

Row = dict[Any, int]
PRIME = 2**61 - 1


@pytest.mark.parametrize("prefectures", [("6202", "6203"), ("62",)])
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("households", [30, 120, 400, 20_000, 90_000])
def test_no_hidden_count_follows_from_everything_that_is_shown(
    households: int, seed: int, prefectures: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Rows are put in another order at the very end: without that they stand as the exact ones.
    monkeypatch.setattr(gate, "_most_first", lambda rows, _key: rows)
    summary = make_summary(households, seed, prefectures=prefectures)

    assert determined(exact(summary), public_summary(summary)) == []


def test_the_check_sees_a_count_that_follows() -> None:
    assert fixed([{"a": 1, "b": 1}, {"b": 1, "c": 1}, {"a": 1, "b": 1, "c": 1}]) == {"a", "b", "c"}
    assert fixed([{"a": 1, "b": 1}, {"b": 1, "c": 1}, {"d": -1}]) == {"d"}


def exact(summary: dict[str, Any]) -> dict[str, Any]:
    """What may be published, before anything is hidden, with the columns' totals of cross tables."""
    found = declared(summary)
    for cross in found["cross"].values():
        cross["column_totals"] = [sum(column) for column in zip(*cross["households"], strict=True)]
    return found


def determined(exact: dict[str, Any], public: dict[str, Any]) -> list[Any]:
    """Hidden counts of which only one value agrees with everything shown."""
    rows: list[Row] = []
    sums = known_sums(exact)
    rests = {one.rest for one in sums}
    for one in sums:
        signed = [(one.total, -1), *((part, 1) for part in one.parts)]
        row = {name: sign for name, sign in signed if is_hidden(at(public, name))}
        rows.append(row if one.rest is None else {**row, one.rest: 1})
    return sorted(fixed(rows) - rests)


def fixed(rows: list[Row]) -> set[Any]:
    """Unknowns that the equations determine: exact elimination, modulo a prime so that numbers stay small."""
    solved: dict[Any, Row] = {}
    for row in sorted(rows, key=len):
        left = {name: number % PRIME for name, number in row.items()}
        for name in list(left):
            if name in solved:
                left = _without(left, name, solved[name])
        if not left:
            continue
        pivot = next(iter(left))
        scale = pow(left[pivot], -1, PRIME)
        left = {name: number * scale % PRIME for name, number in left.items()}
        for other, known in solved.items():
            if pivot in known:
                solved[other] = _without(known, pivot, left)
        solved[pivot] = left
    return {name for name, row in solved.items() if len(row) == 1}


def _without(row: Row, name: Any, by: Row) -> Row:
    """The row with `name` replaced by what `by` (where it stands once) says of it."""
    factor = row[name]
    found = dict(row)
    for key, number in by.items():
        found[key] = (found.get(key, 0) - factor * number) % PRIME
    return {key: number for key, number in found.items() if number}
