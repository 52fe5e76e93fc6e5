"""Findings as pages show them: in the page's language, without identifiers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from jingzhun.crosscheck.findings import BANDS
from jingzhun.crosscheck.quality import SUGGESTIONS
from jingzhun.policy.checks import FINDINGS
from jingzhun.policy.crosschecks import VERDICT_PATHS
from jingzhun.standard.labels import Label
from jingzhun_web.access.models import User
from jingzhun_web.areas import selectors as areas
from jingzhun_web.console.findings.facts import compared, record_text
from jingzhun_web.console.wording import is_chinese
from jingzhun_web.crosscheck import packs
from jingzhun_web.crosscheck.models import Event, Finding, HomeCheck, Run
from jingzhun_web.crosscheck.selectors import suggestions
from jingzhun_web.crosscheck.states import State, handling_words, verdict_words
from jingzhun_web.registry import selectors as registry
from jingzhun_web.registry.models import Household, Person

TONES = {"high": "red", "medium": "orange", "low": "blue"}


def label_text(label: Label | None, other: str = "") -> str:
    """A label of the engine in the page's language."""
    return other if label is None else label.text("zh" if is_chinese() else "en")


def listed(rows: Sequence[Finding], *, on: date, with_names: bool) -> list[dict[str, Any]]:
    """Rows of the queue."""
    places = areas.ancestors(row.area for row in rows)
    heads = _heads(rows) if with_names else {}
    states = {state: str(text) for state, text in State.choices}
    return [
        {
            "finding": row,
            "state": states[row.state],
            "due": row.due.isoformat(),
            "rule": label_text(packs.label(row.rule)),
            "kind": label_text(FINDINGS.get(row.kind), row.kind),
            "tone": TONES[row.severity],
            "severity": severity_text(row.severity),
            "head": heads.get(row.household_id, ""),
            "place": " ".join(area.name for area in places[row.area][2:]),
            "is_overdue": row.is_overdue(on=on),
        }
        for row in rows
    ]


def severity_text(severity: str) -> str:
    """A severity in words."""
    return {"high": _("high"), "medium": _("medium"), "low": _("low")}[severity]


def _heads(rows: Sequence[Finding]) -> dict[str, str]:
    """Household -> name of its head, for the periods of the rows."""
    homes = Household.objects.filter(
        household_id__in={row.household_id for row in rows if row.household_id},
        period__in={row.period for row in rows},
    ).only("household_id", "head_name")
    found = list(homes)
    names = registry.opened(home.head_name for home in found)
    return {home.household_id: name or "" for home, name in zip(found, names, strict=True)}


def _member(row: Finding) -> str:
    """Name of the person it is about; empty where it is about the household, or the person is not on file."""
    found = Person.objects.filter(person_id=row.person_id, period=row.period).only("name").first()
    if found is None:
        return ""
    return registry.opened([getattr(found, "name")])[0] or ""  # noqa: B009


def finding(row: Finding, *, on: date, with_names: bool) -> dict[str, Any]:
    """A finding for its page."""
    (shown,) = listed([row], on=on, with_names=with_names)
    verdict = verdict_words(row.verdict, chinese=is_chinese()) if row.verdict else ""
    lawful = {label.en: label for label in packs.explanations(row.rule)}
    steps = [step for step in row.verdict_path.split(",") if step in VERDICT_PATHS]
    sent = row.assigned_area
    return {
        **shown,
        "member": _member(row) if with_names else "",
        "message": row.message_zh if is_chinese() else row.message_en,
        "path": areas.ancestors([row.area])[row.area],
        "facts": compared(row),
        "records": [record_text(record) for record in row.record_ids],
        "band": label_text(BANDS.get(row.link_band), row.link_band),
        "explanations": [label_text(label) for label in lawful.values()],
        "steps": ("、" if is_chinese() else ", ").join(label_text(VERDICT_PATHS[s]) for s in steps),
        "sent_to": "" if sent is None else areas.ancestors([sent])[sent][-1].name,
        "taken_by": names_of([row.assigned_to]).get(row.assigned_to, ""),
        "verdict": verdict,
        "explanation": label_text(lawful.get(row.explanation), row.explanation),
        "handling": handling_words(row.handling, chinese=is_chinese()) if row.handling else "",
    }


def names_of(accounts: Iterable[int]) -> dict[int, str]:
    """Account -> name as it is shown; the number where it lies outside one's areas."""
    wanted = {account for account in accounts if account}
    known = dict(User.objects.filter(pk__in=wanted).values_list("pk", "display_name"))
    return {who: known.get(who) or _("account %d") % who for who in wanted}


def history(events: Sequence[Event], *, with_names: bool) -> list[dict[str, Any]]:
    """What happened, latest first; notes only for those who may see names, as people write them."""
    people = names_of(event.by for event in events)
    sent = areas.ancestors(int(event.detail["area"]) for event in events if "area" in event.detail)
    return [
        {
            "event": event,
            "what": act_text(event.act),
            "who": people.get(event.by) or _("cross-check"),
            "state": State(event.to_state).label if event.to_state else "",
            "detail": _detail(event.detail, sent),
            "note": event.note if with_names else "",
        }
        for event in events
    ]


def _detail(detail: Mapping[str, Any], sent: Mapping[int, Sequence[Any]]) -> str:
    parts = []
    if "area" in detail and sent.get(int(detail["area"])):
        parts.append(sent[int(detail["area"])][-1].name)
    if detail.get("verdict"):
        parts.append(verdict_words(detail["verdict"], chinese=is_chinese()))
    if detail.get("handling"):
        parts.append(handling_words(detail["handling"], chinese=is_chinese()))
    if detail.get("on"):
        parts.append(str(detail["on"]))
    return " · ".join(parts)


def act_text(act: str) -> str:
    """What happened, in words."""
    known = {
        "opened": _("Found"),
        "updated": _("The facts have changed"),
        "withdrawn": _("No longer found: withdrawn"),
        "reopened": _("Found again"),
        "dispatch": _("Sent down"),
        "take_on": _("Taken on"),
        "check": _("Home check recorded"),
        "sign": _("Home check signed by the second person"),
        "photo": _("Photo or document added"),
        "propose": _("Verdict proposed"),
        "confirm": _("Verdict confirmed"),
        "refuse": _("Verdict refused"),
        "handle": _("Handled"),
        "recheck": _("Re-checked"),
        "close": _("Closed"),
        "object": _("The household objected"),
    }
    return known.get(act, act)


def visits(checks: Sequence[HomeCheck], *, with_names: bool) -> list[dict[str, Any]]:
    """Home checks with who was there; what people wrote only for those who may see names."""
    people = names_of(who for check in checks for who in (check.first_by, check.second_by or 0))
    return [
        {
            "check": check,
            "first": people.get(check.first_by, ""),
            "second": people.get(check.second_by or 0, ""),
            "note": check.note if with_names else "",
            "statement": check.statement if with_names else "",
        }
        for check in checks
    ]


def quality(rows: Sequence[Mapping[str, Any]], run: Run | None) -> list[dict[str, Any]]:
    """Figures by rule, with what the engine suggested at the last cross-check."""
    told = suggestions(run)
    return [
        {
            **row,
            "label": label_text(packs.label(row["rule"])),
            "percent": None if row["share"] is None else round(100 * row["share"], 1),
            "low": None if row["interval"] is None else round(100 * row["interval"][0], 1),
            "high": None if row["interval"] is None else round(100 * row["interval"][1], 1),
            "suggestions": [
                label_text(SUGGESTIONS.get(name), name) for name in told.get(row["rule"], [])
            ],
        }
        for row in rows
    ]
