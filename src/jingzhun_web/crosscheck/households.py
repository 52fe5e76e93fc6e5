"""Households by the findings about them."""

from __future__ import annotations

from django.db.models import Case, Exists, OuterRef, QuerySet, When

from jingzhun.crosscheck.findings import WITHDRAWN
from jingzhun_web.crosscheck.models import Finding
from jingzhun_web.crosscheck.states import State
from jingzhun_web.registry import selectors as registry
from jingzhun_web.registry.models import Household

ANY_OPEN = "open"
"""Any finding that still waits for somebody."""


def households(filters: registry.Filters, finding: str = "") -> QuerySet[Household]:
    """Households that match all filters, and where `finding` names a rule (or ANY_OPEN), that finding too."""
    found = registry.households(filters)
    if not finding:
        return found
    standing = Finding.objects.filter(
        household_id=OuterRef("household_id"), period=filters.period
    ).exclude(engine_state=WITHDRAWN)
    if finding == ANY_OPEN:
        waiting = Exists(standing.exclude(state=State.CLOSED))
        # Asked household by household in the list's order, as many have one: written as EXISTS alone,
        # PostgreSQL would gather all of a province first (5 s at 1 M households).
        return found.filter(Case(When(waiting, then=True), default=False))
    return found.filter(Exists(standing.filter(rule=finding)))
