"""From the exact summary to the public one: same keys, small figures and their companions hidden."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any

from jingzhun.disclosure.marks import derived, is_hidden, marked
from jingzhun.report.public.areas import protect_counties, protect_townships
from jingzhun.report.public.contract import declared
from jingzhun.report.public.crosscheck import protect_crosscheck
from jingzhun.report.public.evaluation import protect_evaluation
from jingzhun.report.public.groups import protect_causes, protect_cross, protect_groups
from jingzhun.report.public.province import protect_province
from jingzhun.report.public.quality import protect_comparison, protect_findings, protect_imports

Summary = dict[str, Any]

FEW = 20
"""A register of fewer households than so many times the limit publishes no count. DEFAULT: our own choice.

There the hidden counts are so few and so small that whole-number solutions run out: what no single sum gives
away, all of them together would.
"""
_EVERYTHING = 10**9
"""A limit below which every count is small."""


def public_summary(summary: Mapping[str, Any]) -> Summary:
    """The summary with every figure hidden that could tell about few households.

    The declared keys of summary.json (see `contract`), where the text "hidden" stands for a hidden figure. Added
    are `parts` (what the run did), `unknown_persons`, the agreeing pairs in `disagreements`, and
    `hidden_figures`, their number, and `too_few`: of a register of fewer than FEW times the limit every count is
    hidden that is not zero. The summary given is not changed. Raises InputError for another format.
    """
    exact = declared(summary)
    limit = int(exact["suppression_limit"])
    public = copy.deepcopy(exact)
    public["too_few"] = 0 < exact["households"] < FEW * limit
    if public["too_few"]:
        limit = _EVERYTHING
    protect_province(exact, public, limit)
    protect_causes(exact, public, limit)
    protect_findings(exact, public, limit)
    protect_evaluation(exact, public, limit)
    protect_counties(exact, public, limit)
    protect_townships(exact, public, limit)
    protect_groups(exact, public, limit)
    protect_cross(exact, public, limit)
    protect_imports(exact, public, limit)
    protect_comparison(exact, public, limit)
    protect_crosscheck(exact, public, limit)
    public["concentration"] = _concentration(public)
    public["causes"] = _most_first(public["causes"], "households")
    public["findings"]["by_rule"] = _most_first(public["findings"]["by_rule"], "n")
    if public["crosscheck"]:
        found = public["crosscheck"]["findings"]
        found["by_rule"] = _most_first(found["by_rule"], "n")
        found["by_county"] = _most_first(found["by_county"], "n")
    if public["comparison"]:
        reasons = public["comparison"]["reasons"]
        public["comparison"]["reasons"] = _most_first(reasons, "households")
    _protect_county_exits(public)
    public["hidden_figures"] = sum(is_hidden(figure) for figure in _figures(public))
    return public


def _most_first(rows: list[Summary], key: str) -> list[Summary]:
    """Rows by a count, hidden ones last by their code: a place between two shown counts would tell too much."""

    def order(row: Summary) -> tuple[bool, int, str]:
        hidden = is_hidden(row[key])
        return hidden, 0 if hidden else -(row[key] or 0), str(row.get("code") or row.get("rule"))

    return sorted(rows, key=order)


def _concentration(public: Summary) -> list[Summary]:
    """Counties by their poor persons; hidden ones come last, and shares add up over the shown ones only."""
    counties = public["by_county"]
    shown = [c for c in counties if not is_hidden(c["poor_persons"])]
    shown.sort(key=lambda county: (-(county["poor_persons"] or 0), county["code"]))
    others = [c for c in counties if is_hidden(c["poor_persons"])]
    everyone = public["poor_persons"]
    whole = None if is_hidden(everyone) or not everyone else everyone
    done, rows = 0, []
    for county in [*shown, *others]:
        poor = county["poor_persons"]
        hidden = is_hidden(poor)
        done += 0 if hidden else poor or 0
        rows.append(
            {
                "code": county["code"],
                "name": county["name"],
                "poor_persons": poor,
                "share": marked(None if hidden or not whole else (poor or 0) / whole, hidden),
                "cumulative_share": None if hidden or not whole else done / whole,
            }
        )
    return rows


def _protect_county_exits(public: Summary) -> None:
    """A county's incidence counts the persons of households not lifted out: hidden when those are. Its rates of
    wrong exits and of missed households come from an audit's sample: of few households they tell about each."""
    outcomes = {
        county["code"]: [n for counts in county["outcomes"].values() for n in counts.values()]
        for county in public["by_county"]
    }
    households = {county["code"]: county["registered_households"] for county in public["by_county"]}
    for rows in public.get("counties", {}).values():
        for row in rows:
            row["incidence"] = derived(row["incidence"], *outcomes.get(row["code"], []))
            for rate in ("wrong_exit_rate", "missed_rate"):
                row[rate] = derived(row[rate], households.get(row["code"]))


def _figures(node: Any) -> Iterator[Any]:
    """Every leaf of the summary."""
    if isinstance(node, dict):
        node = list(node.values())
    if isinstance(node, list):
        for child in node:
            yield from _figures(child)
    else:
        yield node
