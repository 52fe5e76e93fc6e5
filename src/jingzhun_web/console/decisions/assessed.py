"""Evaluations as pages show them: outcomes, reasons in words, exit sheets of villages and counties."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from jingzhun.evaluate.wording import OUTCOMES, STATES, value_text
from jingzhun.policy.citing import cited
from jingzhun_web.areas.packs import pack
from jingzhun_web.console.wording import is_chinese
from jingzhun_web.evaluate import sheets
from jingzhun_web.evaluate.explaining import Explained
from jingzhun_web.evaluate.models import AreaVerdict, EvaluationRun
from jingzhun_web.registry.models import Verdict
from jingzhun_web.registry.narrowing import STRICTER

TONES = {"passed": "green", "failed": "red", "not_assessable": "yellow"}
INDENT = 2
DEEPEST = 5


def language() -> str:
    """The page's language as the engine names it."""
    return "zh" if is_chinese() else "en"


def profile_name(profile: str) -> str:
    """A profile in words, or that the stricter outcome of those that count is meant."""
    if profile == STRICTER:
        return _("the stricter of those that count")
    return pack().profile(profile).label.text(language())


def outcome(name: str) -> dict[str, str]:
    """An outcome in words, with its colour."""
    label = OUTCOMES.get(name)
    words = name if label is None else label.text(language())
    return {"words": words, "tone": TONES.get(name, "secondary")}


def verdicts(rows: Iterable[Verdict]) -> list[dict[str, Any]]:
    """A household's outcomes side by side; the stricter one, which counts, first."""
    ordered = sorted(rows, key=lambda row: (row.profile != STRICTER, row.profile))
    return [
        {
            "profile": profile_name(row.profile),
            "outcome": outcome(row.outcome),
            "score": row.score,
            "counts": row.profile == STRICTER,
        }
        for row in ordered
    ]


def explained(found: Sequence[Explained]) -> list[dict[str, Any]]:
    """Each profile's answer: its indicators, and the engine's own words line by line."""
    return [
        {
            "id": told.profile,
            "profile": profile_name(told.profile),
            "outcome": outcome(told.data["outcome"]),
            "score": told.data["score"],
            "pass_mark": told.data["pass_mark"],
            "indicators": [_indicator(item) for item in told.data["indicators"]],
            "lines": [_line(text) for text in told.data["text"][language()]],
        }
        for told in found
    ]


def _indicator(item: Mapping[str, Any]) -> dict[str, Any]:
    tongue = language()
    return {
        "label": item["label"][tongue],
        "state": STATES[item["state"]].text(tongue),
        "tone": {"met": "green", "not_met": "red"}.get(item["state"], "yellow"),
        "value": value_text(item["value"], tongue, unit=item["unit"]),
        "threshold": _threshold(item["threshold"], item["unit"]),
        "points": item["points"],
        "weight": item["weight"],
        "veto": item["veto"],
        "default": item["default"],
    }


def _threshold(value: Any, unit: str | None) -> str:
    return "—" if value is None else value_text(value, language(), unit=unit)


def _line(text: str) -> dict[str, Any]:
    inner = text.lstrip()
    return {"text": inner, "indent": min(DEEPEST, (len(text) - len(inner)) // INDENT)}


def run(found: EvaluationRun) -> dict[str, Any]:
    """A run with its outcomes by profile; the stricter one first."""
    ordered = sorted(found.counts, key=lambda name: (name != STRICTER, name))
    rows = [
        {
            "id": name,
            "profile": profile_name(name),
            "outcomes": [
                {"id": key, **outcome(key), "households": found.counts[name].get(key, 0)}
                for key in TONES
            ],
        }
        for name in ordered
    ]
    return {"run": found, "rows": rows}


def sheet(found: AreaVerdict) -> dict[str, Any]:
    """One exit sheet: every indicator with value, threshold and source."""
    return {
        "verdict": found,
        "profile": profile_name(found.profile),
        "description": pack().profile(found.profile).description.text(language()),
        "outcome": outcome(found.outcome),
        "indicators": [_area_indicator(one) for one in sheets.judged(found)],
    }


def _area_indicator(one: sheets.Judged) -> dict[str, Any]:
    tongue, item = language(), one.indicator
    return {
        "label": item.label.text(tongue),
        "state": STATES[one.state].text(tongue),
        "tone": {"met": "green", "not_met": "red"}.get(one.state, "yellow"),
        "value": _threshold(one.value, item.unit),
        "threshold": _threshold(one.threshold, item.unit),
        "source": cited(item.source, tongue, pack().chinese),
        "note": "" if item.note is None else item.note.text(tongue),
        "default": item.default,
        "advice": item.advice.text(tongue) if one.state != "met" else "",
    }
