"""What comes next in a case, and whose turn it is, in words: for everybody who looks at it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jingzhun_web.access.actors import Actor
from jingzhun_web.access.roles import Right
from jingzhun_web.console.decisions import acting
from jingzhun_web.dialogue import services
from jingzhun_web.dialogue.models import Case
from jingzhun_web.dialogue.processes import IN_PUBLIC, Kind
from jingzhun_web.identify import offers
from jingzhun_web.identify import services as identifying

OFFICES: Mapping[Right, Promise | str] = {
    Right.PROPOSE_CHANGES: gettext_lazy("the village"),
    Right.REVIEW_CHANGES: gettext_lazy("the township"),
    Right.APPROVE_CHANGES: gettext_lazy("the county"),
}


def following(actor: Actor, case: Case, *, on: date) -> dict[str, Any] | None:
    """The next step with the office that makes it; None when the case has ended.

    `until`: last day of the list that has to hang out first; `is_own`: somebody else must do it.
    """
    right = case.process.right_after(case.at)
    if right is None:
        return None
    if case.at in IN_PUBLIC and services.is_objected(case):
        office = OFFICES[Right.APPROVE_CHANGES]
        return {"title": _("Answer the objection"), "office": office, "until": None}
    act, visitor = _next_act(case)
    hung = services.last_list(case) if case.at in IN_PUBLIC else None
    return {
        "title": act.title,
        "office": OFFICES[right],
        "until": hung.until if hung is not None and not hung.is_over(on=on) else None,
        "is_own": actor.may(right, case.area) and _is_others(actor, case, act, visitor),
    }


def _next_act(case: Case) -> tuple[acting.Act, int | None]:
    """The next act, and who made the visit that it rests on, where a visit has a second step."""
    known = acting.ACTS[Kind(case.kind)]
    first, *others = (known[name] for name in offers.NEXT[Kind(case.kind), case.at])
    visitor = identifying.first_visitor(case) if others else None
    return (first if visitor is None else others[0]), visitor


def _is_others(actor: Actor, case: Case, act: acting.Act, visitor: int | None) -> bool:
    """Whether the next step has to be somebody else's, because the actor took part."""
    if act is acting.SIGN:
        return visitor == actor.id
    return case.process.follows(case.at) in case.process.approvals and services.is_own(case, actor)
