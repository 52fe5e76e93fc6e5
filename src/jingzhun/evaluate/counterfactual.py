"""What would change an indicator: the smallest changes of recorded facts that make it met.

Candidate changes are tried by the thousand, each as a variant of the household, all at once through the
compiled program; so what is said here is what the rules really do, not a second reading of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations, product
from types import ModuleType
from typing import Any

import narwhals as nw

from jingzhun.policy.cel import Expr, Program, Scope
from jingzhun.policy.cel.tree import Const, Dated, Field, Kind, fields, walk
from jingzhun.policy.cel.virtual import SOURCES
from jingzhun.standard import schema

Row = Mapping[str, Any]

GIVEN = frozenset(
    # What no help can change: who people are, where they are registered, what the register says of itself.
    [
        "household_id",
        "person_id",
        "household_key",
        "period",
        "village_code",
        "birth_date",
        "sex",
        "ethnicity",
        "relation",
        "document_number",
        "document_type",
        "is_registered",
        "exit_status",
        "record_state",
        "shares_budget",
        "is_active_soldier",
        "national",
        "identified_date",
    ]
)
MOST_VARIANTS = 20_000
MOST_SHOWN = 5
SMALL_RANGE = 24


@dataclass(frozen=True)
class Change:
    """One recorded fact changed: of the household (`persons` empty) or of the members named."""

    owner: str
    column: str
    before: tuple[Any, ...]
    after: Any
    persons: tuple[str, ...] = ()


def smallest_changes(
    judged: Expr,
    scope: Scope,
    household: Row,
    members: Sequence[Row],
    village: Row | None,
    backend: ModuleType,
) -> list[tuple[Change, ...]]:
    """Sets of changes after which `judged` is true, fewest changes first; empty when none was found.

    One and two changes are tried, on the household and on members (one member, or all to whom it applies).
    `backend` is the data-frame library in which the variants are laid out.
    """
    candidates = list(_candidates(judged, household, members))
    program = Program(scope, {"met": judged})
    singles = [(change,) for change in candidates]
    found = _tried(program, singles, household, members, village, backend)
    if not found:
        pairs = [p for p in combinations(candidates, 2) if _separate(*p)][:MOST_VARIANTS]
        found = _tried(program, pairs, household, members, village, backend)
    return found[:MOST_SHOWN]


def _separate(a: Change, b: Change) -> bool:
    return (a.owner, a.column) != (b.owner, b.column)


def _candidates(judged: Expr, household: Row, members: Sequence[Row]) -> Iterable[Change]:
    numbers = _constants(judged)
    for field in fields(judged):
        name = SOURCES.get(field.name, field.name)
        if name in GIVEN or _is_amount(field.owner, name):
            continue
        values = _values(field, numbers)
        if field.owner == "household":
            for value in values:
                if not _same(household.get(name), value):
                    yield Change("household", name, (household.get(name),), value)
        elif field.owner == "member":
            yield from _member_changes(name, values, members)


def _is_amount(owner: str, name: str) -> bool:
    """Amounts of money are many and stand in for each other: what lacks is said as a sum instead."""
    table = schema.table(
        {"household": "households", "member": "persons", "village": "villages"}[owner]
    )
    column = table.by_name.get(name)
    return column is not None and column.type == "int" and (column.unit or "").startswith("yuan")


def _member_changes(name: str, values: Sequence[Any], members: Sequence[Row]) -> Iterable[Change]:
    for value in values:
        different = [m for m in members if not _same(m.get(name), value)]
        groups = [[m] for m in different] + ([different] if len(different) > 1 else [])
        for group in groups:
            before = tuple(m.get(name) for m in group)
            ids = tuple(str(m["person_id"]) for m in group)
            yield Change("member", name, before, value, ids)


def _same(a: Any, b: Any) -> bool:
    return bool((list(a) if isinstance(a, list | tuple) else a) == b)


def _constants(judged: Expr) -> list[float]:
    found: list[float] = []
    for node in walk(judged):
        value = node.value if isinstance(node, Const) else getattr(node, "default", None)
        if (
            isinstance(node, Const | Dated)
            and isinstance(value, int | float)
            and not isinstance(value, bool)
        ):
            found.append(value)
    return sorted(set(found))


def _values(field: Field, numbers: Sequence[float]) -> list[Any]:
    """Values worth trying for a field: the other truth, other codes, the numbers the rule mentions."""
    kind = field.type
    if kind.kind is Kind.BOOL:
        return [True, False]
    if kind.codes is not None:
        codes = [code.code for code in schema.code_list(kind.codes).values]
        return [[code] for code in codes] if kind.kind is Kind.STRINGS else codes
    if kind.kind is Kind.INT:
        if kind.high - kind.low <= SMALL_RANGE:
            return list(range(kind.low, kind.high + 1))
        return sorted({int(n) + step for n in numbers for step in (-1, 0, 1)})
    if kind.kind is Kind.DOUBLE:
        return [float(n) for n in numbers]
    return []


def _tried(
    program: Program,
    sets: Sequence[tuple[Change, ...]],
    household: Row,
    members: Sequence[Row],
    village: Row | None,
    backend: ModuleType,
) -> list[tuple[Change, ...]]:
    """Those sets of changes after which the program's output is true, least intrusive first."""
    if not sets:
        return []
    households = _layout(program.reads("household"), "households", sets, [household], backend)
    persons: nw.LazyFrame[Any] | None = None
    if program.uses_members:
        persons = _layout(program.reads("member"), "persons", sets, members, backend).lazy()
    villages = _village_frame(program, village, backend)
    result = program.apply(households.lazy(), persons, villages, keep=["household_key"])
    hits = result.filter(nw.col("met")).collect()["household_key"].to_list()
    return _nearest(sorted((sets[key] for key in hits), key=_cost))


def _nearest(found: Sequence[tuple[Change, ...]]) -> list[tuple[Change, ...]]:
    """Of changes to the same facts, only the least: 6 months of work are said, not 7, 8 and 9 too."""
    kept: dict[tuple[Any, ...], tuple[Change, ...]] = {}
    for changes in found:
        kept.setdefault(tuple((c.owner, c.column, c.persons) for c in changes), changes)
    return list(kept.values())


def _cost(changes: tuple[Change, ...]) -> tuple[int, int, int, str]:
    touched = sum(max(1, len(change.persons)) for change in changes)
    unknown = sum(any(value is None for value in change.before) for change in changes)
    distance = sum(_distance(change) for change in changes)
    return (len(changes), touched - unknown, distance, repr(changes))


def _distance(change: Change) -> int:
    before = change.before[0]
    if isinstance(before, int | float) and isinstance(change.after, int | float):
        return int(abs(change.after - before))
    return 0


def _layout(
    names: Sequence[str],
    table: str,
    sets: Sequence[tuple[Change, ...]],
    rows: Sequence[Row],
    backend: ModuleType,
) -> nw.DataFrame[Any]:
    """One copy of `rows` per set of changes, keyed by the set's place."""
    owner = "household" if table == "households" else "member"
    columns: dict[str, list[Any]] = {"household_key": []}
    wanted = list(dict.fromkeys([*names, "village_code"] if owner == "household" else names))
    columns |= {name: [] for name in wanted}
    for (key, changes), row in product(enumerate(sets), rows):
        columns["household_key"].append(key)
        new = _changed(row, owner, changes)
        for name in wanted:
            columns[name].append(new.get(name))
    types = {name: dtype(schema.table(table).by_name.get(name)) for name in wanted}
    return nw.from_dict(columns, {"household_key": nw.Int64(), **types}, backend=backend)


def _changed(row: Row, owner: str, changes: Iterable[Change]) -> dict[str, Any]:
    new = dict(row)
    for change in changes:
        concerns = change.owner == owner and (
            not change.persons or str(row.get("person_id")) in change.persons
        )
        if concerns:
            new[change.column] = change.after
    return new


_TYPES: Mapping[str, Any] = {
    "int": nw.Int64,
    "decimal": nw.Float64,
    "bool": nw.Boolean,
    "date": nw.Date,
}


def dtype(column: schema.Column | None) -> Any:
    """The data-frame type of a column of the standard; whole numbers for computed ones."""
    if column is None:
        return nw.Int64()
    if column.type == "codes":
        return nw.List(nw.String)
    return _TYPES.get(column.type, nw.String)()


def _village_frame(program: Program, village: Row | None, backend: ModuleType) -> Any:
    names = program.reads("village")
    if not names:
        return None
    row = village or {}
    columns = {name: [row.get(name)] for name in ["village_code", *names]}
    types = {name: dtype(schema.table("villages").by_name.get(name)) for name in columns}
    return nw.from_dict(columns, types, backend=backend).lazy()


__all__ = ["Change", "date", "dtype", "smallest_changes"]
