"""Domains: the whole sample and its groups, each with its sorted incomes and its part of the design."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from jingzhun.identify.measures.design import DomainDesign, Floats, Integers, SurveyDesign
from jingzhun.identify.measures.incomes import Incomes

Group = str | int | float | bool | None


@dataclass(frozen=True, eq=False)
class Domain:
    """Rows with known income and positive weight of the whole sample (`by` None) or of one group."""

    by: Group
    rows: Integers  # in ascending order of income
    incomes: Incomes
    design: SurveyDesign

    @cached_property
    def part(self) -> DomainDesign:
        """The strata and PSUs of this domain."""
        return self.design.restricted_to(self.rows)

    @cached_property
    def positive(self) -> Domain:
        """Those with an income above zero."""
        first = self.incomes.up_to(0.0)
        return self if first == 0 else self._rows(slice(first, None), self.by)

    def group(self, by: Group, positions: Integers) -> Domain:
        """The group at these positions (ascending) of the sorted rows."""
        return self._rows(positions, by)

    def _rows(self, part: slice | Integers, by: Group) -> Domain:
        incomes = self.incomes
        age = None if incomes.age is None else incomes.age[part]
        return Domain(
            by, self.rows[part], Incomes(incomes.y[part], incomes.w[part], age), self.design
        )


def whole_domain(y: Floats, w: Floats, design: SurveyDesign, age: Floats | None = None) -> Domain:
    """The whole sample; rows whose income is NaN or whose weight is zero are no part of it."""
    used = np.flatnonzero(~np.isnan(y) & (w > 0))
    rows = used[np.argsort(y[used], kind="stable")]
    incomes = Incomes(y[rows], w[rows], None if age is None else age[rows])
    return Domain(None, rows, incomes, design)


def group_domains(whole: Domain, groups: list[Group], codes: Integers) -> list[Domain]:
    """One domain per group; `codes` gives the position in `groups` of each row of the file."""
    of_row = codes[whole.rows]
    order = np.argsort(of_row, kind="stable")
    bounds = np.searchsorted(of_row[order], np.arange(len(groups) + 1))
    return [whole.group(by, order[bounds[i] : bounds[i + 1]]) for i, by in enumerate(groups)]
