"""Agreements with departments: without a valid one, nothing of theirs comes in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from jingzhun.errors import UserError
from jingzhun_web.access.actors import Actor
from jingzhun_web.access.roles import Right
from jingzhun_web.audit import services as audit
from jingzhun_web.exchange.models import Agreement
from jingzhun_web.kit.scope import DIGITS, span


class AgreementError(UserError):
    """No agreement allows what was asked for."""


@transaction.atomic
def make_agreement(
    *,
    by: Actor,
    area: int,
    department: str,
    tables: Sequence[str],
    may_deliver: bool,
    may_read: bool,
    purpose: str,
    legal_basis: str,
    valid_from: date,
    valid_until: date,
) -> Agreement:
    """Record an agreement. AgreementError when it ends before it begins, or allows nothing."""
    by.must(Right.IMPORT, area)
    if valid_until <= valid_from or not tables or not (may_deliver or may_read):
        raise AgreementError(
            _("This agreement allows nothing"),
            do=_("Name tables, delivering or reading, and an end after the beginning"),
        )
    made = Agreement.objects.create(
        area=area,
        area_last=span(f"{area:0{DIGITS}d}")[1],
        department=department,
        tables=list(tables),
        may_deliver=may_deliver,
        may_read=may_read,
        purpose=purpose,
        legal_basis=legal_basis,
        valid_from=valid_from,
        valid_until=valid_until,
        made_by=by.id,
    )
    audit.record(
        by=by.id,
        act="make_agreement",
        kind="agreement",
        object_id=made.pk,
        area=area,
        tables=list(tables),
    )
    return made


@transaction.atomic
def end_agreement(*, by: Actor, agreement: Agreement) -> None:
    """End an agreement from now on; what was delivered under it stays."""
    by.must(Right.IMPORT, agreement.area)
    Agreement.objects.filter(pk=agreement.pk, ended_at=None).update(ended_at=timezone.now())
    audit.record(
        by=by.id, act="end_agreement", kind="agreement", object_id=agreement.pk, area=agreement.area
    )


def valid_on(day: date, *, area: int) -> QuerySet[Agreement]:
    """Agreements that hold on a day for the whole of an area."""
    last = span(f"{area:0{DIGITS}d}")[1]
    return Agreement.objects.filter(
        ended_at=None, valid_from__lte=day, valid_until__gt=day, area__lte=area, area_last__gte=last
    )


def must_allow_delivery(*, table: str, area: int, on: date) -> Agreement:
    """The agreement under which a table may come in. AgreementError when there is none."""
    found = valid_on(on, area=area).filter(tables__contains=[table], may_deliver=True).first()
    if found is None:
        raise AgreementError(
            _("No valid agreement allows a delivery of the table %s to this area") % table,
            why=_("Records of another department come in under an agreement only"),
            do=_("Record the agreement first: department, tables, purpose, from when until when"),
        )
    return found
