"""Whose next step a finding is: `permitted.next_act` as a condition of the database, so that it can be counted."""

from __future__ import annotations

from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q

from jingzhun.crosscheck.findings import WITHDRAWN
from jingzhun_web.access.actors import Actor
from jingzhun_web.access.roles import Right
from jingzhun_web.crosscheck.models import HomeCheck
from jingzhun_web.crosscheck.states import NO_HANDLING, State
from jingzhun_web.kit.scope import span

NOBODY = Q(pk__in=[])
_VISITS = HomeCheck.objects.filter(finding=OuterRef("pk"))


def waits_for(actor: Actor) -> Q:
    """Findings whose next act somebody may do now and is the office to do.

    A home check waits for the office that it was sent to, and its signature for somebody else of the village or
    township; offices above may do both, but these don't wait for them.
    """
    if not actor.may(Right.WORK_FINDINGS):
        return NOBODY
    is_gone = Q(engine_state=WITHDRAWN)
    early = Q(state__in=(State.FOUND, State.DISPATCHED))
    review, approve = (_inside(actor, r) for r in (Right.REVIEW_CHANGES, Right.APPROVE_CHANGES))
    free = Q(verdict__in=NO_HANDLING)
    done = Q(state=State.HANDLED) | (Q(state=State.JUDGED) & free)
    no_part = ~Q(proposed_by=actor.id) & ~_visited(actor)
    steps = (
        Q(state=State.FOUND) & ~is_gone & approve,
        Q(state=State.DISPATCHED) & ~is_gone & (_sent_to(actor) & ~_unsigned() | _to_sign(actor)),
        Q(state=State.CHECKED) & review,
        Q(state=State.PROPOSED) & approve & no_part,
        Q(state=State.JUDGED) & ~free & (review | approve),
        done & Q(is_sampled=True) & (review | approve) & no_part & ~Q(handled_by=actor.id),
        (done & Q(is_sampled=False) | Q(state=State.RECHECKED) | early & is_gone) & approve,
    )
    return _inside(actor, Right.WORK_FINDINGS) & reduce(or_, steps)


def _inside(actor: Actor, right: Right) -> Q:
    areas = (Q(area__range=span(area)) for area in actor.areas_of(right))
    return reduce(or_, areas, NOBODY)


def _sent_to(actor: Actor) -> Q:
    """Sent to the very area of a township or county, or to a village of whoever is above no village."""
    own = [int(area) for area in actor.areas_of(Right.WORK_FINDINGS)]
    if _is_above(actor):
        return Q(assigned_area__in=own)
    below = (Q(assigned_area__range=span(f"{area:012d}")) for area in own)
    return reduce(or_, below, NOBODY)


def _is_above(actor: Actor) -> bool:
    return actor.may(Right.REVIEW_CHANGES) or actor.may(Right.APPROVE_CHANGES)


def _unsigned() -> Q:
    return Q(Exists(_VISITS.filter(second_by=None)))


def _to_sign(actor: Actor) -> Q:
    if actor.may(Right.APPROVE_CHANGES):
        return NOBODY
    return Q(Exists(_VISITS.filter(second_by=None).exclude(first_by=actor.id)))


def _visited(actor: Actor) -> Q:
    return Q(Exists(_VISITS.filter(Q(first_by=actor.id) | Q(second_by=actor.id))))
