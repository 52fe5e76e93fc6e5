"""The figures of the whole area: households, persons, status, lines of the headline."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from jingzhun.disclosure.cells import is_small
from jingzhun.disclosure.marks import HIDDEN, derived, is_hidden, marked
from jingzhun.disclosure.tables import Line, hide_line

Summary = dict[str, Any]
STATUS = ("poor_households", "unknown_households")
FEW_UNKNOWN = 0.05


def protect_province(exact: Summary, public: Summary, limit: int) -> None:
    """Hide small figures of the headline, and what would give them away."""
    for key in ("households", "persons"):
        public[key] = marked(exact[key], is_small(exact[key], limit))
    _protect_parts(exact, public, "households", STATUS, limit)
    _protect_parts(exact, public, "poor_households", ("missed_households",), limit)
    _protect_parts(exact, public, "households", ("registered_households",), limit, rest=False)
    hidden = {i for i, key in enumerate(STATUS) if is_hidden(public[key])}
    _protect_parts(exact, public, "persons", ("poor_persons", "unknown_persons"), limit, hidden)
    hidden = {0} if is_hidden(public["registered_households"]) else set()
    _protect_parts(exact, public, "persons", ("registered_persons",), limit, hidden, rest=False)
    protect_rates(exact, public)
    income = public["income"]
    for key in income:
        income[key] = derived(income[key], public["households"], public["persons"])


def protect_rates(exact: Summary, public: Summary) -> None:
    """Rates of an area, hidden with its poor persons.

    The headcount rate is of persons whose status is known, so it gives away how many are not known. Where that
    number is hidden, the rate is taken over all persons; it is hidden when that would make a difference (more than
    5 % not known; DEFAULT).
    """
    for rate in ("poverty_gap_rate", "poverty_severity"):
        if rate in exact:
            public[rate] = derived(exact[rate], public["poor_persons"], public["persons"])
    counts = public["poor_persons"], public["persons"]
    public["headcount_rate"] = derived(exact["headcount_rate"], *counts)
    if is_hidden(public["unknown_persons"]) and not is_hidden(public["headcount_rate"]):
        persons = exact["persons"]
        few = persons and exact["unknown_persons"] <= FEW_UNKNOWN * persons
        public["headcount_rate"] = exact["poor_persons"] / persons if few else HIDDEN


def _protect_parts(
    exact: Summary,
    public: Summary,
    total: str,
    parts: Sequence[str],
    limit: int,
    also: set[int] | None = None,
    *,
    rest: bool = True,
) -> None:
    """Counts that are parts of one total of the headline."""
    line = Line(
        [exact[part] or 0 for part in parts],
        exact[total],
        total_hidden=is_hidden(public[total]),
        also=frozenset(also or ()),
        small_rest=rest,
    )
    for part, hidden in zip(parts, hide_line(line, limit), strict=True):
        public[part] = marked(exact[part], hidden)
