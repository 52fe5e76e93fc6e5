"""Counts of an evaluation as the figures people read: outcomes, vetoes, funnel, disagreements."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import combinations
from typing import Any

from jingzhun.evaluate.areas import AreaJudgement
from jingzhun.evaluate.counting import SCORE_STEP, Counts
from jingzhun.evaluate.households import HouseholdEvaluation
from jingzhun.evaluate.outcomes import FULL_SCORE, NOT_ASSESSABLE, OUTCOMES
from jingzhun.evaluate.yardstick import Yardstick


def total(parts: Iterable[Counts]) -> Counts:
    """Counts of several partitions added up."""
    added: Counts = Counter()
    for part in parts:
        added.update(part)
    return added


def outcome_counts(counts: Counts, stick: Yardstick) -> dict[str, int]:
    """outcome -> registered households, for one profile."""
    return {outcome: counts["outcome", stick.id, outcome] for outcome in OUTCOMES}


def veto_counts(counts: Counts, stick: Yardstick) -> dict[str, int]:
    """veto indicator -> registered households for which it is known to be unmet."""
    return {item.id: counts["not_met", stick.id, item.id] for item in stick.vetoes}


def figures(evaluation: HouseholdEvaluation, counts: Counts) -> dict[str, Any]:
    """The evaluation's part of `summary.json` (registered households; see docs/summary-json.md)."""
    sticks = evaluation.sticks
    return {
        "outcomes": {stick.id: outcome_counts(counts, stick) for stick in sticks},
        "vetoes": {stick.id: veto_counts(counts, stick) for stick in sticks},
        "missing": {s.id: {i.id: counts["missing", s.id, i.id] for i in s.items} for s in sticks},
        "not_met": {s.id: {i.id: counts["not_met", s.id, i.id] for i in s.items} for s in sticks},
        "funnel": {stick.id: funnel(counts, stick) for stick in sticks},
        "scores": {stick.id: _scores(counts, stick) for stick in sticks if stick.is_weighted},
        "stricter": {x: counts["stricter", x] for x in OUTCOMES},
        "stricter_of": [sticks[i].id for i in evaluation.counting],
        "disagreements": _disagreements(counts, sticks),
        "exit_check": {
            "exited_households": counts["exited",],
            "exited_failing": counts["exited_failing",],
            "not_exited_passing": counts["not_exited_passing",],
        },
    }


def funnel(counts: Counts, stick: Yardstick) -> list[dict[str, Any]]:
    """How many registered households are left after each question of a profile."""
    by = outcome_counts(counts, stick)
    assessable = counts["registered",] - by[NOT_ASSESSABLE]
    steps = [("households", counts["registered",]), ("assessable", assessable)]
    if stick.is_weighted:
        steps.append(("score", counts["reached", stick.id]))
        steps.append(("vetoes", counts["reached_no_veto", stick.id]))
    steps.append(("outcome", by["passed"]))
    labels = {
        "households": {"en": "registered households", "zh": "建档立卡户"},
        "assessable": {"en": "can be assessed", "zh": "可评估"},
        "score": {"en": "score at or above the pass mark", "zh": "得分达到合格线"},
        "vetoes": {"en": "no veto against them", "zh": "无一票否决"},
        "outcome": {"en": "passed", "zh": "通过"},
    }
    return [{"step": step, "label": labels[step], "households": n} for step, n in steps]


def _scores(counts: Counts, stick: Yardstick) -> list[dict[str, Any]]:
    bands = range(0, int(FULL_SCORE) + 1, SCORE_STEP)
    return [
        {"from": low, "to": low + SCORE_STEP, "households": counts["score", stick.id, str(low)]}
        for low in bands
    ]


def _disagreements(counts: Counts, sticks: list[Yardstick]) -> list[dict[str, Any]]:
    return [
        {"a": a.id, "b": b.id, "a_outcome": x, "b_outcome": y, "households": n}
        for a, b in combinations(sticks, 2)
        for x in OUTCOMES
        for y in OUTCOMES
        if x != y and (n := counts["pair", a.id, b.id, x, y])
    ]


def described(stick: Yardstick) -> dict[str, Any]:
    """A profile as readers need it beside its figures."""
    profile = stick.profile
    return {
        "label": profile.label.model_dump(),
        "level": profile.level,
        "pass_mark": profile.pass_mark,
        "default": profile.default,
        "indicators": [
            {
                "id": item.id,
                "label": item.indicator.label.model_dump(),
                "weight": item.indicator.weight,
                "veto": item.indicator.veto,
                "default": item.indicator.default,
            }
            for item in stick.items
        ],
    }


def area_outcomes(judged: AreaJudgement) -> dict[str, int]:
    """outcome -> areas."""
    found = Counter(judged.table["outcome"].to_list())
    return {outcome: found[outcome] for outcome in OUTCOMES}
