"""Pages of archives."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from jingzhun_web.access.roles import Right
from jingzhun_web.audit import services as audit
from jingzhun_web.console.archives import exporting, presented
from jingzhun_web.console.archives.forms import FilterForm, ReasonForm
from jingzhun_web.console.doors import actor_of, acts, streamed
from jingzhun_web.console.wording import query_without
from jingzhun_web.kit.paging import page
from jingzhun_web.registry import selectors as registry
from jingzhun_web.registry.models import Household

PAGE_SIZE = 50


@acts(Right.SEE_ARCHIVES)
@require_GET
def households(request: HttpRequest) -> HttpResponse:
    """The list of archives, narrowed and paged."""
    periods = registry.periods()
    form = FilterForm(request.GET or None, periods=periods)
    filters = form.filters(periods)
    found = page(
        registry.households(filters),
        by=registry.LIST_ORDER,
        after=request.GET.get("after"),
        size=PAGE_SIZE,
    )
    with_names = actor_of(request).may(Right.SEE_NAMES)
    context = {
        "form": form,
        "filters": filters,
        "rows": presented.listed(found.rows, with_names=with_names),
        "next": found.next,
        "query": query_without(request, "after"),
    }
    template = (
        "archives/households_rows.html" if request.GET.get("after") else "archives/households.html"
    )
    return render(request, template, context)


@acts(Right.SEE_ARCHIVES)
@require_GET
def archive(request: HttpRequest, household_id: str, period: int) -> HttpResponse:
    """One household: members, income, living conditions, outcomes and their reasons."""
    try:
        found = registry.archive(household_id, period)
    except Household.DoesNotExist as error:
        raise Http404(_("There is no such household in your areas")) from error
    with_names = actor_of(request).may(Right.SEE_NAMES)
    context = presented.archive(found, with_names=with_names)
    return render(request, "archives/archive.html", {**context, "reason": ReasonForm()})


@acts(Right.REVEAL_IDENTIFIERS)
@require_POST
def reveal(request: HttpRequest, household_id: str, period: int) -> HttpResponse:
    """Identifiers in full, for a reason that is kept in the log."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return redirect("archive", household_id, period)
    found = registry.archive(household_id, period)
    actor = actor_of(request)
    audit.record(
        by=actor.id,
        act="reveal_identifiers",
        kind="household",
        object_id=household_id,
        area=found.household.area,
        reason=form.cleaned_data["reason"],
    )
    context = presented.archive(found, with_names=True, in_full=True)
    return render(request, "archives/archive.html", {**context, "reason": ReasonForm()})


@acts(Right.EXPORT)
@require_GET
def export(request: HttpRequest) -> StreamingHttpResponse:
    """The whole list as CSV: streamed, never cut, its end says how many rows there are and their checksum."""
    periods = registry.periods()
    form = FilterForm(request.GET or None, periods=periods)
    filters = form.filters(periods)
    actor = actor_of(request)
    audit.record(by=actor.id, act="export", kind="households", object_id=filters.period)
    rows = streamed(actor, lambda: exporting.as_csv(registry.households(filters)))
    response = StreamingHttpResponse(rows, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="households-{filters.period}.csv"'
    return response
