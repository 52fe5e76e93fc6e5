"""Random invented households: any value may be missing, and many stand on a border."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from jingzhun.policy.cel.tree import Kind
from jingzhun.standard import id_numbers

from . import names

Row = dict[str, Any]

_AREAS = ("622926100200", "622926100201", "622901100200", "620102001001", "620121100200", "")
_VALUES: Mapping[str, tuple[Any, ...]] = {
    "debt_yuan": (0, 1, 7, 4000, 99_999_999, 100_000_000),
    "balance_yuan": (-1000, -7, -1, 0, 1, 3, 1000),
    "persons_year_end": (0, 1, 2, 5, 100),
    "cultivated_mu": (0.0, 0.5, 1.0, 2.25, 15.5, 1e6),
    "rate": (
        0.0,
        -0.0,
        0.5,
        -2.25,
        1e3,
        1e99,
        -1e100,
        1e-300,
        1e101,
        math.inf,
        -math.inf,
        math.nan,
    ),
    "phone": ("", "139", "13900", "银行", "𠮷", 'a"b', "a\\b", "62"),
    "main_cause": ("01", "07", "09", "11"),
    "housing_grade": ("A", "B", "C", "D"),
    "other_causes": ((), ("01",), ("07", "09"), ("01", "02", "03")),
    "health": ((), ("01",), ("02", "03"), ("04", "01")),
    "work_months": (-99, -1, 0, 3, 6, 7, 12, 99),
    "monthly_pay_yuan": (0, 1, 4000, 10_000_000),
    "share": (0.0, -0.25, 0.5, 0.75, 1.0, 64.0, math.nan),
    "work_employer": ("", "139", "银行", "resident"),
    "sex": ("1", "2"),
    "persons": (0, 1, 812),
    "village_attribute": ("poor", "deep", "other"),
    "value_yuan": (-1000, 0, 1, 4000, 30_000),
    "seats": (0, 2, 3, 7),
    "tonnes": (0.0, -0.25, 0.5, 4.0, 64.0, math.nan),
    "plate": ("", "139", "62", "银行"),
    "grade": ("A", "B", "C", "D"),
    "uses": ((), ("01",), ("07", "09")),
}
_COVERED = ((), ("62",), ("6229",), ("620102", "622901"), ("622926100", "99"))


@dataclass(frozen=True)
class Home:
    """A household with its members and its village's record; None: the village has no record."""

    household: Row
    members: list[Row]
    village: Row | None


Coverage = Mapping[str, Sequence[str] | None]
"""Table -> area prefixes; None where there is no such table. A table left out covers every area."""


def coverage(seed: int) -> Coverage:
    """What the deliveries of the external tables cover, the same for the same seed."""
    rng = random.Random(seed)  # noqa: S311
    found: dict[str, Sequence[str] | None] = {}
    for table in names.RECORDS:
        choice = rng.choice(("absent", "everywhere", "areas", "areas"))
        if choice != "everywhere":
            found[table] = rng.choice(_COVERED) if choice == "areas" else None
    return found


def every_record(table: str) -> str:
    """Where a member keeps all records of a table, also those that its list does not show."""
    return f"every {table}"


def homes(seed: int, number: int, on: date) -> list[Home]:
    """Some households, the same for the same seed. Members' lists are None where nothing covers them."""
    rng = random.Random(seed)  # noqa: S311
    made = [_home(rng, on, n) for n in range(number)]
    for home in made:
        _add_records(rng, on, home, coverage(seed))
    return made


def _add_records(rng: random.Random, on: date, home: Home, covered: Coverage) -> None:
    missing = rng.choice((0.0, 0.1, 0.4))
    area = home.household["village_code"]
    for member in home.members:
        for table, of in names.RECORDS.items():
            number = rng.choice((0, 0, 1, 2, 3))
            rows = [_row(rng, on, missing, of) for _ in range(number)]
            member[every_record(table)] = rows
            prefixes = covered.get(table, ("",))
            is_known = prefixes is not None and area.startswith(tuple(prefixes))
            member[table] = rows if is_known else None


def known_better(home: Home, rng: random.Random, on: date, number: int) -> Home:
    """The same household with some of what was missing now known; all lists of records are."""
    village = home.village or {"village_code": home.household["village_code"]}
    members = home.members or [
        _member(rng, on, 0.3, home.household["key"]) for _ in range(rng.randint(1, 3))
    ]
    fresh = [_member(rng, on, 0.0, home.household["key"]) for _ in members]
    return Home(
        _filled(home.household, _household(rng, on, 0.0, number), rng),
        [
            {**_filled(_without_records(member), new, rng), **_better_records(member, rng, on)}
            for member, new in zip(members, fresh, strict=True)
        ],
        _filled(
            {**dict.fromkeys(_flat(names.VILLAGE)), **village}, _village(rng, on, 0.0, ""), rng
        ),
    )


def _without_records(member: Row) -> Row:
    lists = [*names.RECORDS, *(every_record(table) for table in names.RECORDS)]
    return {name: value for name, value in member.items() if name not in lists}


def _better_records(member: Row, rng: random.Random, on: date) -> Row:
    better: Row = {}
    for table, of in names.RECORDS.items():
        old = member.get(every_record(table), [])
        rows = [_filled(record, _row(rng, on, 0.0, of), rng) for record in old]
        better |= {table: rows, every_record(table): rows}
    return better


def _filled(row: Row, fresh: Row, rng: random.Random) -> Row:
    return {
        name: fresh[name] if not _is_known(value) and rng.random() < 0.7 else value
        for name, value in row.items()
    }


def _is_known(value: Any) -> bool:
    return value is not None and not (isinstance(value, float) and not abs(value) <= 1e100)


def _home(rng: random.Random, on: date, number: int) -> Home:
    missing = rng.choice((0.0, 0.1, 0.3, 0.9))
    household = _household(rng, on, missing, number)
    members = [_member(rng, on, missing, household["key"]) for _ in range(rng.randint(0, 5))]
    village = None if rng.random() < 0.2 else _village(rng, on, missing, household["village_code"])
    return Home(household, members, village)


def _household(rng: random.Random, on: date, missing: float, number: int) -> Row:
    area = f"{rng.choice(_AREAS)[:6]:6}{number:06}".replace(" ", "9")
    own = {"key": number, "village_code": area}
    return {**own, **_row(rng, on, missing, names.HOUSEHOLD)}


def _village(rng: random.Random, on: date, missing: float, code: str) -> Row:
    return {"village_code": code, **_row(rng, on, missing, names.VILLAGE)}


def _member(rng: random.Random, on: date, missing: float, key: int) -> Row:
    row = _row(rng, on, missing, names.MEMBER)
    number = None if rng.random() < missing else _number(rng, row["birth_date"])
    return {"key": key, "document_number": number, **row}


def _number(rng: random.Random, born: date | None) -> str:
    right = id_numbers.make_id("622926", born or date(1980, 2, 29), rng.randint(0, 999))
    return rng.choice((right, right, right[:17] + "0", right[:10], f"{right}43", ""))


def _row(rng: random.Random, on: date, missing: float, of: Mapping[Kind, Sequence[str]]) -> Row:
    return {
        name: None if rng.random() < missing else _value(rng, on, kind, name)
        for kind, named in of.items()
        for name in named
        if name != "age" and not name.startswith("id_")
    }


def _value(rng: random.Random, on: date, kind: Kind, name: str) -> Any:
    if kind is Kind.BOOL:
        return rng.random() < 0.5
    if kind is Kind.DATE:
        years = rng.choice((0, 3, 15, 16, 17, 60, 110))
        near = on - timedelta(days=365 * years + years // 4 + rng.choice((-1, 0, 1, 100)))
        return rng.choice((near, near, date(2000, 2, 29), date(2016, 2, 29), on))
    return rng.choice(_VALUES[name])


def _flat(of: Mapping[Kind, Sequence[str]]) -> list[str]:
    return [name for named in of.values() for name in named]
