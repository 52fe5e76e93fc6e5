"""Households by the findings about them."""

from __future__ import annotations

from django.db.models import Case, Exists, OuterRef, QuerySet, When

from jingzhun.crosscheck.findings import WITHDRAWN
from jingzhun_web.crosscheck.figures import STATES
from jingzhun_web.crosscheck.models import Finding
from jingzhun_web.crosscheck.states import State
from jingzhun_web.registry import selectors as registry
from jingzhun_web.registry.models import Household
from jingzhun_web.registry.narrowing import in_villages

ANY_OPEN = "open"
"""Any finding that still waits for somebody."""

STANDING = f"0 < {' + '.join(STATES)}"
OPEN = f"{STANDING} - state_{State.CLOSED.value}"
_VILLAGES = (
    "SELECT area FROM crosscheck_village_figures WHERE period = %s AND NOT is_withdrawn AND {some}"
    " UNION SELECT area FROM registry_moved WHERE period = %s"
)
"""Villages with such findings, by their sums, and those that households have moved to since."""


def households(filters: registry.Filters, finding: str = "") -> QuerySet[Household]:
    """Households that match all filters, and where `finding` names a rule (or ANY_OPEN), that finding too."""
    found = registry.households(filters)
    if not finding:
        return found
    standing = Finding.objects.filter(
        household_id=OuterRef("household_id"), period=filters.period
    ).exclude(engine_state=WITHDRAWN)
    given: list[object] = [filters.period]
    if finding == ANY_OPEN:
        wanted, some = standing.exclude(state=State.CLOSED), OPEN
    else:
        wanted, some = standing.filter(rule=finding), f"rule = %s AND {STANDING}"
        given.append(finding)
    # Asked household by household in the list's order: written as EXISTS alone, PostgreSQL would gather all of a
    # province's first (0.7 to 5 s at 1 M households).
    return found.filter(
        in_villages(_VILLAGES.format(some=some), *given, filters.period),
        Case(When(Exists(wanted), then=True), default=False),
    )
