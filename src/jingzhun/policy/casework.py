"""Cases held against the data standard and the pack: columns, codes and ids that exist."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from jingzhun.policy.cases import Case
from jingzhun.policy.facts import HOUSEHOLD_FACTS, VILLAGE_FACTS
from jingzhun.policy.loading import Parts
from jingzhun.policy.problems import Located, Problems, nearest
from jingzhun.policy.profiles import Profile
from jingzhun.standard import schema
from jingzhun.standard.schema import Column, Table

_COUNTED = ("document_copies", *HOUSEHOLD_FACTS, *VILLAGE_FACTS)
"""Whole numbers that rules may read and that no table holds."""

_WORDS = {
    "int": "a whole number",
    "decimal": "a number",
    "bool": "true or false",
    "date": "a date such as 2018-01-01",
    "codes": 'a list of codes such as ["01"]',
}


def checked_case(
    case: Located[Case], parts: Parts, tables: Mapping[str, Table], problems: Problems
) -> Case:
    """The case with its values in the types of their columns; what does not fit becomes a problem."""
    work = _Work(case, problems)
    value = case.value
    work.references(parts)
    return value.model_copy(
        update={
            "household": work.row(value.household, tables["households"], "household"),
            "village": work.row(value.village, tables["villages"], "village"),
            "county": work.row(value.county, tables["counties"], "county"),
            "record": work.record(parts, tables),
            "members": tuple(
                work.member(member, tables, number) for number, member in enumerate(value.members)
            ),
        }
    )


class _Work:
    def __init__(self, case: Located[Case], problems: Problems) -> None:
        self.case = case
        self.problems = problems

    def references(self, parts: Parts) -> None:
        """The profile, check and indicators that the case names exist."""
        case = self.case.value
        profiles = {p.value.id: p.value for p in parts.profiles}
        if case.profile is not None:
            self._known(case.profile, profiles, "profile", "profile")
            if case.profile in profiles:
                self._indicators(profiles[case.profile])
        if case.check is not None:
            self._known(case.check, [c.value.id for c in parts.checks], "check", "check")
        if case.crosscheck is not None:
            rules = [c.value.id for c in parts.crosschecks]
            self._known(case.crosscheck, rules, "cross-check rule", "crosscheck")

    def _indicators(self, profile: Profile) -> None:
        expect, ids = self.case.value.expect, [i.id for i in profile.indicators]
        named = [*(expect.vetoes or ()), *(expect.missing or ()), *expect.indicators]
        for name in named:
            self._known(name, ids, f"indicator of {profile.id}", "expect")

    def _known(self, name: str, known: Iterable[str], what: str, *steps: str) -> None:
        names = list(known)
        if name not in names:
            self.problems.add(
                f"Case '{self.case.value.id}': there is no {what} '{name}'",
                self.case.source.place(*steps),
                do=nearest(name, names),
            )

    def record(self, parts: Parts, tables: Mapping[str, Table]) -> dict[str, Any]:
        """The record that a rule about records is asked of; empty for other rules."""
        case = self.case.value
        table = next(
            (c.value.table for c in parts.crosschecks if c.value.id == case.crosscheck), None
        )
        if table is not None:
            return self.row(case.record, tables[table], "record")
        if case.record:
            self.problems.add(
                f"Case '{case.id}': only a rule about records is asked of a record",
                self.case.source.place("record", of_key=True),
                do="Write it in the row of a member, as in  vehicles: [{kind: car}]",
            )
        return {}

    def member(
        self, values: Mapping[str, Any], tables: Mapping[str, Table], number: int
    ) -> dict[str, Any]:
        """The values of one member, with its lists of records."""
        lists = {name for name in values if name in tables and tables[name].is_external}
        own = {name: value for name, value in values.items() if name not in lists}
        row = self.row(own, tables["persons"], "members", number)
        for name in sorted(lists):
            records = values[name]
            if not isinstance(records, list) or not all(isinstance(r, dict) for r in records):
                self.problems.add(
                    f"Case '{self.case.value.id}': '{name}' must be a list of records",
                    self.case.source.place("members", number, name),
                    do=f"Write  {name}: []  or  {name}: [{{...}}]",
                )
                continue
            row[name] = [
                self.row(record, tables[name], "members", number, name, place)
                for place, record in enumerate(records)
            ]
        return row

    def row(self, values: Mapping[str, Any], table: Table, *steps: str | int) -> dict[str, Any]:
        """The values of one row, decimals as decimals."""
        found: dict[str, Any] = {}
        for name, value in values.items():
            column = table.by_name.get(name)
            if column is None and name not in _COUNTED:
                self.problems.add(
                    f"Case '{self.case.value.id}': there is no column '{name}' in {table.table}",
                    self.case.source.place(*steps, name, of_key=True),
                    do=nearest(name, table.by_name),
                )
                continue
            problem = None if value is None else _misfit(value, column)
            if problem:
                self.problems.add(
                    f"Case '{self.case.value.id}': '{name}' {problem}",
                    self.case.source.place(*steps, name),
                )
            decimal = column is not None and column.type == "decimal" and value is not None
            found[name] = float(value) if decimal and not problem else value
        return found


def _misfit(value: Any, column: Column | None) -> str:
    """Why a value does not fit its column; empty when it does."""
    kind = "int" if column is None else column.type
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    fits = {
        "int": isinstance(value, int) and not isinstance(value, bool),
        "decimal": is_number,
        "bool": isinstance(value, bool),
        "date": isinstance(value, date),
        "codes": isinstance(value, list) and all(isinstance(item, str) for item in value),
    }.get(kind, isinstance(value, str))
    if not fits:
        return f"must be {_WORDS.get(kind, 'a text in quotes')}"
    if column is None or column.codes is None:
        return ""
    known = schema.code_list(column.codes).by_code()
    unknown = [code for code in (value if kind == "codes" else [value]) if code not in known]
    return f"has no code '{unknown[0]}' in the list {column.codes}" if unknown else ""
