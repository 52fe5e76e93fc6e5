"""Comparison of two periods of a workspace, county by county; who moved between counties is found too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, TypeAlias

import narwhals as nw

from jingzhun.frames.workspace import Counties, Workspace
from jingzhun.identify.areas import Areas
from jingzhun.identify.comparison import compare_sums, comparison
from jingzhun.identify.job import IdentifyJob
from jingzhun.identify.rules import Rules, condition_labels, conditions_of
from jingzhun.identify.sums import Sums, combine
from jingzhun.identify.transitions import COMPARED, transitions
from jingzhun.policy.pack import Pack
from jingzhun.standard.labels import Label

Eager: TypeAlias = nw.DataFrame[Any]

_ID = "household_id"


@dataclass(frozen=True)
class CountyComparison:
    """What is kept of a county: its sums, and the households found in one of the periods only."""

    sums: Sums
    only_before: Eager
    only_after: Eager


@dataclass(frozen=True)
class CompareJob:
    """Comparison of the period of `before` with that of `after`; each has its own date and line.

    `labels` name the conditions that both sets of rules keep. Go through `counties`, then `finish`.
    """

    before: IdentifyJob
    after: IdentifyJob
    labels: Mapping[str, Label] = field(default_factory=dict)

    @property
    def conditions(self) -> Sequence[str]:
        """Conditions whose turning is looked at."""
        return self.after.rules.condition_names

    def counties(self, workspace: Workspace) -> list[str]:
        """Counties with households in either period."""
        return sorted({*self.before.counties(workspace), *self.after.counties(workspace)})

    def county(self, workspace: Workspace, county: Counties) -> tuple[Eager, CountyComparison]:
        """Rows of the households that a county has in both periods, and what `finish` needs of it.

        Several counties can be taken at once; the cost of a call hardly depends on how many.
        """
        columns = [_ID, *COMPARED, *self.conditions]
        old = self.before.status(workspace, county).select(*columns)
        new = self.after.status(workspace, county).select(*columns)
        rows = self._rows(old, new, "inner")
        kept = CountyComparison(
            compare_sums(rows.lazy(), self.conditions),
            only_before=old.join(new, on=_ID, how="anti"),
            only_after=new.join(old, on=_ID, how="anti"),
        )
        return rows, kept

    def finish(self, parts: Sequence[CountyComparison]) -> tuple[Eager | None, dict[str, Any]]:
        """The remaining rows, and the comparison of all as figures (`comparison` of summary.json).

        The remaining rows are households that no county has in both periods: moved to another county,
        new, or gone. They are few, and held in memory together. None where no county was compared.
        """
        first, second = self.before.period, self.after.period
        if not parts:
            return None, comparison(Sums({}), self.after.areas, self.labels, first, second)
        old = nw.concat([part.only_before for part in parts])
        new = nw.concat([part.only_after for part in parts])
        rest = self._rows(old, new, "full")
        sums = combine([*(p.sums for p in parts), compare_sums(rest.lazy(), self.conditions)])
        return rest, comparison(sums, self.after.areas, self.labels, first, second)

    def _rows(self, old: Eager, new: Eager, how: Literal["inner", "full"]) -> Eager:
        rows = transitions(old.lazy(), new.lazy(), conditions=self.conditions, how=how)
        return rows.collect().sort(_ID)


def compare_job(
    pack: Pack,
    areas: Areas,
    first: int,
    second: int,
    *,
    line: str | None = None,
    area: str | None = None,
) -> CompareJob:
    """The comparison of two periods, each judged on its last day by the line of that day.

    Conditions are the indicators of the pack's default profile, where it holds on both days. Raises
    ParameterError where the pack has no line or income rule for one of the days.
    """
    profile = pack.profile(pack.default_profile)
    days = [date(period, 12, 31) for period in (first, second)]
    holds = profile.level == "household" and all(profile.is_valid(day) for day in days)
    conditions = conditions_of(profile) if holds else ()
    before, after = (
        IdentifyJob(
            Rules.of_pack(pack, day, line=line, conditions=conditions), day.year, areas, area
        )
        for day in days
    )
    return CompareJob(before, after, condition_labels(profile) if holds else {})
