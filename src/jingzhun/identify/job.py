"""Identification of a whole workspace, county by county, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

import narwhals as nw

from jingzhun.frames.workspace import Counties, Workspace
from jingzhun.identify import breakdown
from jingzhun.identify import status as st
from jingzhun.identify.areas import Areas
from jingzhun.identify.rules import Rules
from jingzhun.identify.summary import summarise, summary
from jingzhun.identify.sums import Sums, combine, measured, tabulate
from jingzhun.standard.divisions.codes import is_within, prefix_of

Lazy: TypeAlias = nw.LazyFrame[Any]
Eager: TypeAlias = nw.DataFrame[Any]

VILLAGE_COUNT_COLUMNS = ["village_code", "village_attribute"]
COUNTY_COLUMNS = ["county_code", "rural_population"]


@dataclass(frozen=True)
class IdentifyJob:
    """Identification of one period of a workspace by one set of rules.

    `county` gives the result table and the sums of one county; nothing else is kept between counties.
    `finish` turns the sums of all counties into the summary. `area` limits both to one area.
    """

    rules: Rules
    period: int
    areas: Areas
    area: str | None = None

    def counties(self, workspace: Workspace) -> list[str]:
        """The counties to go through: those with households in the period, inside the area."""
        return [code for code in workspace.counties(self.period) if self._concerns(code)]

    def chunks(self, workspace: Workspace) -> list[tuple[str, ...]]:
        """The same counties in groups of workable size, each of which may stand for a county below."""
        groups = (tuple(filter(self._concerns, group)) for group in workspace.chunks(self.period))
        return [group for group in groups if group]

    def status(self, workspace: Workspace, county: Counties) -> Eager:
        """Status of every household of a county, with the internal key."""
        households = self._scan(workspace, "households", county, st.household_columns(self.rules))
        persons = self._scan(workspace, "persons", county, st.person_columns(self.rules))
        villages = None
        if columns := st.village_columns(self.rules):
            villages = self._scan(workspace, "villages", county, columns)
        if self.area is not None:
            households = households.filter(is_within(nw.col("village_code"), self.area))
        rows = st.household_status(households, persons, villages, self.rules).collect()
        # Joins keep no order; the register's order makes the results the same bytes every time.
        return rows.sort(st.KEY)

    def persons(self, workspace: Workspace, county: Counties, status: Eager) -> Lazy:
        """Status of every current member of a county's households."""
        rows = self._scan(workspace, "persons", county, st.person_columns(self.rules))
        return st.person_status(status.lazy(), rows, self.rules)

    def county(self, workspace: Workspace, county: Counties) -> tuple[Eager, Sums]:
        """The result table of a county (one row per household) and its sums."""
        status = self.status(workspace, county)
        sums = summarise(
            status.lazy(),
            self.persons(workspace, county, status),
            villages=self._inside(
                self._scan(workspace, "villages", county, VILLAGE_COUNT_COLUMNS), "village_code"
            ),
            counties=self._inside(
                self._scan(workspace, "counties", county, COUNTY_COLUMNS), "county_code"
            ),
        )
        return st.result_table(status), sums

    def finish(self, sums: Iterable[Sums]) -> dict[str, Any]:
        """The identification part of summary.json from the sums of all counties."""
        return summary(combine(sums), self.areas)

    def tabulated(self, workspace: Workspace, county: Counties, by: tuple[str, ...]) -> Sums:
        """Sums of a county by any dimensions, for `breakdown.breakdown`.

        Persons are counted instead of households as soon as one dimension is about persons. Raises
        UserError for a name that is no dimension.
        """
        cube = breakdown.cube(by)
        status = self.status(workspace, county)
        rows = status.lazy()
        if cube.grain == "person":
            rows = self.persons(workspace, county, status)
        return Sums({cube.name: tabulate(measured(rows, cube.grain, [cube]), cube)})

    def _concerns(self, county: str) -> bool:
        if self.area is None:
            return True
        inside = prefix_of(self.area)
        return county.startswith(inside) or inside.startswith(county)

    def _scan(self, workspace: Workspace, table: str, county: Counties, columns: list[str]) -> Lazy:
        return workspace.scan(table, period=self.period, county=county, columns=columns)

    def _inside(self, records: Lazy, code: str) -> Lazy:
        if self.area is None:
            return records
        return records.filter(is_within(nw.col(code), self.area))
