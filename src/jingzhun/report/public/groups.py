"""Causes, groups of persons and cross tables."""

from __future__ import annotations

from typing import Any

from jingzhun.disclosure.marks import derived, is_hidden, marked
from jingzhun.disclosure.tables import Line, Table, hide_line, hide_table

Summary = dict[str, Any]


def protect_causes(exact: Summary, public: Summary, limit: int) -> None:
    """Main causes: households, and persons wherever households are hidden."""
    rows = exact["causes"]
    households = [row["households"] for row in rows]
    registered = exact["registered_households"]
    total = registered if sum(households) <= registered else None
    hidden = hide_line(Line(households, total, is_hidden(public["registered_households"])), limit)
    also = frozenset(i for i, is_in in enumerate(hidden) if is_in)
    persons = hide_line(Line([row["persons"] for row in rows], also=also), limit)
    for row, no_households, no_persons in zip(public["causes"], hidden, persons, strict=True):
        row["households"] = marked(row["households"], no_households)
        row["persons"] = marked(row["persons"], no_persons)
        row["share"] = derived(row["share"], row["households"])


def protect_groups(exact: Summary, public: Summary, limit: int) -> None:
    """Persons and poor persons of each ethnicity, education, health, household size and labour ability."""
    for name, rows in exact["distribution"].items():
        persons = [row["persons"] for row in rows]
        everyone = exact["persons"] if sum(persons) <= exact["persons"] else None
        line = Line(persons, everyone, is_hidden(public["persons"]))
        hidden_rows = frozenset(i for i, is_in in enumerate(hide_line(line, limit)) if is_in)
        poor = [row["poor_persons"] for row in rows]
        everyone = exact["poor_persons"] if sum(poor) <= exact["poor_persons"] else sum(poor)
        table = Table(
            [[n] for n in poor],
            row_totals=persons,
            column_totals=[everyone],
            hidden_rows=hidden_rows,
            hidden_columns=frozenset({0} if is_hidden(public["poor_persons"]) else ()),
            sensitive=frozenset({0}),
        )
        hidden = hide_table(table, limit)
        for index, row in enumerate(public["distribution"][name]):
            row["persons"] = marked(row["persons"], index in hidden_rows)
            row["poor_persons"] = marked(row["poor_persons"], hidden[index][0])
            row["rate"] = derived(row["rate"], row["persons"], row["poor_persons"])


def protect_cross(exact: Summary, public: Summary, limit: int) -> None:
    """Cross tables of households, whose rows may be causes published elsewhere.

    A small column total is hidden with a companion: alone, it would follow from the rows and the cells shown.
    """
    causes = {row["code"]: row["households"] for row in public["causes"]}
    for name, cross in exact.get("cross", {}).items():
        sums = [sum(column) for column in zip(*cross["households"], strict=True)]
        no_total = hide_line(Line(sums), limit)
        table = Table(
            cross["households"],
            hidden_rows=frozenset(
                i for i, code in enumerate(cross["rows"]) if is_hidden(causes.get(code))
            ),
            hidden_columns=frozenset(i for i, is_in in enumerate(no_total) if is_in),
        )
        public["cross"][name]["column_totals"] = [
            marked(n, is_in) for n, is_in in zip(sums, no_total, strict=True)
        ]
        public["cross"][name]["households"] = [
            [marked(n, is_in) for n, is_in in zip(row, marks, strict=True)]
            for row, marks in zip(cross["households"], hide_table(table, limit), strict=True)
        ]
