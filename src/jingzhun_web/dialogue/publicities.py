"""Lists that hang out in public: masked, for a time, and the announcements at the end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from jingzhun_web.access.actors import Actor
from jingzhun_web.audit import services as audit
from jingzhun_web.dialogue import services
from jingzhun_web.dialogue.errors import CaseError
from jingzhun_web.dialogue.models import Case, Entry, Publicity
from jingzhun_web.dialogue.processes import IN_PUBLIC, State
from jingzhun_web.kit.environment import environment
from jingzhun_web.kit.keys import seals
from jingzhun_web.registry.identifiers import MASK, masked_name

ANNOUNCED_DAYS = 30
"""DEFAULT: how long an announcement can be read. No regulation that we know says so."""


def begin_publicity(*, by: Actor, cases: Sequence[Case], on: date) -> Publicity:
    """Hang out cases of one village as one list, for as many days as the settings say.

    CaseError when publicity is not the next step of one of them, or they are not of one village and kind.
    """
    first = _alike(cases)
    onward = first.process.follows(first.at)
    if onward not in IN_PUBLIC:
        raise CaseError(_("Publicity is not the next step of these cases"))
    return _hang_out(by=by, cases=cases, to=onward, on=on, days=environment().publicity_days)


def announce(*, by: Actor, cases: Sequence[Case], on: date) -> Publicity:
    """Announce what the county has decided: the last step of cases of one village."""
    if _alike(cases).at is not State.DECIDED:
        raise CaseError(_("The county has not decided yet"))
    return announce_decided_now(by=by, cases=cases, on=on, note="")


def announce_decided_now(*, by: Actor, cases: Sequence[Case], on: date, note: str) -> Publicity:
    """Announce in one act with the decision, where a process decides by announcing."""
    _alike(cases)
    return _hang_out(by=by, cases=cases, to=State.ANNOUNCED, on=on, days=ANNOUNCED_DAYS, note=note)


def _alike(cases: Sequence[Case]) -> Case:
    if not cases or len({(case.area, case.kind, case.state) for case in cases}) > 1:
        raise CaseError(
            _("A list holds cases of one village that stand at the same step"),
            do=_("Choose those of one village"),
        )
    return cases[0]


@transaction.atomic
def _hang_out(
    *, by: Actor, cases: Sequence[Case], to: State, on: date, days: int, note: str = ""
) -> Publicity:
    first = cases[0]
    hung = Publicity.objects.create(
        area=first.area,
        kind=first.kind,
        state=to,
        starts=on,
        until=on + timedelta(days=days - 1),
        published_by=by.id,
    )
    # In one order, so that two who hang out the same cases wait for each other.
    for case in sorted(cases, key=lambda case: case.pk):
        moved = services.move(by=by, case=case, to=to, on=on, note=note, detail={"list": hung.pk})
        Entry.objects.create(
            publicity=hung,
            case=moved,
            area=moved.area,
            masked_name=_masked(moved),
            persons=moved.persons,
        )
    audit.record(
        by=by.id,
        act="hang_out_list",
        kind="publicity",
        object_id=hung.pk,
        area=hung.area,
        entries=len(cases),
        until=hung.until.isoformat(),
    )
    return hung


def _masked(case: Case) -> str:
    if case.head_name is None:
        return MASK
    return masked_name(seals().open(bytes(case.head_name)))
