"""The list of households, narrowed by what the register and other parts of the platform know."""

from __future__ import annotations

from django.db.models import QuerySet

from jingzhun_web.console.archives.forms import FilterForm
from jingzhun_web.crosscheck import households as found_by
from jingzhun_web.registry import selectors as registry
from jingzhun_web.registry.models import Household


def households(form: FilterForm, filters: registry.Filters) -> QuerySet[Household]:
    """Households that match all filters of a form."""
    return found_by.households(filters, form.finding_rule())
