"""The cross-check: findings by rule, kind, severity and county; sources and links; how good the rules are."""

from __future__ import annotations

from typing import Any

from jingzhun.report.names import AreaNames
from jingzhun.report.numbers import count, day, percent
from jingzhun.report.texts import Both, catalogue, known, say, titled
from jingzhun.report.views.people import most_of, width_of

Row = dict[str, Any]
SEVERITIES = ("high", "medium", "low")


def crosscheck(public: Row, names: AreaNames) -> Row | None:
    """Everything that the section shows; None where the run had no records of other departments."""
    found = public["crosscheck"]
    if not found:
        return None
    findings = found["findings"]
    return {
        "total": say(
            "crosscheck_total",
            n=count(findings["total"]),
            households=count(findings["households"]),
            review=count(findings["by_band"].get("review", 0)),
        ),
        "outside": say("crosscheck_outside", n=count(findings["outside"])),
        "rules": _rules(findings["by_rule"]),
        "height": 60 + 26 * max(6, sum(1 for rule in findings["by_rule"] if rule["n"])),
        "kinds": _bars(findings["by_finding"], "finding"),
        "severities": _bars(findings["by_severity"], "severity"),
        "bands": _bars(findings["by_band"], "band"),
        "counties": _counties(findings["by_county"], names),
        "sources": [_source(row) for row in found["sources"]],
        "quality": [_quality(row) for row in found["quality"]],
        "truth": _truth(found["truth"]),
    }


def _rules(rules: list[Row]) -> list[Row]:
    most = most_of([rule["n"] for rule in rules])
    return [
        {
            "id": rule["rule"],
            "label": titled(rule["label"]),
            "kind": known("finding", rule["finding"]) if rule["finding"] else "",
            "severity": rule["severity"] or "",
            "severity_label": known("severity", rule["severity"]) if rule["severity"] else "",
            "n": count(rule["n"]),
            "review": count(rule["review"]),
            "bar": width_of(rule["n"], most),
        }
        for rule in rules
    ]


def _bars(counts: Row, prefix: str) -> list[Row]:
    most = most_of(list(counts.values()))
    return [
        {
            "id": name,
            "label": titled(known(prefix, name)),
            "n": count(n),
            "bar": width_of(n, most),
        }
        for name, n in counts.items()
    ]


def _counties(rows: list[Row], names: AreaNames) -> list[Row]:
    most = most_of([row["n"] for row in rows])
    return [
        {
            "name": names.of(row["code"], row["name"]),
            "n": count(row["n"]),
            "levels": [count(row[level]) for level in SEVERITIES],
            "bar": width_of(row["n"], most),
        }
        for row in rows
    ]


def _source(row: Row) -> Row:
    return {
        "label": titled(row["label"]),
        "department": row["department"] and titled(row["department"]),
        "records": count(row["records"]),
        "links": [count(row[key]) for key in ("certain", "probable", "review", "unlinked")],
        "received": day(row["received"]) if row["received"] else "",
        "age": count(row["age_days"]),
    }


def _quality(row: Row) -> Row:
    interval = row["precision_interval"]
    return {
        "id": row["rule"],
        "label": titled(row["label"]),
        "decided": count(row["decided"]),
        "verdicts": [count(n) for n in row["verdicts"].values()],
        "precision": percent(row["precision"], 0),
        "interval": _interval(interval),
    }


def _interval(interval: Any) -> Any:
    if not isinstance(interval, list | tuple):
        return ""
    low, high = interval
    return f"{100 * low:.0f}–{100 * high:.0f}%"


def _truth(truth: Row | None) -> Row | None:
    if not truth:
        return None
    return {
        "precision": say("crosscheck_precision", share=percent(truth["precision"], 2)),
        "people": [
            {
                "label": titled(row["label"]),
                "records": count(row["records"]),
                "recall": percent(row["recall"], 2),
                "bar": width_of(row["recall"], 1),
            }
            for row in truth["recall_by_ethnicity"]
        ],
        "kinds": [
            {
                "label": titled(known("finding", row["finding"])),
                "found": count(row["found"]),
                "real": count(row["real"]),
                "precision": percent(row["precision"]),
                "recall": percent(row["recall"]),
            }
            for row in truth["by_finding"]
        ],
    }


def chart(public: Row) -> Row | None:
    """The chart of findings by rule: labels, counts, severity; None without findings."""
    found = public["crosscheck"]
    rules = [rule for rule in found["findings"]["by_rule"] if rule["n"]] if found else []
    if not rules:
        return None
    return {
        "labels": [_named(rule) for rule in rules],
        "findings": [rule["n"] for rule in rules],
        "review": [rule["review"] for rule in rules],
        "severity": [rule["severity"] for rule in rules],
    }


def _named(rule: Row) -> Row:
    label: Both = titled(rule["label"])
    return {"en": f"{rule['rule']} {label.en}", "zh": f"{rule['rule']} {label.zh}"}


def verdict_names() -> list[Both]:
    """Heads of the columns of verdicts."""
    return [catalogue()[f"verdict_{name}"] for name in ("true", "lawful", "not_true", "data_error")]
