"""Findings of the checks, rows of the imports, and the comparison of two periods."""

from __future__ import annotations

from typing import Any

from jingzhun.disclosure.cells import Cell, hide, is_small
from jingzhun.disclosure.marks import is_hidden, marked
from jingzhun.disclosure.tables import Line, hide_line

Summary = dict[str, Any]
_PEOPLE = ("households", "persons")


def protect_findings(exact: Summary, public: Summary, limit: int) -> None:
    """Findings by rule, which add up by group and by severity."""
    counts, shown = exact["findings"], public["findings"]
    for key in ("total", "households"):
        shown[key] = marked(counts[key], is_small(counts[key], limit))
    for key in ("by_group", "by_severity"):
        line = Line(list(counts[key].values()), total_hidden=is_hidden(shown["total"]))
        for name, hidden in zip(counts[key], hide_line(line, limit), strict=True):
            shown[key][name] = marked(counts[key][name], hidden)
    rules = counts["by_rule"]
    cells = [
        Cell(
            rule["n"],
            ("group", rule["group"]),
            ("severity", rule["severity"]),
            small=is_small(rule["n"], limit),
        )
        for rule in rules
    ]
    hidden_cells = hide([*cells, *_totals(counts, shown)], limit)
    for rule, hidden in zip(shown["by_rule"], hidden_cells, strict=False):
        rule["n"] = marked(rule["n"], hidden)


def _totals(counts: Summary, shown: Summary) -> list[Cell]:
    """The totals by group and by severity as cells of the network of rules."""
    groups = [
        Cell(n, ("severity", "total"), ("group", name), **_state(shown["by_group"][name]))
        for name, n in counts["by_group"].items()
    ]
    severities = [
        Cell(n, ("severity", name), ("group", "total"), **_state(shown["by_severity"][name]))
        for name, n in counts["by_severity"].items()
    ]
    total = Cell(
        counts["total"], ("group", "total"), ("severity", "total"), **_state(shown["total"])
    )
    return [*groups, *severities, total]


def _state(figure: object) -> dict[str, bool]:
    return {"hidden": is_hidden(figure), "kept": not is_hidden(figure)}


def protect_imports(exact: Summary, public: Summary, limit: int) -> None:
    """Rows accepted and rejected of files about households and persons; rows about villages are shown.

    What was accepted is often what the run counted, and so is known: beside it the rows read would tell the rest.
    """
    for row, shown in zip(exact["imports"], public["imports"], strict=True):
        if row["table"] not in _PEOPLE:
            continue
        few = {key: is_small(row[key], limit) for key in ("accepted", "rejected")}
        for key, hidden in {**few, "read": any(few.values())}.items():
            shown[key] = marked(row[key], hidden)


def protect_comparison(exact: Summary, public: Summary, limit: int) -> None:
    """Who entered and left poverty between two periods, and why."""
    if not exact["comparison"]:
        return
    counts, shown = exact["comparison"], public["comparison"]
    for key in ("entered", "left", "stayed"):
        shown[key] = marked(counts[key], is_small(counts[key], limit))
    # A household counts once under each kind of reason, so each kind of a change is a line of its own.
    for kind in {(reason["change"], reason["kind"]) for reason in shown["reasons"]}:
        reasons = [r for r in shown["reasons"] if (r["change"], r["kind"]) == kind]
        line = Line([reason["households"] for reason in reasons])
        for reason, hidden in zip(reasons, hide_line(line, limit), strict=True):
            reason["households"] = marked(reason["households"], hidden)
