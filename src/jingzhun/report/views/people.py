"""Causes, groups of persons, income, and changes between two periods."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from jingzhun.disclosure.marks import is_hidden
from jingzhun.report.names import AreaNames
from jingzhun.report.numbers import count, percent
from jingzhun.report.public.contract import INCOME_GROUPS
from jingzhun.report.texts import Both, both, catalogue, known, say, titled
from jingzhun.report.views.headline import share

Row = dict[str, Any]
HEAT_CLASSES = 6


def width_of(value: Any, most: Any) -> float:
    """The width of a bar in percent of the longest; none for hidden and unknown values."""
    if not isinstance(value, int | float) or not isinstance(most, int | float) or not most:
        return 0
    return round(max(0.0, 100 * value / most), 1)


def most_of(values: list[Any]) -> float:
    """The largest shown value."""
    return max((v for v in values if isinstance(v, int | float)), default=0)


def causes(public: Row) -> Row | None:
    """Main causes with bars, and the two that stand first."""
    rows = public["causes"]
    if not any(row["share"] for row in rows):
        return None
    most = most_of([row["households"] for row in rows])
    shown = [row for row in rows if not is_hidden(row["share"]) and row["share"]]
    top = None
    if len(shown) > 1:
        first, second = sorted(shown, key=lambda row: -row["share"])[:2]
        top = say(
            "why_top",
            first=titled(first["label"]),
            second=both(second["label"]),
            share=percent(first["share"] + second["share"]),
        )
    return {
        "top": top,
        "rows": [
            {
                "label": titled(row["label"]),
                "households": count(row["households"]),
                "persons": count(row["persons"]),
                "share": percent(row["share"]),
                "bar": width_of(row["households"], most),
            }
            for row in rows
        ],
    }


def cause_table(public: Row) -> Row | None:
    """Causes by ethnicity of the head, each column in percent of that people; hidden cells stay hidden."""
    cross = public["cross"].get("cause_by_ethnicity")
    if not cross or len(cross["rows"]) < 2 or len(cross["columns"]) < 2:
        return None
    totals = cross["column_totals"]
    columns = list(zip(*cross["households"], strict=True))
    keep = [i for i, column in enumerate(columns) if any(n and not is_hidden(n) for n in column)]
    order = {row["code"]: index for index, row in enumerate(public["causes"])}
    labels = {row["code"]: titled(row["label"]) for row in public["causes"]}
    peoples = {
        row["code"]: both(row["label"]) for row in public["distribution"].get("ethnicity", [])
    }
    rows = sorted(
        zip(cross["rows"], cross["households"], strict=True),
        key=lambda row: order.get(row[0], len(order)),
    )
    return {
        "columns": [titled(peoples.get(cross["columns"][i], cross["columns"][i])) for i in keep],
        "rows": [
            {
                "label": labels.get(code, both(code)),
                "cells": [_heat(counts[i], totals[i]) for i in keep],
            }
            for code, counts in rows
        ],
    }


def _heat(value: Any, base: Any) -> Row:
    part = share(value, base)
    tone = "qh" if is_hidden(part) else f"h{min(HEAT_CLASSES - 1, int((part or 0) * 100 / 6))}"
    few = isinstance(part, float) and 0 < part < 0.005
    return {"text": "<1%" if few else percent(part, 0), "tone": tone}


def groups(public: Row) -> list[Row]:
    """Each dimension with its groups, their persons, poor persons and rate."""
    found = []
    for name, rows in public["distribution"].items():
        if not rows:
            continue
        most = most_of([row["rate"] for row in rows])
        found.append(
            {
                "label": known("who", name),
                "rows": [
                    {
                        "label": titled(row["label"]),
                        "persons": count(row["persons"]),
                        "poor": count(row["poor_persons"]),
                        "rate": percent(row["rate"]),
                        "bar": width_of(row["rate"], most),
                    }
                    for row in rows
                ],
            }
        )
    return found


def income(public: Row, names: AreaNames) -> Row | None:
    """Income a person and its structure: the whole area and its prefectures."""
    whole = public["income"]
    if whole["transfusion_share"] is None and whole["per_capita_yuan"] is None:
        return None
    rows = [_structure(catalogue()["income_all"], whole)] + [
        _structure(name, sums) for name, sums in prefecture_income(public, names)
    ]
    rows = [row for row in rows if row is not None]
    return {
        "mean": count(whole["per_capita_yuan"]),
        "median": count(whole["median_per_capita_yuan"]),
        "making": percent(whole["making_share"]),
        "making_width": width_of(whole["making_share"], 1),
        "transfusion": percent(whole["transfusion_share"]),
        "transfusion_width": width_of(whole["transfusion_share"], 1),
        "groups": [(key, catalogue()[key]) for key in INCOME_GROUPS],
        "rows": rows,
    }


def prefecture_income(public: Row, names: AreaNames) -> list[tuple[Both, Row]]:
    """Income of each prefecture as the sum of its counties; left out where one of them is hidden."""
    sums: dict[str, Row] = defaultdict(lambda: dict.fromkeys((*INCOME_GROUPS, "persons"), 0))
    label: dict[str, Both] = {}
    bad = set()
    for county in public["by_county"]:
        code = county["code"][:4]
        label[code] = names.of(code + "00", county["prefecture"])
        amounts = {**county["income"], "persons": county["income"]["persons"] or county["persons"]}
        for key in sums[code]:
            if isinstance(amounts[key], int | float):
                sums[code][key] += amounts[key]
            else:
                bad.add(code)
    return [
        (label[code], sums[code])
        for code in sorted(sums)
        if code not in bad and sums[code]["persons"]
    ]


def _structure(name: Both, sums: Row) -> Row | None:
    """Income a person by source; None where it is hidden or not known."""
    amounts = [sums[key] for key in INCOME_GROUPS]
    if not all(isinstance(amount, int | float) for amount in amounts) or not sums["persons"]:
        return None
    each = [amount / sums["persons"] for amount in amounts]
    whole = sum(max(0.0, amount) for amount in each)
    return {
        "name": name,
        "amounts": [count(amount) for amount in each],
        "raw": [round(amount) for amount in each],
        "widths": [width_of(max(0.0, amount), whole) for amount in each],
        "total": count(sum(each)),
        "transfusion": percent(each[-1] / sum(each)) if sum(each) > 0 else count(None),
    }


def change(public: Row) -> Row | None:
    """Who entered and left poverty between two periods, and why."""
    comparison = public["comparison"]
    if not comparison:
        return None
    kinds: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for reason in comparison["reasons"]:
        kinds[reason["change"] or "left", reason["kind"] or "cause"].append(reason)
    return {
        "lead": say("change_lead", start=comparison["from"], end=comparison["to"]),
        "counts": [
            (key, catalogue()[f"change_{key}"], count(comparison[key]))
            for key in ("left", "stayed", "entered")
        ],
        "tables": [
            {
                "title": catalogue()[f"change_why_{way}"],
                "kinds": [
                    {"label": known("kind", kind), "rows": _reasons(rows)}
                    for (found, kind), rows in kinds.items()
                    if found == way
                ],
            }
            for way in ("left", "entered")
        ],
    }


def _reasons(rows: list[Row]) -> list[Row]:
    most = most_of([row["households"] for row in rows])
    return [
        {
            "label": titled(row["label"]),
            "n": count(row["households"]),
            "bar": width_of(row["households"], most),
        }
        for row in rows
    ]
