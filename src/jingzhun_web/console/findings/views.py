"""Pages of findings."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jingzhun_web.access.actors import Actor
from jingzhun_web.access.roles import Right
from jingzhun_web.areas.models import Level
from jingzhun_web.console import places
from jingzhun_web.console.doors import actor_of, acts
from jingzhun_web.console.findings import acting, presented
from jingzhun_web.console.findings.forms import DispatchAllForm, FilterForm, StartForm
from jingzhun_web.console.wording import query_without
from jingzhun_web.crosscheck import bulk, packs, permitted, selectors, services
from jingzhun_web.crosscheck.models import Finding
from jingzhun_web.crosscheck.starting import start_crosscheck
from jingzhun_web.crosscheck.states import State
from jingzhun_web.kit.paging import page
from jingzhun_web.registry import attachments
from jingzhun_web.registry import selectors as registry

PAGE_SIZE = 50


def _filtered(request: HttpRequest, on: date) -> tuple[FilterForm, selectors.Filters]:
    periods = selectors.periods()
    period = periods[0] if periods else 0
    form = FilterForm(request.GET or None, periods=periods, rules=packs.names())
    return form, form.filters(period=period, on=on, by=actor_of(request))


@acts(Right.SEE_ARCHIVES)
@require_GET
def findings(request: HttpRequest) -> HttpResponse:
    """The queue, narrowed and paged, the most urgent first."""
    on, actor = timezone.localdate(), actor_of(request)
    form, filters = _filtered(request, on)
    after = request.GET.get("after")
    rows = selectors.findings(filters).only(*selectors.LISTED)
    found = page(
        rows.none() if form.errors else rows, by=selectors.QUEUE_ORDER, after=after, size=PAGE_SIZE
    )
    context: dict[str, Any] = {
        "filters": filters,
        "rows": presented.listed(found.rows, on=on, with_names=actor.may(Right.SEE_NAMES)),
        "next": found.next,
        "query": query_without(request, "after"),
    }
    if after:
        return render(request, "findings/findings_rows.html", context)
    total = selectors.total(filters)
    context |= {
        "form": form,
        "total": 0 if form.errors else total,
        "tabs": _tabs(request, filters, actor, total),
        "all": _dispatching(actor, filters),
    }
    return render(request, "findings/findings.html", context)


def _tabs(
    request: HttpRequest, filters: selectors.Filters, actor: Actor, total: int
) -> list[dict[str, Any]]:
    """States with their numbers under the other filters (`total` of those match all); each leads to the list it
    counts."""
    wide = replace(filters, state="", is_overdue=False, is_open=False, waits_for=None)
    counted, waiting = selectors.counts(wide), replace(wide, waits_for=actor)
    query = query_without(request, "after", "state", "is_overdue", "is_open", "is_mine", "period")
    base = f"?period={filters.period}" + (f"&{query}" if query else "")
    mine = {
        "label": _("Waits for me"),
        # Looked for finding by finding: not twice for who is looking at them already.
        "n": total if filters == waiting else selectors.total(waiting),
        "query": f"{base}&is_mine=on",
        "is_now": filters.waits_for is not None,
    }
    tabs = [mine] if actor.may(Right.WORK_FINDINGS) else []
    tabs += [
        {"label": _("All"), "n": counted["all"], "query": base, "is_now": not _is_narrow(filters)},
        {
            "label": _("Not closed"),
            "n": counted["all"] - counted["closed"],
            "query": f"{base}&is_open=on",
            "is_now": filters.is_open and not filters.state,
        },
        {
            "label": _("Overdue"),
            "n": counted["overdue"],
            "query": f"{base}&is_overdue=on",
            "is_now": filters.is_overdue,
        },
    ]
    return tabs + [
        {
            "label": state.label,
            "n": counted[state.value],
            "query": f"{base}&state={state.value}",
            "is_now": filters.state == state.value,
        }
        for state in State
    ]


def _is_narrow(filters: selectors.Filters) -> bool:
    return bool(filters.state or filters.is_overdue or filters.is_open or filters.waits_for)


def _dispatching(actor: Actor, filters: selectors.Filters) -> DispatchAllForm | None:
    """The form for sending all findings of a rule, for those who may."""
    is_above = actor.may(Right.APPROVE_CHANGES) or actor.may(Right.REVIEW_CHANGES)
    if not actor.may(Right.WORK_FINDINGS) or not is_above or not filters.period:
        return None
    area = filters.area.ljust(12, "0") if filters.area else None
    first = {"area": area, "rule": filters.rule, "period": filters.period}
    return _dispatch_form(actor, None, initial=first)


def _dispatch_form(
    actor: Actor, data: Any, *, initial: dict[str, Any] | None = None
) -> DispatchAllForm:
    areas_ = places.with_below(actor, Right.WORK_FINDINGS)
    return DispatchAllForm(data, areas=areas_, rules=packs.names(), initial=initial)


@acts(Right.SEE_ARCHIVES)
@require_GET
def finding(request: HttpRequest, pk: int) -> HttpResponse:
    """One finding: what was compared, what happened, and what may be done now."""
    return _page(request, get_object_or_404(Finding, pk=pk))


def _page(
    request: HttpRequest, found: Finding, *, name: str = "", form: acting.ActForm | None = None
) -> HttpResponse:
    """The page, with a form that was filled in wrongly in the place of an empty one."""
    actor, on = actor_of(request), timezone.localdate()
    with_names = actor.may(Right.SEE_NAMES)
    checks = services.evidence_of(found)
    onward = permitted.next_act(found, checks)
    names = permitted.possible(actor, found, checks)
    offered = acting.offered(names, found, actor, onward=onward)
    for act in offered:
        if form is not None and act["name"] == name:
            act |= {"form": form, "is_wrong": True}
    context = {
        **presented.finding(found, on=on, with_names=with_names),
        "acts": offered,
        "next": acting.ACTS.get(onward),
        "office": acting.OFFICES.get(onward),
        "is_mine": onward in names,
        "visits": presented.visits(checks, with_names=with_names),
        "history": presented.history(selectors.events(found), with_names=with_names),
        "attachments": list(attachments.of_object("finding", found.pk)) if with_names else [],
        "with_names": with_names,
    }
    return render(request, "findings/finding.html", context, status=200 if form is None else 422)


@acts(Right.WORK_FINDINGS)
@require_POST
def act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Do one of the acts."""
    found = get_object_or_404(Finding, pk=pk)
    if name not in acting.ACTS:
        raise Http404(name)
    offered = acting.ACTS[name]
    form = offered.form(request.POST, request.FILES, finding=found, by=actor_of(request), name=name)
    if not form.is_valid():
        return _page(request, found, name=name, form=form)
    offered.do(by=actor_of(request), pk=pk, **form.cleaned_data)
    messages.success(request, _("Done: %s") % offered.title)
    return redirect("finding", pk)


@acts(Right.WORK_FINDINGS)
@require_POST
def dispatch_all(request: HttpRequest) -> HttpResponse:
    """Send all findings of a rule in an area down the tree."""
    form = _dispatch_form(actor_of(request), request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose area, rule and level"))
        return redirect("findings")
    given = form.cleaned_data
    sent = bulk.dispatch_all(
        by=actor_of(request),
        area=given["area"],
        rule=given["rule"],
        period=given["period"],
        level=Level(given["level"]),
        due=given["due"],
    )
    messages.success(request, _("Findings sent: %d") % sent)
    return redirect(f"{reverse('findings')}?period={given['period']}&rule={given['rule']}")


@acts(Right.SEE_FIGURES)
@require_GET
def rules(request: HttpRequest) -> HttpResponse:
    """How good the rules are, by the verdicts on their findings."""
    form, filters = _filtered(request, timezone.localdate())
    run = selectors.latest_run(filters.period)
    shown = presented.quality(selectors.figures(filters), run)
    return render(
        request,
        "findings/rules.html",
        {"rows": shown, "run": run, "filters": filters, "form": form},
    )


@acts(Right.RUN_JOBS)
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Start a cross-check of a county or wider area."""
    actor = actor_of(request)
    form = StartForm(
        request.POST or None,
        areas=places.counties(actor, Right.RUN_JOBS),
        periods=registry.periods(),
    )
    if request.method != "POST" or not form.is_valid():
        return render(request, "findings/start.html", {"form": form})
    area, period = form.cleaned_data["area"], form.cleaned_data["period"]
    on = form.cleaned_data["on"]
    job = start_crosscheck(by=actor, area=area, period=period, on=on)
    return redirect("job", job.pk)
