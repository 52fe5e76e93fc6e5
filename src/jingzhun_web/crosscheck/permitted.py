"""Who may do what to a finding now: one table, asked by the acts and by the page that offers them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from jingzhun.errors import UserError
from jingzhun_web.access.actors import Actor
from jingzhun_web.access.roles import Right
from jingzhun_web.crosscheck.models import Finding, HomeCheck
from jingzhun_web.crosscheck.states import NO_HANDLING, OBJECTED, State


class MoveError(UserError):
    """A finding is not where it must be for an act."""


class OwnEntryError(UserError):
    """Somebody would approve or check what is their own."""


Condition = Callable[[Actor, Finding, Sequence[HomeCheck]], bool]


def _always(by: Actor, finding: Finding, checks: Sequence[HomeCheck]) -> bool:  # noqa: ARG001
    return True


@dataclass(frozen=True)
class Act:
    """When and by whom: states, one of some rights in the finding's area, a condition, other persons."""

    states: frozenset[State]
    rights: tuple[Right, ...]
    fits: Condition = _always
    is_others: Condition = _always
    """False for somebody whose own entry it is."""


def _may_be_sent(by: Actor, finding: Finding, checks: Sequence[HomeCheck]) -> bool:  # noqa: ARG001
    if finding.is_withdrawn:
        return False
    is_new = finding.state == State.FOUND
    return not is_new or by.may(Right.APPROVE_CHANGES, finding.area)


def _is_unsigned(checks: Sequence[HomeCheck]) -> bool:
    return any(check.second_by is None for check in checks)


def _no_open_check(by: Actor, finding: Finding, checks: Sequence[HomeCheck]) -> bool:  # noqa: ARG001
    return not _is_unsigned(checks)


def _open_check(by: Actor, finding: Finding, checks: Sequence[HomeCheck]) -> bool:  # noqa: ARG001
    return _is_unsigned(checks)


def _is_second(by: Actor, finding: Finding, checks: Sequence[HomeCheck]) -> bool:  # noqa: ARG001
    return all(check.first_by != by.id for check in checks if check.second_by is None)


def _did_not_propose(by: Actor, finding: Finding, checks: Sequence[HomeCheck]) -> bool:
    return by.id != finding.proposed_by and by.id not in _visitors(checks)


def _did_nothing_of_it(by: Actor, finding: Finding, checks: Sequence[HomeCheck]) -> bool:
    own = {finding.proposed_by, finding.handled_by, *_visitors(checks)}
    return by.id not in own


def _visitors(checks: Sequence[HomeCheck]) -> set[int]:
    return {who for check in checks for who in (check.first_by, check.second_by) if who}


def _needs_handling(by: Actor, finding: Finding, checks: Sequence[HomeCheck]) -> bool:  # noqa: ARG001
    return finding.verdict not in NO_HANDLING


def _is_sampled(by: Actor, finding: Finding, checks: Sequence[HomeCheck]) -> bool:  # noqa: ARG001
    is_done = finding.state == State.HANDLED or finding.verdict in NO_HANDLING
    return finding.is_sampled and is_done


def _is_at_its_end(by: Actor, finding: Finding, checks: Sequence[HomeCheck]) -> bool:  # noqa: ARG001
    if finding.state in (State.FOUND, State.DISPATCHED):
        return finding.is_withdrawn
    if finding.state == State.RECHECKED:
        return True
    is_done = finding.state == State.HANDLED or finding.verdict in NO_HANDLING
    return is_done and not finding.is_sampled


TOWNSHIP_UP = (Right.REVIEW_CHANGES, Right.APPROVE_CHANGES)
ACTS: Mapping[str, Act] = {
    "dispatch": Act(frozenset({State.FOUND, State.DISPATCHED}), TOWNSHIP_UP, _may_be_sent),
    "take_on": Act(
        frozenset({State.DISPATCHED}),
        (Right.WORK_FINDINGS,),
        lambda by, finding, checks: finding.assigned_to != by.id,  # noqa: ARG005
    ),
    "check": Act(frozenset({State.DISPATCHED}), (Right.WORK_FINDINGS,), _no_open_check),
    "sign": Act(frozenset({State.DISPATCHED}), (Right.WORK_FINDINGS,), _open_check, _is_second),
    "photo": Act(
        frozenset({State.DISPATCHED, State.CHECKED, State.JUDGED, State.HANDLED}),
        (Right.WORK_FINDINGS,),
    ),
    "propose": Act(frozenset({State.CHECKED}), (Right.REVIEW_CHANGES,)),
    "confirm": Act(
        frozenset({State.PROPOSED}), (Right.APPROVE_CHANGES,), is_others=_did_not_propose
    ),
    "refuse": Act(
        frozenset({State.PROPOSED}), (Right.APPROVE_CHANGES,), is_others=_did_not_propose
    ),
    "handle": Act(frozenset({State.JUDGED}), TOWNSHIP_UP, _needs_handling),
    "recheck": Act(
        frozenset({State.JUDGED, State.HANDLED}), TOWNSHIP_UP, _is_sampled, _did_nothing_of_it
    ),
    "close": Act(
        frozenset({State.FOUND, State.DISPATCHED, State.JUDGED, State.HANDLED, State.RECHECKED}),
        (Right.APPROVE_CHANGES,),
        _is_at_its_end,
    ),
    "object": Act(frozenset(OBJECTED), (Right.WORK_FINDINGS,)),
}
"""Act -> when and by whom it may be done; everybody needs the right to work on findings besides."""


_ONWARD: Mapping[State, str] = {
    State.FOUND: "dispatch",
    State.DISPATCHED: "check",
    State.CHECKED: "propose",
    State.PROPOSED: "confirm",
    State.JUDGED: "handle",
    State.HANDLED: "close",
    State.RECHECKED: "close",
}


def next_act(finding: Finding, checks: Sequence[HomeCheck]) -> str:
    """The act that brings a finding on, whoever does it; empty where it is closed."""
    onward = _ONWARD.get(State(finding.state), "")
    if finding.is_withdrawn and onward in ("dispatch", "check"):
        return "close"
    if onward == "check" and _is_unsigned(checks):
        return "sign"
    if onward == "handle" and finding.verdict in NO_HANDLING:
        onward = "close"
    is_drawn = finding.is_sampled and finding.state != State.RECHECKED
    return "recheck" if onward == "close" and is_drawn else onward


def possible(by: Actor, finding: Finding, checks: Sequence[HomeCheck]) -> list[str]:
    """The acts that somebody may do to a finding now."""
    return [name for name in ACTS if _may(name, by, finding, checks)]


def _may(name: str, by: Actor, finding: Finding, checks: Sequence[HomeCheck]) -> bool:
    act = ACTS[name]
    return (
        _holds(act, by, finding)
        and finding.state in act.states
        and act.fits(by, finding, checks)
        and act.is_others(by, finding, checks)
    )


def must(name: str, by: Actor, finding: Finding, checks: Sequence[HomeCheck]) -> None:
    """Whether somebody may do an act now: PermissionDenied, MoveError or OwnEntryError when not."""
    act = ACTS[name]
    if not _holds(act, by, finding):
        raise PermissionDenied(name)
    if finding.state not in act.states or not act.fits(by, finding, checks):
        raise MoveError(
            _("This can't be done to the finding now: it is “%s”") % State(finding.state).label,
            do=_("Load the page again to see what has happened since"),
        )
    if not act.is_others(by, finding, checks):
        raise OwnEntryError(
            _("You took part in this finding yourself"),
            why=_("Nobody signs, confirms or re-checks their own entry"),
            do=_("Ask a colleague"),
        )


def _holds(act: Act, by: Actor, finding: Finding) -> bool:
    return by.may(Right.WORK_FINDINGS, finding.area) and any(
        by.may(right, finding.area) for right in act.rights
    )
