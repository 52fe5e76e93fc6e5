"""Findings and outcomes of an area: counted as their lists count them, so read live and on their own."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jingzhun_web.access.actors import Actor
from jingzhun_web.access.roles import Right
from jingzhun_web.console.findings.presented import severity_text
from jingzhun_web.console.grouping import profile_name
from jingzhun_web.console.overview import charts
from jingzhun_web.console.overview.asked import Asked
from jingzhun_web.crosscheck import selectors as crosscheck
from jingzhun_web.crosscheck.states import State
from jingzhun_web.registry.figures import outcomes
from jingzhun_web.registry.narrowing import STRICTER

SEVERITIES = ("high", "medium", "low")
OUTCOMES = ("passed", "failed", "not_assessable")
# Colours of outcomes stay apart for colour-blind people: teal, orange, grey.
COLOURS = ("#12876f", "#d9730d", "#7b8794")


def panels(asked: Asked) -> dict[str, Any]:
    """Findings by state and severity, outcomes by profile."""
    return {"asked": asked, "findings": findings(asked), "outcomes": evaluation(asked)}


def findings(asked: Asked) -> dict[str, Any]:
    """Findings of the area that stand, by state and by severity, each with its queue."""
    filters = crosscheck.Filters(period=asked.period, area=asked.digits, on=timezone.localdate())
    counts = crosscheck.counts(filters)
    return {
        "all": {"count": counts["all"], "href": _queue(asked)},
        "overdue": {"count": counts["overdue"], "href": _queue(asked, is_overdue="on")},
        "states": [
            {
                "label": state.label,
                "count": counts[state.value],
                "href": _queue(asked, state=state.value),
            }
            for state in State
        ],
        "severities": [
            {
                "label": severity_text(name),
                "count": counts[f"severity_{name}"],
                "href": _queue(asked, severity=name),
            }
            for name in SEVERITIES
        ],
    }


def waiting(asked: Asked, actor: Actor) -> dict[str, Any] | None:
    """Findings of the year that wait for a village or township, with their queue; None where none does.

    Counties look into their queue: theirs would be counted one by one.
    """
    if not actor.may(Right.WORK_FINDINGS) or actor.may(Right.APPROVE_CHANGES):
        return None
    count = crosscheck.total(crosscheck.Filters(period=asked.period, waits_for=actor))
    href = f"{reverse('findings')}?{urlencode({'period': asked.period, 'is_mine': 'on'})}"
    return {"count": count, "href": href} if count else None


def _queue(asked: Asked, **narrowed: str) -> str:
    query = {"period": asked.period, "area": asked.digits, **narrowed}
    return f"{reverse('findings')}?{urlencode(query)}"


def evaluation(asked: Asked) -> dict[str, Any]:
    """Households by profile and outcome; the stricter outcome, which counts, first."""
    counts = outcomes(asked.digits, asked.period)
    names = {"passed": _("passes"), "failed": _("fails"), "not_assessable": _("not assessable")}
    rows: list[dict[str, Any]] = [
        {
            "label": profile_name(profile),
            "counts": [counts[profile].get(name, 0) for name in OUTCOMES],
            "cells": [
                {
                    "count": counts[profile].get(name, 0),
                    "href": asked.households(profile=profile, outcome=name),
                }
                for name in OUTCOMES
            ],
        }
        for profile in sorted(counts, key=lambda name: (name != STRICTER, name))
    ]
    series = [
        (names[name], [row["counts"][place] for row in rows], COLOURS[place])
        for place, name in enumerate(OUTCOMES)
    ]
    option = charts.parts([row["label"] for row in rows], series)
    return {"rows": rows, "heads": [names[name] for name in OUTCOMES], "option": option}
