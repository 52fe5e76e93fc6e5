"""Pages of the audit log: its entries, and whether its chain is whole."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from jingzhun_web.access.models import User
from jingzhun_web.access.roles import Right
from jingzhun_web.audit import selectors
from jingzhun_web.audit import services as audit
from jingzhun_web.audit.models import Entry
from jingzhun_web.console.doors import actor_of, acts
from jingzhun_web.console.log import presented
from jingzhun_web.console.log.forms import FilterForm
from jingzhun_web.console.wording import query_without

PAGE_SIZE = 100


@acts(Right.SEE_AUDIT)
@require_GET
def log(request: HttpRequest) -> HttpResponse:
    """The audit log of one's areas, newest first."""
    form = FilterForm(request.GET or None)
    found = _narrowed(form.cleaned_data if form.is_valid() else {})
    before = request.GET.get("before", "")
    if before.isdigit():
        found = found.filter(id__lt=int(before))
    rows = list(found[: PAGE_SIZE + 1])
    shown = rows[:PAGE_SIZE]
    context = {
        "form": form,
        "entries": presented.listed(shown),
        "before": shown[-1].pk if len(rows) > PAGE_SIZE else None,
        "query": query_without(request, "before"),
    }
    return render(request, "log/log.html", context)


def _narrowed(given: dict[str, Any]) -> QuerySet[Entry]:
    who = given.get("who", "").strip()
    known = User.objects.filter(username=who).values_list("pk", flat=True) if who else None
    return selectors.entries(
        selectors.Filters(
            group=given.get("group", ""),
            actors=None if known is None else list(known),
            about=given.get("about", "").strip(),
            since=given.get("since"),
            until=given.get("until"),
        )
    )


@acts(Right.SEE_AUDIT)
@require_POST
def verify(request: HttpRequest) -> HttpResponse:
    """Compute every hash of the log again: nothing was changed, taken out or put in between."""
    actor = actor_of(request)
    broken = audit.verify(by=actor.id, area=int(actor.areas_of(Right.SEE_AUDIT)[0]))
    if broken is None:
        messages.success(
            request,
            _("The log is whole: every entry follows from the one before, none was changed."),
        )
    else:
        messages.error(
            request,
            _("The log is broken at entry %d: tell the operator, and keep the last backup.")
            % broken,
        )
    return redirect("log")
