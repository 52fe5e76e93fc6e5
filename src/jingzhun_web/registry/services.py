"""Acts on archives that a decision brings about."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from jingzhun.standard import schema
from jingzhun_web.access.actors import Actor
from jingzhun_web.access.roles import Right
from jingzhun_web.audit import selectors as log
from jingzhun_web.audit import services as audit
from jingzhun_web.kit.environment import environment
from jingzhun_web.kit.reasons import must_hold_no_number
from jingzhun_web.registry.errors import ChangeError
from jingzhun_web.registry.models import Household, StatusEntry
from jingzhun_web.registry.narrowing import EXITED

RETURNED = "returned"
REVEAL = "reveal_identifiers"
"""The act as the log names it."""


@transaction.atomic
def set_status(
    *,
    by: Actor,
    household_id: str,
    period: int,
    exit_status: str,
    on: date,
    reason: str,
    source: str,
) -> StatusEntry:
    """Give a household the status that was decided; `source` names the decision, as in `case 12`.

    The year of exit or return follows from `on`. ChangeError when there is no such status, or it has it already.
    """
    home = Household.objects.select_for_update().get(household_id=household_id, period=period)
    by.must(Right.APPROVE_CHANGES, home.area)
    old: str = getattr(home, "exit_status") or ""  # noqa: B009
    _allowed(old, exit_status)
    years: dict[str, Any] = {}
    if exit_status in EXITED and old not in EXITED:
        years["exit_year"] = on.year
    if exit_status == RETURNED:
        years["return_year"] = on.year
    Household.objects.filter(pk=home.pk).update(
        exit_status=exit_status, **years, source=source, version=F("version") + 1, recorded_at=Now()
    )
    entry = StatusEntry.objects.create(
        household_id=household_id,
        period=period,
        area=home.area,
        old_status=old,
        new_status=exit_status,
        on=on,
        reason=reason.strip(),
        source=source,
        by=by.id,
    )
    audit.record(
        by=by.id,
        act="set_status",
        kind="household",
        object_id=household_id,
        area=home.area,
        period=period,
        status=exit_status,
        source=source,
    )
    return entry


def note_reveal(*, by: Actor, household_id: str, area: int, reason: str) -> None:
    """Somebody is shown a household's identifiers in full: who, and why, stays in the log.

    ChangeError when they were shown those of too many within the hour.
    """
    by.must(Right.REVEAL_IDENTIFIERS, area)
    must_hold_no_number(reason)
    _must_be_few(by)
    audit.record(
        by=by.id,
        act=REVEAL,
        kind="household",
        object_id=household_id,
        area=area,
        reason=reason,
    )


def _must_be_few(by: Actor) -> None:
    most = environment().reveals_per_hour
    seen = log.count_since(actor=by.id, act=REVEAL, since=timezone.now() - timedelta(hours=1))
    if seen >= most:
        raise ChangeError(
            _("You have seen the numbers of %(n)d households within an hour") % {"n": most},
            why=_("The limit protects people when an account is in wrong hands"),
            do=_("Go on in an hour; the operator sets the limit"),
        )


def _allowed(old: str, new: str) -> None:
    if new not in {code.code for code in schema.code_list("exit_status").values}:
        raise ChangeError(_("There is no such status"))
    if old == new:
        raise ChangeError(
            _("The household has this status already"), do=_("Look at its archive again")
        )
