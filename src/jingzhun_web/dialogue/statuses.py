"""What a decided case changes in the archive."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from jingzhun_web.access.actors import Actor
from jingzhun_web.access.roles import Right
from jingzhun_web.audit import services as audit
from jingzhun_web.dialogue.errors import CaseError
from jingzhun_web.dialogue.models import Case
from jingzhun_web.registry.models import Household


def source_of(case: Case) -> str:
    """How an archive names the case that changed it."""
    return f"case {case.pk}"


def apply_decision(*, by: Actor, case: Case, on: date, **fields: Any) -> None:
    """Write a decision into the household's archive of the case's period; what it was stays in its history."""
    by.must(Right.APPROVE_CHANGES, case.area)
    changed = Household.objects.filter(
        household_id=case.household_id, period=case.period, area=case.area
    ).update(**fields, version=F("version") + 1, recorded_at=Now(), source=source_of(case))
    if changed != 1:
        raise CaseError(
            _("The household is not on file in this village any more"),
            do=_("Look where it has gone, or refuse the case"),
        )
    audit.record(
        by=by.id,
        act="apply_decision",
        kind="household",
        object_id=case.household_id,
        area=case.area,
        case=case.pk,
        on=on.isoformat(),
        fields=sorted(fields),
    )
