"""What would change an indicator: the smallest changes of recorded facts that make it met.

Candidate changes are tried by the thousand, each as a variant of the household, all at once through the
compiled program; so what is said here is what the rules really do, not a second reading of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations, islice
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
EXCUSES = frozenset(["not_in_school_reason"])
"""What explains a fact: it can be found out where nobody wrote it down, and never be changed."""
_TABLES = {"household": "households", "member": "persons", "village": "villages"}
MOST_VARIANTS = 20_000
MOST_SHOWN = 5
MOST_TOGETHER = 3
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

    Up to three changes are tried, on the household and on members (one member, or all whom it concerns).
    `backend` is the data-frame library in which the variants are laid out.
    """
    program = Program(scope, {"met": judged})
    concerned = _concerned(program, household, members, village, backend)
    candidates = list(_candidates(judged, household, members, concerned))
    for size in range(1, MOST_TOGETHER + 1):
        separate = (chosen for chosen in combinations(candidates, size) if _separate(chosen))
        sets = list(islice(separate, MOST_VARIANTS))
        found = _tried(program, sets, household, members, village, backend)
        if found:
            return found[:MOST_SHOWN]
    return []


def _separate(changes: Sequence[Change]) -> bool:
    return len({(change.owner, change.column) for change in changes}) == len(changes)


def _candidates(
    judged: Expr, household: Row, members: Sequence[Row], concerned: Sequence[Row]
) -> Iterable[Change]:
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
            yield from _member_changes(name, values, members, concerned)


def _is_amount(owner: str, name: str) -> bool:
    """Amounts of money are many and stand in for each other: what lacks is said as a sum instead."""
    table = schema.table(_TABLES[owner])
    column = table.by_name.get(name)
    return column is not None and column.type == "int" and (column.unit or "").startswith("yuan")


def _member_changes(
    name: str, values: Sequence[Any], members: Sequence[Row], concerned: Sequence[Row]
) -> Iterable[Change]:
    if name in EXCUSES:
        members = [m for m in members if m.get(name) is None]
    for value in values:
        different = [m for m in members if not _same(m.get(name), value)]
        together = [m for m in different if m in concerned]
        groups = [[m] for m in different] + ([together] if len(together) > 1 else [])
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


def _concerned(
    program: Program,
    household: Row,
    members: Sequence[Row],
    village: Row | None,
    backend: ModuleType,
) -> list[Row]:
    """Members who, were they the only one, would not meet the rule: two children out of school, say."""
    if not program.uses_members or not members:
        return []
    alone = [[member] for member in members]
    met = _met(program, [()] * len(alone), household, alone, village, backend)
    return [member for key, member in enumerate(members) if key not in met]


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
    hits = _met(program, sets, household, [members] * len(sets), village, backend)
    return _nearest(sorted((sets[key] for key in hits), key=_cost))


def _met(
    program: Program,
    sets: Sequence[tuple[Change, ...]],
    household: Row,
    members: Sequence[Sequence[Row]],
    village: Row | None,
    backend: ModuleType,
) -> set[int]:
    """Places of the variants (a set of changes, and the members it has) that meet the rule."""
    homes = [[household]] * len(sets)
    households = _layout(program.reads("household"), "households", sets, homes, backend)
    persons: nw.LazyFrame[Any] | None = None
    if program.uses_members:
        persons = _layout(program.reads("member"), "persons", sets, members, backend).lazy()
    villages = _village_frame(program, village, backend)
    result = program.apply(households.lazy(), persons, villages, keep=["household_key"])
    return set(result.filter(nw.col("met")).collect()["household_key"].to_list())


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
    """How far a number moves, or a code within its list: grade C to B is nearer than C to A."""
    before, after = change.before[0], change.after
    if isinstance(before, int | float) and isinstance(after, int | float):
        return int(abs(after - before))
    order = _code_order(change)
    if isinstance(before, str) and isinstance(after, str) and {before, after} <= set(order):
        return abs(order.index(before) - order.index(after))
    return 0


def _code_order(change: Change) -> list[str]:
    column = schema.table(_TABLES[change.owner]).by_name.get(change.column)
    if column is None or column.codes is None:
        return []
    return [code.code for code in schema.code_list(column.codes).values]


def _layout(
    names: Sequence[str],
    table: str,
    sets: Sequence[tuple[Change, ...]],
    rows: Sequence[Sequence[Row]],
    backend: ModuleType,
) -> nw.DataFrame[Any]:
    """The rows of each set of changes, changed so and keyed by the set's place."""
    owner = "household" if table == "households" else "member"
    columns: dict[str, list[Any]] = {"household_key": []}
    wanted = list(dict.fromkeys([*names, "village_code"] if owner == "household" else names))
    columns |= {name: [] for name in wanted}
    for key, (changes, own) in enumerate(zip(sets, rows, strict=True)):
        for row in own:
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
