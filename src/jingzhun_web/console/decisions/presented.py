"""Cases as pages show them: names for those who may see them, steps with who did them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from jingzhun_web.access.models import User
from jingzhun_web.areas import selectors as areas
from jingzhun_web.dialogue.models import Case, Step
from jingzhun_web.dialogue.processes import Kind
from jingzhun_web.kit.keys import seals
from jingzhun_web.registry.identifiers import masked_name

LOCAL = 2
"""Province and prefecture are left out of a place's name."""


def listed(rows: Sequence[Case], *, with_names: bool) -> list[dict[str, Any]]:
    """Cases of a list."""
    places = areas.ancestors(case.area for case in rows)
    return [
        {
            "case": case,
            "name": name(case, with_names=with_names),
            "place": " ".join(area.name for area in places[case.area][LOCAL:]),
            "until": getattr(case, "until", None),
            "is_objected": getattr(case, "is_objected", False),
        }
        for case in rows
    ]


def name(case: Case, *, with_names: bool) -> str:
    """The head's name, masked for those who may not see names."""
    if case.head_name is None:
        return "—"
    found = seals().open(bytes(case.head_name))
    return found if with_names else masked_name(found)


def grouped(rows: Sequence[Case]) -> list[dict[str, Any]]:
    """Cases that one list can hang out: of one village, kind and step."""
    groups: dict[tuple[int, str, str], list[Case]] = {}
    for case in rows:
        groups.setdefault((case.area, case.kind, case.state), []).append(case)
    places = areas.ancestors(area for area, _kind, _state in groups)
    return [
        {
            "village": places[area][-1].name if places[area] else f"{area:012d}",
            "kind": Kind(kind).label,
            "cases": cases,
        }
        for (area, kind, _state), cases in groups.items()
    ]


def steps(found: Iterable[Step], *, with_names: bool) -> list[dict[str, Any]]:
    """What happened, oldest first."""
    rows = list(found)
    people = User.objects.in_bulk({step.by for step in rows})
    return [
        {
            "step": step,
            "what": step.get_to_state_display() if _moves(step) else _extra(step),
            "who": people[step.by].display_name if step.by in people else f"#{step.by}",
            "facts": _facts(step),
            "note": step.note if with_names else "",
        }
        for step in rows
    ]


def _moves(step: Step) -> bool:
    return step.from_state != step.to_state


def _extra(step: Step) -> str:
    if "objection" in step.detail:
        upheld = step.detail.get("answer") == "upheld"
        return _("objection upheld") if upheld else _("objection rejected")
    return _("home visited") if "visit" in step.detail else _("came on file")


def _facts(step: Step) -> list[tuple[str, Any]]:
    labels = {
        "meeting_on": _("Day of the village meeting"),
        "present": _("People present"),
        "signed_on": _("Day on which the household signed"),
        "votes_for": _("Votes for"),
        "votes_against": _("Votes against"),
        "run_id": _("Evaluation"),
    }
    return [(labels[key], value) for key, value in step.detail.items() if key in labels]
