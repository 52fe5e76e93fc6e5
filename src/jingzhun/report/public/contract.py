"""Which keys of summary.json are published: only those declared here, so a new key stays inside until it is.

What a run left out (`parts` tells which) is filled with nothing: None, an empty list or an empty record.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from jingzhun.errors import InputError

Row = dict[str, Any]
FORMAT = 1
OUTCOMES = ("passed", "failed", "not_assessable")

HEAD = (
    "engine_version", "pack", "on", "period", "run_id", "data_hash", "line", "welfare", "profiles",
    "stricter_of", "villages", "seconds", "peak_memory_mib", "suppression_limit",
)  # fmt: skip
COUNTS = (
    "households", "persons", "registered_households", "poor_households", "poor_persons",
    "unknown_households",
)  # fmt: skip
RATES = ("headcount_rate", "poverty_gap_rate", "poverty_severity")
INCOME_GROUPS = ("wage_yuan", "business_yuan", "property_yuan", "transfer_yuan")
INCOME = (
    *INCOME_GROUPS, "net_income_yuan", "persons", "per_capita_yuan", "median_per_capita_yuan",
    "making_share", "transfusion_share",
)  # fmt: skip
COUNTY = ("code", "name", "prefecture", "villages_poor", "incidence", "findings")
TOWNSHIP = ("code", "name", "county_code")
CAUSE = ("code", "label", "households", "persons", "share")
GROUP = ("code", "label", "persons", "poor_persons", "rate")
RULE = ("rule", "group", "severity", "finding", "label", "n")
IMPORT = ("table", "source", "read", "accepted", "rejected", "on")
EXIT = ("code", "name", "outcome", "incidence", "wrong_exit_rate", "missed_rate")
CHECK = ("exited_households", "exited_failing", "not_exited_passing")
REASON = ("change", "kind", "code", "label", "households")
CROSS_RULE = ("rule", "finding", "severity", "label", "n", "review")
CROSS_COUNTY = ("code", "name", "n", "high", "medium", "low")
CROSS_SOURCE = (
    "table", "label", "department", "records", "received", "age_days", "certain", "probable", "review",
    "unlinked",
)  # fmt: skip
CROSS_QUALITY = ("rule", "label", "decided", "verdicts", "precision", "precision_interval")
CROSS_PEOPLE = ("code", "label", "records", "recall")
CROSS_KIND = ("finding", "found", "right", "real", "precision", "recall")
PAIR = ("a", "b", "a_outcome", "b_outcome", "households")


def declared(summary: Mapping[str, Any]) -> Row:
    """The declared keys of a summary, complete; the summary itself is not changed.

    Raises InputError when the summary has another format.
    """
    if summary.get("format") != FORMAT:
        raise InputError(
            f"This summary has format {summary.get('format')!r}, and this version reads {FORMAT}",
            do="Run the job again with this version, or write the report with the version that made it",
        )
    profiles = summary.get("outcomes") or {}
    counties = [_county(row, profiles) for row in summary.get("by_county") or []]
    codes = {row["code"] for row in counties}
    return {
        **_only(summary, HEAD),
        **_only(summary, RATES),
        **_counts(summary),
        "registered_persons": summary.get("registered_persons") or 0,
        "missed_households": summary.get("missed_households"),
        "parts": {
            "identify": summary.get("headcount_rate") is not None,
            "evaluate": bool(profiles),
            "check": bool(summary.get("findings")),
        },
        "by_county": counties,
        "by_township": [
            {**_only(row, TOWNSHIP), **_area(row, profiles)}
            for row in summary.get("by_township") or []
            if row.get("county_code") in codes
        ],
        "causes": _rows(summary, "causes", CAUSE),
        "income": _only(summary.get("income") or {}, INCOME),
        "distribution": {
            name: [_only(row, GROUP) for row in rows]
            for name, rows in (summary.get("distribution") or {}).items()
        },
        "cross": _cross(summary.get("cross") or {}),
        "concentration": [],
        **_evaluation(summary, profiles),
        "findings": _findings(summary.get("findings") or {}),
        "imports": _rows(summary, "imports", IMPORT),
        "comparison": _comparison(summary.get("comparison")),
        "crosscheck": _crosscheck(summary.get("crosscheck")),
    }


def _only(row: Mapping[str, Any], keys: Sequence[str]) -> Row:
    return {key: row.get(key) for key in keys}


def _rows(summary: Mapping[str, Any], key: str, keys: Sequence[str]) -> list[Row]:
    return [_only(row, keys) for row in summary.get(key) or []]


def _counts(row: Mapping[str, Any]) -> Row:
    """Counts of an area; `unknown_persons` are those of households whose status is not known."""
    persons = row.get("persons") or 0
    return {
        **{key: row.get(key) or 0 for key in COUNTS},
        "unknown_persons": max(0, persons - row.get("known_persons", persons)),
    }


def _area(row: Mapping[str, Any], profiles: Mapping[str, Any]) -> Row:
    outcomes = row.get("outcomes") or {}
    return {
        **_counts(row),
        "headcount_rate": row.get("headcount_rate"),
        "poverty_gap_rate": row.get("poverty_gap_rate"),
        "outcomes": {
            name: {o: outcomes.get(name, {}).get(o) or 0 for o in OUTCOMES} for name in profiles
        },
    }


def _county(row: Mapping[str, Any], profiles: Mapping[str, Any]) -> Row:
    return {
        **_only(row, COUNTY),
        **_area(row, profiles),
        "findings": row.get("findings") or 0,
        "vetoes": row.get("vetoes") or {},
        "causes": row.get("causes") or {},
        "income": _only(row.get("income") or {}, INCOME),
    }


def _cross(cross: Mapping[str, Any]) -> Row:
    table = cross.get("cause_by_ethnicity")
    return {"cause_by_ethnicity": _only(table, ("rows", "columns", "households"))} if table else {}


def _evaluation(summary: Mapping[str, Any], profiles: Mapping[str, Any]) -> Row:
    return {
        "outcomes": {name: _only(counts, OUTCOMES) for name, counts in profiles.items()},
        **{key: dict(summary.get(key) or {}) for key in ("vetoes", "missing", "not_met")},
        "funnel": dict(summary.get("funnel") or {}),
        "scores": dict(summary.get("scores") or {}),
        "stricter": {o: (summary.get("stricter") or {}).get(o) or 0 for o in OUTCOMES},
        "disagreements": _rows(summary, "disagreements", PAIR),
        "exit_check": {key: (summary.get("exit_check") or {}).get(key) or 0 for key in CHECK},
        "counties": {
            name: [_only(row, EXIT) for row in rows]
            for name, rows in (summary.get("counties") or {}).items()
        },
    }


def _findings(findings: Mapping[str, Any]) -> Row:
    return {
        "total": findings.get("total") or 0,
        "households": findings.get("households"),
        "by_rule": [_only(rule, RULE) for rule in findings.get("by_rule") or []],
        "by_group": dict(findings.get("by_group") or {}),
        "by_severity": dict(findings.get("by_severity") or {}),
    }


def _comparison(comparison: Mapping[str, Any] | None) -> Row | None:
    if not comparison:
        return None
    return {
        **_only(comparison, ("from", "to")),
        **{key: comparison.get(key) or 0 for key in ("entered", "left", "stayed")},
        "reasons": [_only(reason, REASON) for reason in comparison.get("reasons") or []],
    }


def _crosscheck(found: Mapping[str, Any] | None) -> Row | None:
    if not found:
        return None
    findings, truth = found["findings"], found.get("truth") or {}
    return {
        "findings": {
            **_only(findings, ("total", "households", "outside", "rules")),
            **{key: dict(findings[key]) for key in ("by_finding", "by_severity", "by_band")},
            "by_rule": _rows(findings, "by_rule", CROSS_RULE),
            "by_county": _rows(findings, "by_county", CROSS_COUNTY),
        },
        "sources": _rows(found, "sources", CROSS_SOURCE),
        "quality": [
            {**_only(row, CROSS_QUALITY), "verdicts": dict(row["verdicts"])}
            for row in found.get("quality") or []
        ],
        "truth": {
            "precision": (truth.get("links") or {}).get("precision"),
            "recall_by_ethnicity": _rows(truth, "recall_by_ethnicity", CROSS_PEOPLE),
            "by_finding": _rows(truth, "by_finding", CROSS_KIND),
        }
        if truth
        else None,
    }
