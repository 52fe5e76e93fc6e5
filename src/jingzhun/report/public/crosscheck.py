"""Findings of the cross-check, links by source, rule quality, and accuracy against a sample's truth."""

from __future__ import annotations

from typing import Any

from jingzhun.disclosure.cells import Cell, hide, is_small
from jingzhun.disclosure.marks import derived, is_hidden, marked
from jingzhun.disclosure.tables import Line, Table, hide_line, hide_table

Row = dict[str, Any]
SEVERITIES = ("high", "medium", "low")
LINKS = ("certain", "probable", "review", "unlinked")


def protect_crosscheck(exact: Row, public: Row, limit: int) -> None:
    """Hide small counts of the cross-check and what would give them away; the summary may have none."""
    if not exact["crosscheck"]:
        return
    counts, shown = exact["crosscheck"], public["crosscheck"]
    _protect_findings(counts["findings"], shown["findings"], limit)
    _protect_counties(counts["findings"], shown["findings"], limit)
    for row, own in zip(counts["sources"], shown["sources"], strict=True):
        _protect_parts(row, own, LINKS, "records", limit)
    for row, own in zip(counts["quality"], shown["quality"], strict=True):
        own["decided"] = marked(row["decided"], is_small(row["decided"], limit))
        hidden = hide_line(_line(row["verdicts"], row["decided"], own["decided"]), limit)
        for name, is_in in zip(row["verdicts"], hidden, strict=True):
            own["verdicts"][name] = marked(row["verdicts"][name], is_in)
        for key in ("precision", "precision_interval"):
            own[key] = derived(own[key], own["decided"], own["verdicts"]["true"])
    if counts["truth"]:
        _protect_truth(shown["truth"], shown["findings"]["by_finding"], limit)


def _protect_findings(counts: Row, shown: Row, limit: int) -> None:
    """Findings by rule, which add up by kind and by severity; by band, and those about people on no register."""
    for key in ("total", "households", "outside"):
        shown[key] = marked(counts[key], is_small(counts[key], limit))
    for key in ("by_finding", "by_severity", "by_band"):
        line = _line(counts[key], counts["total"], shown["total"])
        for name, hidden in zip(counts[key], hide_line(line, limit), strict=True):
            shown[key][name] = marked(counts[key][name], hidden)
    asked = [i for i, rule in enumerate(counts["by_rule"]) if rule["n"]]
    rules = [counts["by_rule"][i] for i in asked]
    cells = [
        Cell(
            rule["n"],
            ("finding", rule["finding"]),
            ("severity", rule["severity"]),
            small=is_small(rule["n"], limit),
        )
        for rule in rules
    ]
    hidden_cells = hide([*cells, *_totals(counts, shown)], limit)
    for place, hidden in zip(asked, hidden_cells, strict=False):
        own = shown["by_rule"][place]
        own["n"] = marked(own["n"], hidden)
        exact = counts["by_rule"][place]
        # What is to be reviewed is a part of the rule's findings, and so is the rest of them.
        parts = (exact["review"], exact["n"] - exact["review"])
        own["review"] = marked(own["review"], hidden or any(is_small(n, limit) for n in parts))


def _totals(counts: Row, shown: Row) -> list[Cell]:
    kinds = [
        Cell(n, ("severity", "all"), ("finding", name), **_state(shown["by_finding"][name]))
        for name, n in counts["by_finding"].items()
    ]
    severities = [
        Cell(n, ("severity", name), ("finding", "all"), **_state(shown["by_severity"][name]))
        for name, n in counts["by_severity"].items()
    ]
    whole = _state(shown["total"])
    return [
        *kinds,
        *severities,
        Cell(counts["total"], ("finding", "all"), ("severity", "all"), **whole),
    ]


def _state(figure: object) -> dict[str, bool]:
    return {"hidden": is_hidden(figure), "kept": not is_hidden(figure)}


def _protect_counties(counts: Row, shown: Row, limit: int) -> None:
    """Findings of counties by severity: parts of the county's, which are parts of all."""
    rows = counts["by_county"]
    if not rows:
        return
    totals = Line([row["n"] for row in rows], counts["total"], is_hidden(shown["total"]))
    hidden_totals = hide_line(totals, limit)
    table = Table(
        [[row[level] for level in SEVERITIES] for row in rows],
        row_totals=[row["n"] for row in rows],
        column_totals=[counts["by_severity"].get(level, 0) for level in SEVERITIES],
        hidden_rows=frozenset(i for i, hidden in enumerate(hidden_totals) if hidden),
        hidden_columns=frozenset(
            i for i, level in enumerate(SEVERITIES) if is_hidden(shown["by_severity"].get(level))
        ),
        total_hidden=is_hidden(shown["total"]),
    )
    cells = hide_table(table, limit)
    for own, is_in, hidden in zip(shown["by_county"], hidden_totals, cells, strict=True):
        own["n"] = marked(own["n"], is_in)
        for level, cell in zip(SEVERITIES, hidden, strict=True):
            own[level] = marked(own[level], cell)


def _protect_parts(row: Row, own: Row, parts: tuple[str, ...], total: str, limit: int) -> None:
    own[total] = marked(row[total], is_small(row[total], limit))
    line = Line([row[part] for part in parts], row[total], is_hidden(own[total]))
    for part, hidden in zip(parts, hide_line(line, limit), strict=True):
        own[part] = marked(row[part], hidden)


def _line(parts: Row, total: int, shown: object) -> Line:
    return Line(list(parts.values()), total, is_hidden(shown))


def _protect_truth(shown: Row, by_kind: Row, limit: int) -> None:
    """Accuracy is known of invented people only; groups too small to tell anything are hidden all the same.

    What was found of a kind is the count of its findings, and hidden with it.
    """
    for row in shown["recall_by_ethnicity"]:
        row["records"] = marked(row["records"], is_small(row["records"], limit))
        row["recall"] = derived(row["recall"], row["records"])
    for row in shown["by_finding"]:
        count = by_kind.get(row["finding"])
        for key in ("found", "right", "real"):
            row[key] = derived(marked(row[key], is_small(row[key], limit)), count)
        row["precision"] = derived(row["precision"], row["found"], row["right"])
        row["recall"] = derived(row["recall"], row["real"], row["right"])
