"""Counties under the province and townships under their county: the same tables on two levels."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from jingzhun.disclosure.cells import is_small
from jingzhun.disclosure.marks import HIDDEN, derived, is_hidden, marked
from jingzhun.disclosure.tables import Line, Table, hide_line, hide_table
from jingzhun.report.public.contract import OUTCOMES
from jingzhun.report.public.province import STATUS, protect_rates

Row = dict[str, Any]


@dataclass(frozen=True)
class Level:
    """The areas below one area: exact figures, their public copies, and the area above in both forms."""

    exact: Sequence[Row]
    public: Sequence[Row]
    above: Row
    above_public: Row
    limit: int

    def column(self, key: str) -> list[int]:
        """The exact counts of all areas."""
        return [row.get(key) or 0 for row in self.exact]

    def hidden(self, key: str) -> frozenset[int]:
        """The areas (by position) whose figure is hidden."""
        return frozenset(i for i, row in enumerate(self.public) if is_hidden(row[key]))

    def protect_line(self, key: str, also: frozenset[int] = frozenset()) -> None:
        """One count per area that adds up to that of the area above."""
        line = Line(self.column(key), self.above[key], is_hidden(self.above_public[key]), also=also)
        for row, hidden in zip(self.public, hide_line(line, self.limit), strict=True):
            row[key] = marked(row.get(key) or 0, hidden)

    def protect_table(
        self,
        keys: Sequence[str],
        total: str,
        *,
        sensitive: str = "",
        also: frozenset[tuple[int, int]] = frozenset(),
        small_rest: bool = True,
    ) -> None:
        """Several counts per area that are parts of a total of the area; `also` as in `Table`."""
        table = Table(
            [[row[key] for key in keys] for row in self.exact],
            row_totals=self.column(total),
            column_totals=[self.above[key] for key in keys],
            hidden_rows=self.hidden(total),
            hidden_columns=frozenset(
                i for i, key in enumerate(keys) if is_hidden(self.above_public[key])
            ),
            total_hidden=is_hidden(self.above_public[total]),
            also=also,
            small_rest=small_rest,
            sensitive=frozenset(i for i, key in enumerate(keys) if key == sensitive),
        )
        for row, hidden in zip(self.public, hide_table(table, self.limit), strict=True):
            for key, is_in in zip(keys, hidden, strict=True):
                row[key] = marked(row[key], is_in)

    def inside(self, *path: str) -> Level:
        """The same level seen through a nested record, as outcomes of one profile."""

        def step(row: Row) -> Row:
            for key in path:
                row = row.get(key, {})
            return row

        exact, public = [step(row) for row in self.exact], [step(row) for row in self.public]
        return Level(exact, public, step(self.above), step(self.above_public), self.limit)


def protect_counties(exact: Row, public: Row, limit: int) -> None:
    """Hide the counties' small figures and companions; the province was decided before."""
    above = {**exact, "causes": _by_code(exact["causes"]), "findings": exact["findings"]["total"]}
    above_public = {
        **public,
        "causes": _by_code(public["causes"]),
        "findings": public["findings"]["total"],
    }
    level = Level(exact["by_county"], public["by_county"], above, above_public, limit)
    if not level.exact:
        return
    _protect_status(level)
    _protect_registered(level)
    _protect_outcomes(level, "registered_households")
    _protect_vetoes(level)
    _protect_causes(level)
    level.protect_line("findings")
    for row in level.public:
        row["incidence"] = derived(row["incidence"], row["poor_persons"])
        for key, amount in row["income"].items():
            row["income"][key] = derived(amount, row["households"], row["persons"])


def protect_townships(exact: Row, public: Row, limit: int) -> None:
    """Hide the townships' small figures and companions, county by county; the counties were decided before."""
    below: dict[str, list[int]] = defaultdict(list)
    for index, row in enumerate(exact["by_township"]):
        below[row["county_code"]].append(index)
    counties = {
        row["code"]: (row, shown)
        for row, shown in zip(exact["by_county"], public["by_county"], strict=True)
    }
    for code, indices in below.items():
        rows = [exact["by_township"][i] for i in indices]
        shown = [public["by_township"][i] for i in indices]
        level = Level(rows, shown, *counties[code], limit)
        for row in shown:
            # Not published so far down: nearly everywhere too few to be shown.
            row["unknown_households"] = row["unknown_persons"] = HIDDEN
        _protect_status(level, STATUS[:1])
        for row in shown:
            del row["unknown_households"], row["unknown_persons"]
        _protect_registered(level)
        _protect_outcomes(level, "registered_households")


def _by_code(causes: list[Row]) -> dict[str, Any]:
    return {cause["code"]: cause["households"] for cause in causes}


def _protect_status(level: Level, status: Sequence[str] = STATUS) -> None:
    """Households, persons, and the poor among them. Persons are hidden where their households are: the mean size
    of a household is known well enough to tell one from the other.
    """
    level.protect_line("households")
    few = frozenset(i for i, n in enumerate(level.column("households")) if is_small(n, level.limit))
    level.protect_line("persons", few | level.hidden("households"))
    level.protect_table(status, "households", sensitive="poor_households")
    also = {(i, column) for column, key in enumerate(status) for i in level.hidden(key)}
    persons = [key.replace("households", "persons") for key in status]
    level.protect_table(persons, "persons", sensitive="poor_persons", also=frozenset(also))
    for row, shown in zip(level.exact, level.public, strict=True):
        protect_rates(row, shown)


def _protect_registered(level: Level) -> None:
    """Registered households; how many on file are not registered is no secret, however few."""
    level.protect_table(["registered_households"], "households", small_rest=False)


def _protect_outcomes(level: Level, total: str) -> None:
    """Outcomes of each profile; all of a small area failing tells about each of its households."""
    for profile in level.above["outcomes"]:
        view = level.inside("outcomes", profile)
        hidden_rows = level.hidden(total)
        table = Table(
            [[row[o] for o in OUTCOMES] for row in view.exact],
            column_totals=[view.above[o] for o in OUTCOMES],
            hidden_rows=hidden_rows,
            hidden_columns=frozenset(
                i for i, o in enumerate(OUTCOMES) if is_hidden(view.above_public[o])
            ),
            total_hidden=is_hidden(level.above_public[total]),
            sensitive=frozenset({OUTCOMES.index("failed")}),
        )
        for row, hidden in zip(view.public, hide_table(table, level.limit), strict=True):
            for outcome, is_in in zip(OUTCOMES, hidden, strict=True):
                row[outcome] = marked(row[outcome], is_in)


def _protect_vetoes(level: Level) -> None:
    """Households stopped by each veto; a household can be stopped by two, so each veto is a line of its own."""
    for profile, vetoes in level.above["vetoes"].items():
        outcomes = level.inside("outcomes", profile)
        view = level.inside("vetoes", profile)
        for indicator in vetoes:
            failed = outcomes.hidden("failed")
            also = frozenset(i for i in failed if view.exact[i].get(indicator))
            view.protect_line(indicator, also)


def _protect_causes(level: Level) -> None:
    """Main causes per area, as parts of the households that have one."""
    view = level.inside("causes")
    keys = list(view.above)
    rows = [[row.get(key, 0) for key in keys] for row in view.exact]
    table = Table(
        rows,
        row_totals=_roomy(rows, level),
        column_totals=[view.above[key] for key in keys],
        hidden_columns=frozenset(i for i, k in enumerate(keys) if is_hidden(view.above_public[k])),
    )
    for row, hidden in zip(view.public, hide_table(table, level.limit), strict=True):
        for key, is_in in zip(keys, hidden, strict=True):
            if key in row:
                row[key] = marked(row[key], is_in)


def _roomy(rows: list[list[int]], level: Level) -> list[int] | None:
    """The total that the causes of an area are parts of: its registered households when those suffice."""
    totals = level.column("registered_households")
    return totals if all(sum(r) <= t for r, t in zip(rows, totals, strict=True)) else None
