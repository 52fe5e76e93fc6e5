"""One dictionary of all figures of a run: the content of `summary.json` and the input of the report.

These are exact internal figures. What is shown to others passes disclosure control in the report.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import jingzhun
from jingzhun.evaluate import summary as evaluation_figures
from jingzhun.evaluate.areas import AreaJudgement
from jingzhun.evaluate.outcomes import OUTCOMES
from jingzhun.identify.areas import Areas
from jingzhun.policy.pack import Pack
from jingzhun.run.stages import Evaluated, Found


def assemble(
    found: Found, *, run_id: str, seconds: Mapping[str, float], peak: int
) -> dict[str, Any]:
    """The summary of a run from what its stages found; keys are documented in docs/summary-json.md."""
    summary = _head(found, run_id)
    if found.identified is not None:
        summary |= found.identified
    if found.evaluated is not None:
        _add_evaluation(summary, found, found.evaluated)
    if found.checks is not None:
        _add_findings(summary, found.pack, found.checks)
    if found.crosschecked is not None:
        summary["crosscheck"] = found.crosschecked
    summary["imports"] = _imports(found)
    summary["seconds"] = dict(seconds)
    summary["peak_memory_mib"] = peak
    return summary


def _head(found: Found, run_id: str) -> dict[str, Any]:
    pack = found.pack
    return {
        "format": 1,
        "disclosure": "internal: exact figures, not for publication",
        "engine_version": jingzhun.__version__,
        "run_id": run_id,
        "on": found.on.isoformat(),
        "period": found.period,
        "pack": {
            "id": pack.id,
            "version": pack.version,
            "hash": pack.content_hash,
            "label": pack.label.model_dump(),
        },
        "data_hash": found.ws.data_hash(),
        "line": _line(found),
        "welfare": _welfare(found),
        "suppression_limit": pack.suppression_limit,
        "households": found.ws.rows("households", found.period),
        "persons": found.ws.rows("persons", found.period),
        "comparison": found.comparison,
    }


def _line(found: Found) -> dict[str, Any]:
    entry = found.pack.parameter(found.pack.line).entry(found.on)
    return {
        "name": entry.name,
        "label": entry.label.model_dump(),
        "value": entry.value,
        "unit": entry.unit,
        "since": entry.since.isoformat(),
        "source": entry.source,
        "confidence": entry.confidence,
        "default": entry.default,
    }


def _welfare(found: Found) -> dict[str, Any]:
    known = found.pack.definitions_on(found.on)
    definition = known.get(found.pack.welfare)
    if definition is None:
        return {
            "id": found.pack.welfare,
            "label": {"en": found.pack.welfare, "zh": found.pack.welfare},
        }
    label = definition.label.model_dump()
    return {"id": definition.id, "label": label, "unit": definition.unit}


def _add_evaluation(summary: dict[str, Any], found: Found, evaluated: Evaluated) -> None:
    evaluation = evaluated.evaluation
    counts = evaluation_figures.total(evaluated.by_county.values())
    summary |= evaluation_figures.figures(evaluation, counts)
    summary["registered_households"] = counts["registered",]
    sticks = [*evaluation.sticks, *evaluated.area_sticks]
    summary["profiles"] = {stick.id: evaluation_figures.described(stick) for stick in sticks}
    summary["villages"] = {
        judged.profile: evaluation_figures.area_outcomes(judged) for judged in evaluated.villages
    }
    names = found.areas
    summary["counties"] = {
        judged.profile: _county_rows(names, judged, evaluated) for judged in evaluated.counties
    }
    _merge_counties(summary, names, evaluated)
    _merge_townships(summary, names, evaluated)


def _rows_by_code(
    summary: dict[str, Any], key: str, codes: Sequence[str], names: Areas
) -> dict[str, dict[str, Any]]:
    """The summary's rows per area by code, made where identification was left out."""
    rows: list[dict[str, Any]] = summary.setdefault(key, [])
    known = {str(row["code"]): row for row in rows}
    for code in codes:
        if code not in known:
            known[code] = {"code": code, "name": names.name(code)}
            rows.append(known[code])
    return known


def _merge_counties(summary: dict[str, Any], names: Areas, evaluated: Evaluated) -> None:
    rows = _rows_by_code(summary, "by_county", list(evaluated.by_county), names)
    sticks = evaluated.evaluation.sticks
    facts = _facts_by_county(evaluated)
    for county, counts in evaluated.by_county.items():
        row = rows[county]
        row["outcomes"] = {s.id: evaluation_figures.outcome_counts(counts, s) for s in sticks}
        row["vetoes"] = {s.id: evaluation_figures.veto_counts(counts, s) for s in sticks}
        row["findings"] = 0
        own = facts.get(county, {})
        # Persons not lifted out by the evaluation; `incidence` is about persons below the line.
        row["exit_incidence"] = _share(own.get("poor_persons"), own.get("rural_population"))


def _facts_by_county(evaluated: Evaluated) -> dict[str, dict[str, Any]]:
    if evaluated.county_facts is None:
        return {}
    rows = evaluated.county_facts.rows(named=True)
    return {str(row["county_code"])[:6]: row for row in rows}


def _share(part: Any, whole: Any) -> float | None:
    return None if part is None or not whole else float(part) / float(whole)


def _merge_townships(summary: dict[str, Any], names: Areas, evaluated: Evaluated) -> None:
    codes = sorted({code for code, _, _ in evaluated.townships})
    rows = _rows_by_code(summary, "by_township", codes, names)
    for code in codes:
        row = rows[code]
        row.setdefault("county_code", code[:6])
        row["outcomes"] = {
            stick.id: {
                outcome: evaluated.townships[code, stick.id, outcome] for outcome in OUTCOMES
            }
            for stick in evaluated.evaluation.sticks
        }


def _county_rows(names: Areas, judged: AreaJudgement, evaluated: Evaluated) -> list[dict[str, Any]]:
    facts = _facts_by_county(evaluated)
    rows = []
    for row in judged.table.rows(named=True):
        code = str(row["county_code"])[:6]
        own = facts.get(code, {})
        rows.append(
            {
                "code": code,
                "name": names.name(code),
                "outcome": row["outcome"],
                "missing": [name for name in str(row["missing"]).split(",") if name],
                "incidence": _share(own.get("poor_persons"), own.get("rural_population")),
                "wrong_exit_rate": _share(own.get("wrong_exits"), own.get("audited_exits")),
                "missed_rate": _share(
                    own.get("missed_households"), own.get("audited_unregistered")
                ),
            }
        )
    return rows


def _add_findings(
    summary: dict[str, Any], pack: Pack, counted: Counter[tuple[str, str, str]]
) -> None:
    by_rule: Counter[str] = Counter()
    by_county: Counter[str] = Counter()
    for (rule, county, _), n in counted.items():
        by_rule[rule] += n
        by_county[county] += n
    rules = [
        {
            "rule": rule,
            "group": pack.checks[rule].group,
            "severity": pack.checks[rule].severity,
            "finding": pack.checks[rule].finding,
            "label": pack.checks[rule].label.model_dump(),
            "n": n,
        }
        for rule, n in sorted(by_rule.items(), key=lambda item: (-item[1], item[0]))
    ]
    summary["findings"] = {
        "total": sum(by_rule.values()),
        "rules": len(pack.checks),
        "by_rule": rules,
        "by_group": _grouped(rules, "group"),
        "by_severity": _grouped(rules, "severity"),
    }
    for row in summary.get("by_county", []):
        row["findings"] = by_county[str(row["code"])]


def _grouped(rules: Sequence[Mapping[str, Any]], key: str) -> dict[str, int]:
    found: Counter[str] = Counter()
    for rule in rules:
        found[str(rule[key])] += int(rule["n"])
    return dict(sorted(found.items()))


def _imports(found: Found) -> list[dict[str, Any]]:
    """One row per import and table, as the ledger has them; verdicts stand in it as one table."""
    rows = []
    for entry in found.ws.imports:
        tables = entry.get("tables") or {entry.get("table"): entry}
        for table, counts in tables.items():
            files = [f["name"] for f in entry.get("files", []) if f["table"] == table]
            row = {key: counts.get(key) for key in ("read", "accepted", "rejected")}
            source = entry.get("source") or ", ".join(files) or None
            rows.append({"table": table, "source": source, **row, "on": entry.get("on")})
    return [row for row in rows if row["read"] is not None]
