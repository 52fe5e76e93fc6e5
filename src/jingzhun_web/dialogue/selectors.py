"""Reads of cases and lists. Which rows there are, the database's row security decides."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from jingzhun_web.access.actors import Actor
from jingzhun_web.access.roles import Right
from jingzhun_web.dialogue.models import Answer, Case, Entry, Objection, Publicity
from jingzhun_web.dialogue.processes import ENDED, IN_PUBLIC, PROCESSES


def cases() -> QuerySet[Case]:
    """All cases, with `until` (last day of the list they hang in) and `is_objected`."""
    hung = Entry.objects.filter(case=OuterRef("pk")).order_by("-publicity__starts", "-id")
    return Case.objects.annotate(
        until=Subquery(hung.values("publicity__until")[:1]), is_objected=Exists(_objected())
    )


def waiting(actor: Actor, *, on: date) -> QuerySet[Case]:
    """Cases whose next step is the actor's, and can be made now: an objection to be answered is one too."""
    turn = _turn(actor) & ~_hangs(on)
    if actor.may(Right.APPROVE_CHANGES):
        turn |= Q(Exists(_objected()))
    return cases().filter(turn).order_by("id")


def hanging(*, on: date) -> QuerySet[Case]:
    """Cases whose list hangs out still, or to which somebody objects."""
    return cases().filter(_hangs(on)).order_by("id")


def open_ones() -> QuerySet[Case]:
    """All cases that have not ended, the oldest first."""
    return cases().exclude(state__in=ENDED).order_by("id")


def _hangs(on: date) -> Q:
    still = Entry.objects.filter(case=OuterRef("pk"), publicity__until__gte=on)
    return Q(state__in=IN_PUBLIC) & (Q(Exists(still)) | Q(Exists(_objected())))


def _objected() -> QuerySet[Objection]:
    return Objection.objects.filter(case=OuterRef("pk"), state=Answer.OPEN)


def _turn(actor: Actor) -> Q:
    turns = {right for right in (Right.REVIEW_CHANGES, Right.APPROVE_CHANGES) if actor.may(right)}
    # Offices above may do the village's steps, but these don't wait for them.
    if not turns and actor.may(Right.PROPOSE_CHANGES):
        turns = {Right.PROPOSE_CHANGES}
    condition = Q(pk__in=[])
    for kind, process in PROCESSES.items():
        for state in process.moves:
            right = process.right_after(state)
            if right in turns:
                condition |= Q(kind=kind, state=state)
    return condition


def objections() -> QuerySet[Objection]:
    """Objections that wait for their answer, oldest first."""
    open_ones = Objection.objects.filter(state=Answer.OPEN)
    return open_ones.select_related("case").order_by("received_on", "id")


def of_household(household_id: str, period: int | None = None) -> QuerySet[Case]:
    """Cases of a household, latest first."""
    found = cases().filter(household_id=household_id).order_by("-id")
    return found if period is None else found.filter(period=period)


def in_force(*, on: date) -> QuerySet[Publicity]:
    """Lists that everybody may read now, with the number of their lines (`lines`); masked."""
    lines = Count("entries", filter=Q(entries__is_withdrawn=False))
    found = Publicity.objects.filter(starts__lte=on, until__gte=on).annotate(lines=lines)
    return found.filter(lines__gt=0).order_by("area", "starts", "id")
