"""Why one household passes or fails, in words, out of its archive as it now is. The engine explains."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from jingzhun.evaluate.explain import Explanation, Subject, explain
from jingzhun.evaluate.wording import as_data
from jingzhun.evaluate.yardstick import yardstick
from jingzhun_web.areas.packs import pack
from jingzhun_web.exchange import store
from jingzhun_web.kit.scope import DIGITS
from jingzhun_web.registry.columns import columns, is_sealed
from jingzhun_web.registry.models import Household, Person

COUNTY_DIGITS = 6


@dataclass(frozen=True)
class Explained:
    """One profile's answer for a household; `data` is the engine's, with texts in both languages."""

    profile: str
    data: Mapping[str, Any]


def explained(home: Household, *, on: date) -> list[Explained]:
    """The answer of every household profile that holds on a date. Costs some tenths of a second."""
    current = pack()
    subject = _subject(home)
    found = []
    for profile in current.profiles_on(on):
        told: Explanation = explain(
            current, yardstick(current, profile.id, on), subject, backend=pl
        )
        found.append(Explained(profile.id, as_data(told)))
    return found


def _subject(home: Household) -> Subject:
    members = Person.objects.filter(household_id=home.household_id, period=home.period)
    code = f"{home.area:0{DIGITS}d}"
    return Subject(
        _row("households", home),
        [_row("persons", member) for member in members.order_by("person_id")],
        _village(code, home.period),
        code,
    )


def _row(table: str, row: Household | Person) -> dict[str, Any]:
    """The row as the engine knows it, without direct identifiers: no rule asks for one."""
    return {
        column.name: None if is_sealed(column) else getattr(row, column.name)
        for column in columns(table)
    }


def _village(code: str, period: int) -> dict[str, Any] | None:
    """The village's own record, where it was delivered."""
    workspace = store.exchange_workspace()
    if workspace is None:
        return None
    for part in workspace.files("villages", period, code[:COUNTY_DIGITS]):
        rows = pl.scan_parquet(workspace.path / part.path).filter(pl.col("village_code") == code)
        for row in rows.collect().to_dicts():
            return row
    return None
