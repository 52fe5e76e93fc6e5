"""What the page's scripts get: public figures as data, and the texts they show."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

from markupsafe import Markup

from jingzhun.report.measures import Measure
from jingzhun.report.names import AreaNames
from jingzhun.report.public.contract import INCOME_GROUPS, OUTCOMES
from jingzhun.report.texts import Both, both, catalogue, titled
from jingzhun.report.views.crosscheck import chart as crosscheck_chart
from jingzhun.report.views.headline import half_of_poor
from jingzhun.report.views.people import income

Row = dict[str, Any]
TEXTS = (
    "language", "contents", "hidden", "not_known", "default_hint", "table_of", "map_label", "zoom_in", "zoom_out",
    "zoom_reset", "search_hint", "no_match", "back", "legend_hidden", "legend_none", "m_poor", "m_headcount",
    "m_incidence", "county_households", "county_persons", "county_poor", "county_gap", "county_income",
    "county_villages", "county_outcomes", "county_causes", "county_making", "townships_of", "townships_hint",
    "townships_none", "col_county", "col_township", "col_households", "col_persons", "col_poor_households",
    "col_poor_persons", "col_rate", "col_share", "col_cumulative", "passed", "failed", "not_assessable",
    "stage_total", "exit_score_axis", "exit_mark", "exit_items", "first_half", "first_axis", "dropped_assessable",
    "dropped_score", "dropped_vetoes", "dropped_outcome", "why_by_people", "disagree_title", "quality_rules",
    "quality_imports", "crosscheck_sources", "crosscheck_quality", "crosscheck_counties", "col_findings",
    "col_review", "severity_high", "severity_medium", "severity_low", *INCOME_GROUPS,
)  # fmt: skip


def client_data(public: Row, chosen: list[Measure], names: AreaNames, title: Both) -> Row:
    """The data of the scripts; hidden figures are hidden here too."""
    leading = next(iter(public["outcomes"]), None)
    has_causes = any(row["share"] for row in public["causes"])
    return {
        "title": _pair(title),
        "texts": {key: _pair(catalogue()[key]) for key in TEXTS},
        "measures": [
            {
                "id": measure.id,
                "label": _pair(measure.label),
                "unit": _pair(measure.unit),
                "rate": measure.is_rate,
                "limits": measure.limits,
                "values": {code: _short(value) for code, value in measure.values.items()},
            }
            for measure in chosen
        ],
        "counties": {
            row["code"]: _county(row, names, has_causes=has_causes) for row in public["by_county"]
        },
        "townships": _townships(public, leading),
        "profiles": {n: _pair(both(p["label"])) for n, p in (public["profiles"] or {}).items()},
        "outcomes": leading,
        "causes": {row["code"]: _pair(titled(row["label"])) for row in public["causes"]},
        "charts": charts(public, names),
    }


def as_script_data(value: Any) -> Markup:
    """JSON that can stand inside a script element: no `<`, `>` or `&`, so nothing in it can end the element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)  # noqa: S704 - escaped just above


def _pair(text: Both) -> Row:
    return {"en": str(text.en), "zh": str(text.zh)}


def _short(value: Any) -> Any:
    """Rates need no more than five digits."""
    return round(value, 5) if isinstance(value, float) else value


def _county(row: Row, names: AreaNames, *, has_causes: bool) -> Row:
    amounts = row["income"]
    return {
        "name": _pair(names.of(row["code"], row["name"])),
        "short": _pair(names.short(row["code"], row["name"])),
        "prefecture": _pair(names.of(row["code"][:4] + "00", row["prefecture"])),
        "households": row["households"],
        "persons": row["persons"],
        "poor": row["poor_persons"],
        "rate": _short(row["headcount_rate"]),
        "gap": _short(row["poverty_gap_rate"]),
        "incidence": _short(row["incidence"]),
        "mean": _mean(amounts, row["persons"]),
        "villages": row["villages_poor"],
        "outcomes": [[name, *(n[o] for o in OUTCOMES)] for name, n in row["outcomes"].items()],
        "causes": [[code, n] for code, n in row["causes"].items()] if has_causes else [],
        "income": [amounts[key] for key in INCOME_GROUPS],
    }


def _mean(amounts: Row, persons: Any) -> Any:
    """Income a person, from the totals where the run did not give it."""
    if amounts["per_capita_yuan"] is not None:
        mean = amounts["per_capita_yuan"]
        return round(mean) if isinstance(mean, int | float) else mean
    groups = [amounts[key] for key in INCOME_GROUPS]
    if not persons or not all(isinstance(n, int | float) for n in (*groups, persons)):
        return None
    return round(sum(groups) / persons)


def _townships(public: Row, leading: str | None) -> dict[str, list[Any]]:
    found = defaultdict(list)
    for row in public["by_township"]:
        outcomes = [row["outcomes"][leading][o] for o in OUTCOMES] if leading else []
        found[row["county_code"]].append(
            [
                row["name"] or row["code"],
                row["households"],
                row["persons"],
                row["poor_households"],
                row["poor_persons"],
                _short(row["headcount_rate"]),
                *outcomes,
            ]
        )
    return found


def charts(public: Row, names: AreaNames) -> Row:
    """The figures of each chart; a chart without figures is left out."""
    found: Row = {}
    if any(row["share"] for row in public["causes"]):
        found["causes"] = {
            "labels": [_pair(titled(row["label"])) for row in public["causes"]],
            "households": [row["households"] for row in public["causes"]],
            "shares": [_short(row["share"]) for row in public["causes"]],
        }
    structure = income(public, names)
    if structure and structure["rows"]:
        found["income"] = {
            "names": [_pair(row["name"]) for row in structure["rows"]],
            "amounts": [row["raw"] for row in structure["rows"]],
        }
    found["funnel"] = {name: _steps(steps) for name, steps in public["funnel"].items()}
    found["scores"] = {
        name: {
            "mark": public["profiles"][name]["pass_mark"],
            "rows": [{"from": r["from"], "to": r["to"], "n": r["households"]} for r in rows],
        }
        for name, rows in public["scores"].items()
    }
    compared = crosscheck_chart(public)
    if compared:
        found["crosscheck"] = compared
    shown = [row for row in public["concentration"] if row["cumulative_share"] is not None]
    if shown and public["parts"]["identify"]:
        found["concentration"] = {
            "names": [_pair(names.of(row["code"], row["name"])) for row in shown],
            "shares": [_short(row["cumulative_share"]) for row in shown],
            "half": half_of_poor(public),
        }
    return found


def _steps(steps: list[Row]) -> list[Row]:
    """The steps of a funnel; equal last steps are shown once."""
    rows = [
        {"step": s["step"], "label": _pair(titled(s["label"])), "n": s["households"]} for s in steps
    ]
    if len(rows) > 1 and rows[-1]["n"] == rows[-2]["n"] and isinstance(rows[-1]["n"], int):
        rows[-2] = {**rows[-2], "label": rows[-1]["label"]}
        rows.pop()
    return rows
