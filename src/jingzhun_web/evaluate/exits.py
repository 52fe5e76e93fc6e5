"""The exit of a household, step by step. Persons decide; a veto that is unmet blocks, no score decides."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from jingzhun_web.access.actors import Actor
from jingzhun_web.dialogue import services, statuses
from jingzhun_web.dialogue.errors import CaseError
from jingzhun_web.dialogue.models import Case
from jingzhun_web.dialogue.processes import Kind, State
from jingzhun_web.evaluate import selectors
from jingzhun_web.evaluate.selectors import Standing
from jingzhun_web.registry import services as registry
from jingzhun_web.registry.models import Household
from jingzhun_web.registry.narrowing import EXITED
from jingzhun_web.registry.subjects import count_current

OVERRIDE = 20
"""DEFAULT: characters of the reason that a decision against the outcome needs at least."""


@transaction.atomic
def propose_exit(*, by: Actor, household_id: str, period: int, reason: str, on: date) -> Case:
    """Propose that a registered household has left poverty; the one that is open, if there is one.

    CaseError when it is not registered or has exited already. Household.DoesNotExist outside the scope.
    """
    home = Household.objects.get(household_id=household_id, period=period)
    if getattr(home, "is_registered") is False:  # noqa: B009
        raise CaseError(_("The household is not registered as poor"))
    if getattr(home, "exit_status") in EXITED:  # noqa: B009
        raise CaseError(_("The household has exited already"))
    found = selectors.standing(household_id, period)
    about = services.About(
        area=home.area,
        household_id=household_id,
        subject=household_id,
        period=period,
        head_name=None if home.head_name is None else bytes(home.head_name),
        persons=count_current(household_id, period),
    )
    return services.open_case(
        by=by,
        kind=Kind.EXIT,
        about=about,
        reason=reason,
        on=on,
        evidence={} if found is None else {"proposed": found.evidence},
    )


def accept_exit(
    *,
    by: Actor,
    case: Case,
    on: date,
    meeting_on: date,
    present: int,
    signed_on: date,
    statement: str,
) -> Case:
    """Record that the village meeting and the household itself accept, with the day it signed and its words."""
    if max(meeting_on, signed_on) > on:
        raise CaseError(_("The meeting or the signature lies in the future"))
    detail = {
        "meeting_on": meeting_on.isoformat(),
        "present": present,
        "signed_on": signed_on.isoformat(),
    }
    return services.move(
        by=by, case=_exit(case), to=State.ACCEPTED, on=on, note=statement, detail=detail
    )


def review_exit(*, by: Actor, case: Case, on: date, note: str) -> Case:
    """The township confirms what the village entered."""
    return services.move(by=by, case=_exit(case), to=State.REVIEWED, on=on, note=note)


@transaction.atomic
def decide_exit(*, by: Actor, case: Case, on: date, exit_status: str, note: str) -> Case:
    """The county decides: the household's status changes.

    CaseError when it was never evaluated, when a veto is unmet, or when the stricter outcome is not "passes"
    and no written reason says why it exits even so.
    """
    if exit_status not in EXITED:
        raise CaseError(_("This is no status of a household that has exited"))
    found = selectors.standing(case.household_id, case.period)
    evidence = _must_be_fit(found, note)
    moved = services.move(
        by=by,
        case=_exit(case),
        to=State.DECIDED,
        on=on,
        note=note,
        detail={"exit_status": exit_status, **evidence},
    )
    Case.objects.filter(pk=moved.pk).update(evidence={**moved.evidence, "decided": evidence})
    registry.set_status(
        by=by,
        household_id=moved.household_id,
        period=moved.period,
        exit_status=exit_status,
        on=on,
        reason=note.strip() or moved.reason,
        source=statuses.source_of(moved),
    )
    return moved


def _must_be_fit(found: Standing | None, note: str) -> dict[str, object]:
    if found is None:
        raise CaseError(
            _("The household has not been evaluated"), do=_("Run an evaluation of its area first")
        )
    if found.vetoes:
        language = get_language() or "en"
        names = "; ".join(label.text(language) for label in found.vetoes)
        raise CaseError(
            _("The household can't exit: a condition that nothing outweighs is not met"),
            why=_("Not met: %s") % names,
            do=_("Help with this first, correct the archive if it is wrong, or refuse the case"),
        )
    if not found.passes and len(note.strip()) < OVERRIDE:
        raise CaseError(
            _("The stricter profile is not passed"),
            why=_("An exit against it needs a written reason"),
            do=_("Write the reason, at least %d characters, or refuse the case") % OVERRIDE,
        )
    return found.evidence


def _exit(case: Case) -> Case:
    if case.kind != Kind.EXIT:
        raise CaseError(_("This step belongs to another kind of case"))
    return case
