"""Which acts a case offers to whom, by name: pages and programs ask the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from jingzhun_web.access.actors import Actor
from jingzhun_web.access.roles import Right
from jingzhun_web.dialogue import services
from jingzhun_web.dialogue.models import Case
from jingzhun_web.dialogue.processes import IN_PUBLIC, Kind, State
from jingzhun_web.identify.services import first_visitor

VISIT = ("visit", "sign")
FILE, REFUSE = "file", "refuse"
NEXT: Mapping[tuple[Kind, State], tuple[str, ...]] = {
    (Kind.EXIT, State.ENTERED): ("accept",),
    (Kind.EXIT, State.ACCEPTED): ("review",),
    (Kind.EXIT, State.REVIEWED): ("publish",),
    (Kind.EXIT, State.PUBLISHED): ("decide",),
    (Kind.EXIT, State.DECIDED): ("announce",),
    (Kind.IDENTIFICATION, State.ENTERED): VISIT,
    (Kind.IDENTIFICATION, State.CHECKED): ("appraise",),
    (Kind.IDENTIFICATION, State.APPRAISED): ("publish",),
    (Kind.IDENTIFICATION, State.PUBLISHED): ("review",),
    (Kind.IDENTIFICATION, State.REVIEWED): ("publish",),
    (Kind.IDENTIFICATION, State.PUBLISHED_AGAIN): ("recognise",),
}


def offered(actor: Actor, case: Case, *, on: date) -> list[str]:
    """What the actor may do with a case now, the next step first."""
    found: list[str] = []
    right = case.process.right_after(case.at)
    if right is not None and actor.may(right, case.area) and not _hangs(case, on):
        found += _next(actor, case)
    needs_number = not case.household_id and not case.has_ended
    if needs_number and actor.may(Right.PROPOSE_CHANGES, case.area):
        found.append(FILE)
    is_theirs = right is not None and actor.may(right, case.area)
    if is_theirs and State.REFUSED in case.process.may_follow(case.at) and not _is_objected(case):
        found.append(REFUSE)
    return found


def _next(actor: Actor, case: Case) -> Sequence[str]:
    acts = NEXT[Kind(case.kind), case.at]
    if acts != VISIT:
        own = case.process.follows(case.at) in case.process.approvals
        return [] if own and services.is_own(case, actor) else acts
    first = first_visitor(case)
    if first is None:
        return VISIT[:1]
    return [] if first == actor.id else VISIT[1:]


def _hangs(case: Case, on: date) -> bool:
    hung = services.last_list(case) if case.at in IN_PUBLIC else None
    return _is_objected(case) or (hung is not None and not hung.is_over(on=on))


def _is_objected(case: Case) -> bool:
    return case.at in IN_PUBLIC and services.is_objected(case)
