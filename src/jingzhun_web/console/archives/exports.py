"""The list of households as a file."""

from __future__ import annotations

from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from jingzhun.errors import UserError
from jingzhun_web.access.roles import Right
from jingzhun_web.console.archives.forms import FilterForm
from jingzhun_web.console.doors import actor_of, acts
from jingzhun_web.crosscheck import households as households_by
from jingzhun_web.registry import exporting, exports
from jingzhun_web.registry import selectors as registry


class FilterError(UserError):
    """A list can't be narrowed as it was asked for; without the filter it would tell of more people."""


@acts(Right.EXPORT)
@require_GET
def export(request: HttpRequest, form: str) -> StreamingHttpResponse:
    """The whole list: streamed, never cut; that it began and how it ended stands in the log."""
    if form not in exporting.FORMS:
        raise Http404(form)
    actor, periods = actor_of(request), registry.periods()
    given = FilterForm(request.GET or None, periods=periods, by_person=actor.may(Right.SEE_NAMES))
    filters = given.filters(periods)
    if given.errors:
        raise FilterError(
            _("Nothing was exported: the filter asks for what there is not"),
            why=", ".join(str(given[name].label) for name in given.errors if name in given.fields),
            do=_("Set the filter anew on the list, then export"),
        )
    rows = households_by.households(filters, given.finding_rule())
    file = exports.export_households(by=actor, rows=rows, period=filters.period, form=form)
    response = StreamingHttpResponse(file, content_type=exporting.FORMS[form][1])
    name = f"households-{filters.period}.{form}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
