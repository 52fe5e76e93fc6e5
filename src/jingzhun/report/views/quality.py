"""Data quality, method, sources, and how to repeat the run."""

from __future__ import annotations

from typing import Any

from jingzhun.report.measures import say_label
from jingzhun.report.numbers import count, day
from jingzhun.report.public import FEW
from jingzhun.report.texts import Both, both, catalogue, known, say, titled
from jingzhun.report.views.people import most_of, width_of

Row = dict[str, Any]
TOP_RULES = 12
TOP_MISSING = 10


def quality(public: Row) -> Row:
    """Findings, imports and missing information."""
    findings = public["findings"]
    rules = [
        _rule(rule, most_of([r["n"] for r in findings["by_rule"]])) for rule in findings["by_rule"]
    ]
    key = "quality_total" if findings["households"] is None else "quality_total_households"
    counted = {"n": count(findings["total"])}
    if findings["households"] is not None:
        counted["households"] = count(findings["households"])
    return {
        "total": say(key, **counted) if public["parts"]["check"] else None,
        "severity": _bars(findings["by_severity"], "severity", ("high", "medium", "low")),
        "group": _bars(findings["by_group"], "group"),
        "rules": rules[:TOP_RULES],
        "more_rules": rules[TOP_RULES:],
        "more_title": say("quality_more_rules", n=len(rules[TOP_RULES:])),
        "unknown": say("quality_unknown", n=count(public["unknown_households"])),
        "missing": missing(public),
        "imports": [
            {
                "table": titled(known("table", str(row["table"]))),
                "source": row["source"],
                "read": count(row["read"]),
                "accepted": count(row["accepted"]),
                "rejected": count(row["rejected"]),
                "on": row["on"],
            }
            for row in public["imports"]
        ],
    }


def _rule(rule: Row, most: float) -> Row:
    return {
        "id": rule["rule"],
        "label": titled(rule["label"]),
        "group": known("group", rule["group"]),
        "severity": rule["severity"],
        "severity_label": known("severity", rule["severity"]),
        "kind": known("finding", rule["finding"]),
        "n": count(rule["n"]),
        "bar": width_of(rule["n"], most),
    }


def _bars(counts: Row, prefix: str, order: tuple[str, ...] = ()) -> list[Row]:
    names = [name for name in order if name in counts] + sorted(
        (name for name in counts if name not in order),
        key=lambda name: -counts[name] if isinstance(counts[name], int) else 1,
    )
    most = most_of(list(counts.values()))
    return [
        {
            "id": n,
            "label": titled(known(prefix, n)),
            "n": count(counts[n]),
            "bar": width_of(counts[n], most),
        }
        for n in names
    ]


def missing(public: Row) -> list[Row]:
    """The items most often not known, over all household profiles."""
    rows = []
    for name, counts in public["missing"].items():
        labels = {
            item["id"]: titled(item["label"]) for item in public["profiles"][name]["indicators"]
        }
        rows += [(n, say_label(public, name), labels[item]) for item, n in counts.items() if n]
    rows.sort(key=lambda row: -row[0] if isinstance(row[0], int) else 1)
    most = most_of([n for n, *_ in rows])
    return [
        {"item": item, "profile": profile, "n": count(n), "bar": width_of(n, most)}
        for n, profile, item in rows[:TOP_MISSING]
    ]


def method(public: Row) -> Row:
    """Line, definitions, defaults, identity of the run, times."""
    line, limit = public["line"], public["suppression_limit"]
    value = say(
        "method_line_text",
        label=titled(line["label"]),
        value=count(line["value"]),
        unit=known("unit", str(line["unit"])),
        on=day(public["on"]),
    )
    texts = catalogue()
    definitions = [texts[f"def_{key}"] for key in ("headcount", "incidence", "gap", "outcome")]
    return {
        "line": value,
        "line_default": bool(line.get("default")),
        "line_source": line["source"],
        "line_confidence": confidence(line["confidence"]),
        "welfare": titled(public["welfare"]["label"]),
        "definitions": [*definitions, say("def_suppression", less=limit - 1)],
        "defaults": defaults(public),
        "run": [
            (texts["run_engine"], public["engine_version"]),
            (texts["run_pack"], f"{public['pack']['id']} {public['pack']['version']}"),
            (texts["run_hash"], public["pack"]["hash"]),
            (texts["run_data"], public["data_hash"]),
            (texts["run_id"], public["run_id"]),
            (texts["run_period"], public["period"]),
            (texts["run_memory"], say("run_memory_value", n=count(public["peak_memory_mib"]))),
        ],
        "again": f"jingzhun run WORKSPACE --on {public['on']}",
        "seconds": [
            (titled(known("stage", stage)), count(s, 2))
            for stage, s in (public["seconds"] or {}).items()
        ],
        "seconds_total": count(sum((public["seconds"] or {}).values()), 2),
    }


def confidence(text: Any) -> Both:
    """`H`, `M recall` and the like in words."""
    if not text:
        return catalogue()["not_known"]
    parts = [known("confidence", part) for part in str(text).split()]
    return Both(", ".join(p.en for p in parts), "，".join(p.zh for p in parts))


def defaults(public: Row) -> list[Both]:
    """Every setting of ours behind this report's figures."""
    found = []
    if public["line"].get("default"):
        found.append(say("default_line_text", label=both(public["line"]["label"])))
    for name, profile in (public["profiles"] or {}).items():
        if profile["default"]:
            found.append(say("default_profile_text", profile=say_label(public, name)))
            continue
        found += [
            say("default_item_text", profile=say_label(public, name), item=both(item["label"]))
            for item in profile["indicators"]
            if item["default"]
        ]
    limit = public["suppression_limit"]
    found.append(say("default_whole_text", n=4 * limit))
    found.append(say("default_few_text", n=FEW * limit))
    return found
