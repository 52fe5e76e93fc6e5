"""Exit profiles: what counts, each profile's funnel, items and scores, and where profiles disagree."""

from __future__ import annotations

from typing import Any

from jingzhun.disclosure.marks import is_hidden
from jingzhun.report.measures import say_label
from jingzhun.report.numbers import count, percent
from jingzhun.report.public.contract import OUTCOMES
from jingzhun.report.texts import Both, both, catalogue, joined, known, say, titled
from jingzhun.report.views.headline import share
from jingzhun.report.views.people import most_of, width_of
from jingzhun.report.views.places import outcome_parts

Row = dict[str, Any]
FULL_SCORE = 100


def evaluation(public: Row) -> Row | None:
    """The section on household exit; None when the run did not evaluate."""
    if not public["parts"]["evaluate"]:
        return None
    check = public["exit_check"]
    counting = public["stricter_of"] or []
    return {
        "stricter": outcome_parts(public["stricter"]),
        "stricter_of": say(
            "exit_stricter_of", profiles=joined([say_label(public, p) for p in counting])
        )
        if counting
        else None,
        "has_exits": bool(check["exited_households"]),
        "exited": count(check["exited_households"]),
        "failing": count(check["exited_failing"]),
        "failing_share": percent(share(check["exited_failing"], check["exited_households"])),
        "passing": count(check["not_exited_passing"]),
        "profiles": [profile_view(public, name) for name in public["outcomes"]],
        "pairs": pairs(public),
        "trap": trap(public),
    }


def profile_view(public: Row, name: str) -> Row:
    """One profile: outcome, funnel, items with what they stop, scores."""
    profile = public["profiles"][name]
    mark = profile["pass_mark"]
    return {
        "id": name,
        "label": both(profile["label"]),
        "default": profile["default"],
        "rule": catalogue()["exit_all_veto"]
        if mark is None
        else say("exit_pass_mark", mark=f"{mark:g}"),
        "parts": outcome_parts(public["outcomes"][name]),
        "funnel": funnel(public["funnel"].get(name, [])),
        "items": items(public, name),
        "weighted": mark is not None,
        "scores": scores(public, name),
    }


def funnel(steps: list[Row]) -> list[Row]:
    """The steps with what is left and what drops out at each; equal last steps are shown once."""
    most = most_of([step["households"] for step in steps])
    rows: list[Row] = []
    for before, step in zip([None, *steps], steps, strict=False):
        n = step["households"]
        left = before["households"] if before else None
        dropped = left - n if isinstance(left, int) and isinstance(n, int) else None
        if before and step["step"] == "outcome" and dropped == 0 and rows:
            rows[-1]["label"] = titled(step["label"])
            rows[-1]["step"] = "outcome"
            continue
        rows.append(
            {
                "step": step["step"],
                "label": titled(step["label"]),
                "n": count(n),
                "bar": width_of(n, most),
                "lost": width_of(dropped, most) if dropped else 0,
                "dropped": count(dropped) if dropped else "",
                "why": known("dropped", step["step"]) if before else "",
            }
        )
    return rows


def items(public: Row, name: str) -> list[Row]:
    """The profile's items: weight, veto, households that fail it, households where it is not known."""
    not_met, missing = public["not_met"].get(name, {}), public["missing"].get(name, {})
    most = most_of([*not_met.values()])
    return [
        {
            "label": titled(item["label"]),
            "weight": "" if item["weight"] is None else f"{item['weight']:g}",
            "veto": item["veto"],
            "default": item["default"],
            "not_met": count(not_met.get(item["id"])),
            "bar": width_of(not_met.get(item["id"]), most),
            "missing": count(missing.get(item["id"])),
        }
        for item in public["profiles"][name]["indicators"]
    ]


def scores(public: Row, name: str) -> list[Row]:
    """The histogram of scores; the class that starts at full marks is one number."""
    rows = public["scores"].get(name, [])
    mark = public["profiles"][name]["pass_mark"] or 0
    most = most_of([row["households"] for row in rows])
    return [
        {
            "label": f"{row['from']}"
            if row["from"] >= FULL_SCORE
            else f"{row['from']}–{row['to'] - 1}",
            "from": row["from"],
            "n": count(row["households"]),
            "bar": width_of(row["households"], most),
            "above": row["from"] >= mark,
        }
        for row in rows
    ]


def pairs(public: Row) -> list[Row]:
    """For each pair of profiles the outcomes of one against those of the other."""
    tables: dict[tuple[str, str], dict[tuple[str, str], Any]] = {}
    for row in public["disagreements"]:
        cells = tables.setdefault((row["a"], row["b"]), {})
        cells[row["a_outcome"], row["b_outcome"]] = row["households"]
    return [
        {
            "caption": say("disagree_caption", a=say_label(public, a), b=say_label(public, b)),
            "columns": [catalogue()[o] for o in OUTCOMES],
            "rows": [
                {
                    "label": catalogue()[left],
                    "cells": [
                        _pair_cell(cells.get((left, right)), left, right) for right in OUTCOMES
                    ],
                }
                for left in OUTCOMES
            ],
        }
        for (a, b), cells in tables.items()
    ]


def _pair_cell(value: Any, left: str, right: str) -> Row:
    worst = {left, right} == {"passed", "failed"}
    tone = "same" if left == right else "worst" if worst and value else "other"
    return {"text": count(value), "tone": tone}


def trap(public: Row) -> Row | None:
    """A weighted profile lets a household through that fails one item only: which items, and how many now."""
    for name in public["outcomes"]:
        profile = public["profiles"][name]
        mark = profile["pass_mark"]
        lone = [
            item
            for item in profile["indicators"]
            if mark and not item["veto"] and FULL_SCORE - (item["weight"] or 0) >= mark
        ]
        if lone:
            heaviest = sorted(lone, key=lambda item: -item["weight"])
            example = next((i for i in heaviest if _binding(public, i["id"])), heaviest[0])
            return {
                "text": _trap_text(public, profile, example),
                "items": say("trap_items", items=joined([_with_score(item) for item in lone])),
                "now": _now(public, name),
            }
    return None


def _binding(public: Row, item: str) -> list[Both]:
    """The household profiles in which this item is a veto."""
    return [
        say_label(public, name)
        for name in public["outcomes"]
        if any(i["id"] == item and i["veto"] for i in public["profiles"][name]["indicators"])
    ]


def _trap_text(public: Row, profile: Row, example: Row) -> Both:
    binding = _binding(public, example["id"])
    return say(
        "trap_bound" if binding else "trap_loose",
        profile=both(profile["label"]),
        item=both(example["label"]),
        score=f"{FULL_SCORE - example['weight']:g}",
        mark=f"{profile['pass_mark']:g}",
        others=joined([Both(f"“{text.en}”", f"“{text.zh}”") for text in binding]),
    )


def _with_score(item: Row) -> Both:
    label, score = both(item["label"]), f"{FULL_SCORE - item['weight']:g}"
    return Both(f"{label.en} ({score})", f"{label.zh}（{score}分）")


def _now(public: Row, name: str) -> list[Both]:
    """How many households pass the weighted profile and fail another."""
    found = []
    for row in public["disagreements"]:
        sides = {row["a"]: row["a_outcome"], row["b"]: row["b_outcome"]}
        others = [other for other in sides if other != name]
        if sides.get(name) == "passed" and [sides[o] for o in others] == ["failed"]:
            n = row["households"]
            if is_hidden(n) or n:
                a, b = say_label(public, name), say_label(public, others[0])
                found.append(say("trap_now", n=count(n), a=a, b=b))
    return found
