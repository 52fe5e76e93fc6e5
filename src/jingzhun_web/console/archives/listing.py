"""The list of households, narrowed by what the register and other parts of the platform know."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from jingzhun.crosscheck.findings import WITHDRAWN
from jingzhun_web.console.archives.forms import FilterForm
from jingzhun_web.crosscheck.models import Finding
from jingzhun_web.crosscheck.states import State
from jingzhun_web.registry import selectors as registry
from jingzhun_web.registry.models import Household


def households(form: FilterForm, filters: registry.Filters) -> QuerySet[Household]:
    """Households that match all filters of a form."""
    found = registry.households(filters)
    finding = form.finding_rule()
    if not finding:
        return found
    standing = Finding.objects.filter(
        household_id=OuterRef("household_id"), period=filters.period
    ).exclude(engine_state=WITHDRAWN)
    if finding == form.OPEN:
        return found.filter(Exists(standing.exclude(state=State.CLOSED)))
    return found.filter(Exists(standing.filter(rule=finding)))
