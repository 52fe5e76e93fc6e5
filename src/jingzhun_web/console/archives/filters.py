"""Filters of the list that somebody keeps for themselves."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jingzhun_web.access.roles import Right
from jingzhun_web.console.archives.forms import FilterForm, KeepFilterForm
from jingzhun_web.console.doors import actor_of, acts
from jingzhun_web.registry import saved
from jingzhun_web.registry import selectors as registry


@acts(Right.SEE_ARCHIVES)
@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Keep the filter that the list was shown with; a searched text is not kept."""
    query = QueryDict(request.POST.get("query", ""))
    form = KeepFilterForm(request.POST)
    if form.is_valid():
        known = FilterForm(query, periods=registry.periods()).fields
        given = {name: query[name] for name in query if name in known}
        saved.keep_filter(by=actor_of(request), name=form.cleaned_data["name"], query=given)
        messages.success(request, _("The filter was kept. A searched name or number is not kept."))
    return redirect(f"{reverse('households')}?{query.urlencode()}")


@acts(Right.SEE_ARCHIVES)
@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """No longer keep a filter."""
    saved.drop_filter(by=actor_of(request), pk=pk)
    return redirect("households")
