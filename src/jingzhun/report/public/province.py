"""The figures of the whole area: households, persons, status, lines of the headline."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from jingzhun.disclosure.cells import is_small
from jingzhun.disclosure.marks import derived, is_hidden, marked
from jingzhun.disclosure.tables import Line, hide_line

Summary = dict[str, Any]


def protect_province(exact: Summary, public: Summary, limit: int) -> None:
    """Hide small figures of the headline, and what would give them away."""
    for key in ("households", "persons"):
        public[key] = marked(exact[key], is_small(exact[key], limit))
    _protect_parts(exact, public, "households", ("poor_households", "unknown_households"), limit)
    _protect_parts(exact, public, "households", ("registered_households",), limit)
    hidden = {0} if is_hidden(public["poor_households"]) else set()
    _protect_parts(exact, public, "persons", ("poor_persons",), limit, hidden)
    hidden = {0} if is_hidden(public["registered_households"]) else set()
    _protect_parts(exact, public, "persons", ("registered_persons",), limit, hidden)
    for rate in ("headcount_rate", "poverty_gap_rate", "poverty_severity"):
        public[rate] = derived(exact[rate], public["poor_persons"], public["persons"])
    income = public["income"]
    for key in income:
        income[key] = derived(income[key], public["households"], public["persons"])


def _protect_parts(
    exact: Summary,
    public: Summary,
    total: str,
    parts: Sequence[str],
    limit: int,
    also: set[int] | None = None,
) -> None:
    """Counts that are parts of one total of the headline."""
    line = Line(
        [exact[part] for part in parts],
        exact[total],
        total_hidden=is_hidden(public[total]),
        also=frozenset(also or ()),
    )
    for part, hidden in zip(parts, hide_line(line, limit), strict=True):
        public[part] = marked(exact[part], hidden)
