"""Reads of what the engine said of households, villages and counties."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from jingzhun.evaluate.outcomes import PASSED
from jingzhun.policy.pack import Pack
from jingzhun.standard.labels import Label
from jingzhun_web.areas.packs import pack
from jingzhun_web.evaluate.models import AreaVerdict, EvaluationRun
from jingzhun_web.registry.models import Verdict
from jingzhun_web.registry.narrowing import STRICTER

DAY = len("2019-12-31")


@dataclass(frozen=True)
class Standing:
    """What the latest run says of a household: the stricter outcome, profile by profile, vetoes unmet."""

    run_id: str
    stricter: str
    outcomes: dict[str, str]
    vetoes: Sequence[Label]

    @property
    def passes(self) -> bool:
        """Whether every profile that counts is passed."""
        return self.stricter == PASSED

    @property
    def evidence(self) -> dict[str, Any]:
        """As a case keeps it."""
        return {"run_id": self.run_id, "stricter": self.stricter, "outcomes": self.outcomes}


def standing(household_id: str, period: int) -> Standing | None:
    """What counts for a household; None when it has not been evaluated."""
    found = {row.profile: row for row in verdicts(household_id, period)}
    stricter = found.pop(STRICTER, None)
    if stricter is None:
        return None
    current = pack()
    counting = [found[name] for name in stricter.detail if name in found]
    labels = {
        label.en: label for row in counting for label in _labels(current, row.profile, row.detail)
    }
    outcomes = {name: row.outcome for name, row in found.items()}
    return Standing(stricter.run_id, stricter.outcome, outcomes, tuple(labels.values()))


def verdicts(household_id: str, period: int) -> QuerySet[Verdict]:
    """Verdicts of a household, profile by profile."""
    found = Verdict.objects.filter(household_id=household_id, period=period)
    return found.order_by("profile")


def rules_on(found: Sequence[Verdict], period: int) -> date:
    """The date of the parameters by which a household was judged: a run's number begins with it. The year's end
    where it was not."""
    if not found:
        return date(period, 12, 31)
    return date.fromisoformat(found[0].run_id[:DAY])


def _labels(pack: Pack, profile: str, detail: dict[str, Any]) -> list[Label]:
    known = {item.id: item.label for item in pack.profile(profile).indicators}
    # One that the pack has no more still counts, by its own name.
    vetoes = detail.get("vetoes", ())
    return [known.get(name) or Label(en=name, zh=name) for name in vetoes]


def runs() -> QuerySet[EvaluationRun]:
    """Evaluations of one's areas, latest first; of one that was told to each county, the widest one sees."""
    wider = EvaluationRun.objects.filter(run_id=OuterRef("run_id"), id__lt=OuterRef("id"))
    return EvaluationRun.objects.exclude(
        Exists(wider.filter(job_id=OuterRef("job_id"), period=OuterRef("period")))
    ).order_by("-id")


def area_verdicts(period: int) -> QuerySet[AreaVerdict]:
    """What the latest runs say of villages and counties, by code: a county before its villages."""
    return AreaVerdict.objects.filter(period=period).order_by("area", "profile")
