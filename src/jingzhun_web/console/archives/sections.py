"""What other parts of the platform know of a household, each as a section of its archive's page.

A section is a function of household and reader; a new part of the platform adds one to SECTIONS.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jingzhun_web.areas.packs import pack
from jingzhun_web.console.decisions import assessed
from jingzhun_web.console.findings import presented as findings_shown
from jingzhun_web.console.grouping import profile_name
from jingzhun_web.crosscheck import packs
from jingzhun_web.crosscheck import selectors as findings
from jingzhun_web.dialogue import selectors as cases
from jingzhun_web.evaluate import selectors as evaluations
from jingzhun_web.registry.models import Household, Verdict
from jingzhun_web.registry.narrowing import STRICTER


@dataclass(frozen=True)
class Line:
    """One line of a section: what, where it stands (with its colour), more in words, and its page."""

    title: str
    badge: str = ""
    tone: str = "secondary"
    texts: Sequence[str] = ()
    address: str = ""


@dataclass(frozen=True)
class Section:
    """A section: its lines, what it says when there are none, and a page with more."""

    title: str | Promise
    empty: str
    lines: Sequence[Line]
    note: str = ""
    address: str = ""


Source: TypeAlias = Callable[[Household], Section]


def outcomes(home: Household) -> Section:
    """Outcomes by profile, the one that counts first, each with its indicators in words."""
    rows = list(evaluations.verdicts(home.household_id, home.period))
    rows.sort(key=lambda row: row.profile != STRICTER)
    return Section(
        gettext_lazy("Outcomes"),
        _("No evaluation of this year has been loaded."),
        [_outcome(row) for row in rows],
        _("An outcome answers a rule. A person decides, and the household can object."),
        reverse("household-evaluation", args=[home.household_id, home.period]),
    )


def _outcome(row: Verdict) -> Line:
    told = assessed.outcome(row.outcome)
    score = "" if row.score is None else _(" · %(score)g points") % {"score": row.score}
    texts = () if row.profile == STRICTER else _indicators(row)
    return Line(profile_name(row.profile), told["words"] + score, told["tone"], texts)


def _indicators(row: Verdict) -> list[str]:
    """What speaks against the household's exit and what can't be said, by the profile's own labels."""
    items = {item.id: item for item in pack().profile(row.profile).indicators}
    vetoes = set(row.detail.get("vetoes") or ())
    found = []
    for name, told in row.detail.get("indicators", {}).items():
        if name not in items or told.get("met") is True:
            continue
        words = _("not met") if told.get("met") is False else _("can't be assessed")
        if name in vetoes:
            words = _("not met, and alone decisive")
        found.append(f"{items[name].label.text(assessed.language())}: {words}")
    return found


def suspicions(home: Household) -> Section:
    """Findings of cross-checks about the household."""
    rows = findings.of_household(home.household_id, home.period)
    return Section(
        gettext_lazy("Findings"),
        _("No finding of this year."),
        [
            Line(
                f"{row.rule} {findings_shown.label_text(packs.label(row.rule))}",
                _("withdrawn") if row.is_withdrawn else row.get_state_display(),
                findings_shown.TONES[row.severity],
                address=reverse("finding", args=[row.pk]),
            )
            for row in rows
        ],
        _("A finding is a suspicion that somebody has to look into, never a verdict."),
    )


def decisions(home: Household) -> Section:
    """Cases about the household's identification or exit."""
    rows = cases.of_household(home.household_id)
    return Section(
        gettext_lazy("Decisions"),
        _("No decision about this household has been asked for."),
        [_case(row) for row in rows],
    )


def _case(row: Any) -> Line:
    title = f"{row.get_kind_display()} {row.period}"
    return Line(title, row.get_state_display(), address=reverse("case", args=[row.pk]))


SECTIONS: Sequence[Source] = (outcomes, suspicions, decisions)
