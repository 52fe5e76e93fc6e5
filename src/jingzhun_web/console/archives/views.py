"""Pages of archives: the list, one household, its sheet."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from jingzhun_web.access.actors import Actor
from jingzhun_web.access.roles import Right
from jingzhun_web.audit import services as audit
from jingzhun_web.console.archives import described, presented
from jingzhun_web.console.archives.editing_forms import AttachForm
from jingzhun_web.console.archives.forms import AsOfForm, FilterForm, KeepFilterForm, ReasonForm
from jingzhun_web.console.archives.sections import SECTIONS
from jingzhun_web.console.archives.timeline import timeline
from jingzhun_web.console.doors import actor_of, acts
from jingzhun_web.console.wording import query_without
from jingzhun_web.crosscheck import households as households_by
from jingzhun_web.kit.days import end_of
from jingzhun_web.kit.paging import page
from jingzhun_web.registry import attachments, history, saved, services
from jingzhun_web.registry import selectors as registry
from jingzhun_web.registry.chain import Standing
from jingzhun_web.registry.models import Change, Household

PAGE_SIZE = 50


@acts(Right.SEE_ARCHIVES)
@require_GET
def households(request: HttpRequest) -> HttpResponse:
    """The list of archives, narrowed and paged."""
    actor, periods = actor_of(request), registry.periods()
    with_names = actor.may(Right.SEE_NAMES)
    form = FilterForm(request.GET or None, periods=periods, by_person=with_names)
    filters = form.filters(periods)
    listed = households_by.households(filters, form.finding_rule())
    found = page(
        registry.as_listed(listed.none() if form.errors else listed),
        by=registry.LIST_ORDER,
        after=request.GET.get("after"),
        size=PAGE_SIZE,
    )
    context: dict[str, Any] = {
        "filters": filters,
        "rows": presented.listed(found.rows, with_names=with_names),
        "next": found.next,
        "query": query_without(request, "after"),
    }
    if request.GET.get("after"):
        return render(request, "archives/households_rows.html", context)
    more = {
        "form": form,
        "saved": _saved(actor),
        "keep": KeepFilterForm(),
        "is_narrowed": bool(request.GET),
    }
    return render(request, "archives/households.html", {**context, **more})


def _saved(actor: Actor) -> list[dict[str, Any]]:
    return [{"filter": row, "query": urlencode(row.query)} for row in saved.of(actor)]


@acts(Right.SEE_ARCHIVES)
@require_GET
def archive(request: HttpRequest, household_id: str, period: int) -> HttpResponse:
    """One household: everything on file, now or as of a day."""
    form = AsOfForm(request.GET or None)
    if form.is_bound and form.is_valid() and form.cleaned_data["on"]:
        return _archive_on(request, household_id, period, form)
    found = _found(household_id, period)
    return _page(request, found, form)


@acts(Right.REVEAL_IDENTIFIERS)
@require_POST
def reveal(request: HttpRequest, household_id: str, period: int) -> HttpResponse:
    """Identifiers in full, for a reason that is kept in the log."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        for error in form.errors["reason"]:
            messages.error(request, str(error))
        return redirect("archive", household_id, period)
    found = _found(household_id, period)
    services.note_reveal(
        by=actor_of(request),
        household_id=household_id,
        area=found.household.area,
        reason=form.cleaned_data["reason"],
    )
    return _page(request, found, AsOfForm(), in_full=True)


@acts(Right.SEE_ARCHIVES)
@require_GET
def sheet(request: HttpRequest, household_id: str, period: int) -> HttpResponse:
    """The household's sheet for its own wall (明白卡), to be printed on one page or two."""
    found, actor = _found(household_id, period), actor_of(request)
    context = presented.archive(found, with_names=actor.may(Right.SEE_NAMES))
    home = found.household
    audit.record(
        by=actor.id, act="print_sheet", kind="household", object_id=household_id, area=home.area
    )
    printed = {
        "printed_on": timezone.localdate(),
        "sections": [make(home) for make in SECTIONS[:1]],
    }
    return render(request, "archives/sheet.html", {**context, **printed})


def _found(household_id: str, period: int) -> registry.Archive:
    try:
        return registry.archive(household_id, period)
    except Household.DoesNotExist as error:
        raise Http404(_("There is no such household in your areas")) from error


def _page(
    request: HttpRequest, found: registry.Archive, form: AsOfForm, *, in_full: bool = False
) -> HttpResponse:
    actor, home = actor_of(request), found.household
    with_names = actor.may(Right.SEE_NAMES)
    names = presented.member_names(found.members, with_names=with_names)
    waiting = Change.objects.filter(
        household_id=home.household_id, period=home.period, standing=Standing.OPEN
    )
    context = {
        **presented.archive(found, with_names=with_names, in_full=in_full),
        "as_of": form,
        "reason": ReasonForm(),
        "attach": AttachForm(),
        "may_edit": actor.may(Right.PROPOSE_CHANGES, home.area),
        "may_see_origin": actor.may(Right.IMPORT, home.area),
        "changes": described.open_changes(waiting, names, with_names=with_names),
        "attachments": attachments.of_object("household", home.household_id),
        "sections": [make(home) for make in SECTIONS],
    }
    return render(request, "archives/archive.html", context)


@acts(Right.SEE_ARCHIVES)
@require_GET
def happenings(request: HttpRequest, household_id: str, period: int) -> HttpResponse:
    """The timeline: a part of the archive's page, read when somebody gets to it; else a page of its own."""
    found, actor = _found(household_id, period), actor_of(request)
    with_names = actor.may(Right.SEE_NAMES)
    names = presented.member_names(found.members, with_names=with_names)
    context = {
        "household": found.household,
        "may_see_origin": actor.may(Right.IMPORT, found.household.area),
        "timeline": timeline(household_id, period, names, with_names=with_names),
    }
    part = bool(request.headers.get("HX-Request"))
    return render(request, f"archives/{'timeline' if part else 'happenings'}.html", context)


def _archive_on(
    request: HttpRequest, household_id: str, period: int, form: AsOfForm
) -> HttpResponse:
    """The archive as it read at the end of a day."""
    on: date = form.cleaned_data["on"]
    try:
        found = history.archive_at(household_id, period, end_of(on))
    except Household.DoesNotExist as error:
        raise Http404(_("There is no such household in your areas")) from error
    if found is None:
        now = _found(household_id, period)
        form.add_error("on", _("On this day the household was not on file yet"))
        return _page(request, now, form)
    with_names = actor_of(request).may(Right.SEE_NAMES)
    context = {**presented.archive(found, with_names=with_names), "on": on, "as_of": form}
    return render(request, "archives/archive.html", context)
