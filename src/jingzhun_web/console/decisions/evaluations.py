"""Pages of evaluations: runs, one household with its reasons, exit sheets."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jingzhun_web.access.actors import Actor
from jingzhun_web.access.roles import Right
from jingzhun_web.areas import selectors as areas
from jingzhun_web.areas.models import Area
from jingzhun_web.console import places
from jingzhun_web.console.decisions import assessed, presented
from jingzhun_web.console.decisions.forms import EvaluateForm, ProposeForm
from jingzhun_web.console.doors import actor_of, acts
from jingzhun_web.dialogue import selectors as cases
from jingzhun_web.evaluate import exits, explaining, selectors, services
from jingzhun_web.evaluate.models import EvaluationRun
from jingzhun_web.kit.paging import page
from jingzhun_web.registry import selectors as registry
from jingzhun_web.registry.models import Household
from jingzhun_web.registry.narrowing import EXITED

SHOWN = 50
SHEETS = 100


@acts(Right.SEE_FIGURES)
@require_http_methods(["GET", "POST"])
def runs(request: HttpRequest) -> HttpResponse:
    """Evaluations of one's areas; whoever may starts one."""
    actor, periods = actor_of(request), registry.periods()
    form = EvaluateForm(
        request.POST or None,
        areas=places.counties(actor, Right.RUN_JOBS),
        periods=periods,
        initial=_first(periods),
    )
    if request.method == "POST" and form.is_valid():
        job = services.start_evaluation(
            by=actor,
            area=form.cleaned_data["area"],
            period=form.cleaned_data["period"],
            on=form.cleaned_data["on"],
        )
        return redirect("job", job.pk)
    found = list(selectors.runs()[:SHOWN])
    paths = areas.ancestors(run.area for run in found)
    context = {
        "form": form if actor.may(Right.RUN_JOBS) else None,
        "runs": [{**assessed.run(run), "place": _place(paths[run.area])} for run in found],
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "decisions/runs.html", context, status=status)


def _first(periods: list[int]) -> dict[str, Any]:
    """The latest year, and the rules at its end."""
    if not periods:
        return {}
    return {"period": periods[0], "on": min(date(periods[0], 12, 31), timezone.localdate())}


def _place(path: list[Area]) -> str:
    return " ".join(area.name for area in path[-2:])


@acts(Right.SEE_FIGURES)
@require_GET
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """What one evaluation came to, and with what it was computed."""
    found = get_object_or_404(EvaluationRun, pk=pk)
    path = areas.ancestors([found.area])[found.area]
    return render(request, "decisions/run.html", {**assessed.run(found), "path": path})


@acts(Right.SEE_ARCHIVES)
@require_GET
def household(request: HttpRequest, household_id: str, period: int) -> HttpResponse:
    """One household's outcomes with their reasons, and what would change them."""
    return _evaluation(request, _home(household_id, period))


def _evaluation(
    request: HttpRequest, home: Household, *, form: ProposeForm | None = None
) -> HttpResponse:
    """The page, with a form that was filled in wrongly in the place of an empty one."""
    actor, household_id, period = actor_of(request), home.household_id, home.period
    verdicts = list(selectors.verdicts(household_id, period))
    on = selectors.rules_on(verdicts, period)
    with_names = actor.may(Right.SEE_NAMES)
    context = {
        "household": home,
        "path": areas.ancestors([home.area])[home.area],
        "on": on,
        "verdicts": assessed.verdicts(verdicts),
        "explained": assessed.explained(explaining.explained(home, on=on)),
        "cases": presented.listed(list(cases.of_household(household_id)), with_names=with_names),
        "propose": (form or ProposeForm()) if _may_propose(actor, home) else None,
        "may_apply": _may_apply(actor, home),
    }
    return render(request, "decisions/household.html", context, status=200 if form is None else 422)


def _may_propose(actor: Actor, home: Household) -> bool:
    is_registered = getattr(home, "is_registered") is not False  # noqa: B009
    has_exited = getattr(home, "exit_status") in EXITED  # noqa: B009
    return is_registered and not has_exited and actor.may(Right.PROPOSE_CHANGES, home.area)


def _may_apply(actor: Actor, home: Household) -> bool:
    is_other = getattr(home, "is_registered") is False  # noqa: B009
    return is_other and actor.may(Right.PROPOSE_CHANGES, home.area)


def _home(household_id: str, period: int) -> Household:
    try:
        return Household.objects.get(household_id=household_id, period=period)
    except Household.DoesNotExist as error:
        raise Http404(_("There is no such household in your areas")) from error


@acts(Right.PROPOSE_CHANGES)
@require_POST
def propose(request: HttpRequest, household_id: str, period: int) -> HttpResponse:
    """Propose a household's exit."""
    home = _home(household_id, period)
    form = ProposeForm(request.POST)
    if not form.is_valid():
        return _evaluation(request, home, form=form)
    made = exits.propose_exit(
        by=actor_of(request),
        household_id=household_id,
        period=period,
        reason=form.cleaned_data["reason"],
        on=timezone.localdate(),
    )
    return redirect("case", made.pk)


@acts(Right.SEE_FIGURES)
@require_GET
def sheets(request: HttpRequest) -> HttpResponse:
    """Villages and counties with their outcome, each leading to its exit sheet."""
    periods = registry.periods()
    given = request.GET.get("period", "")
    period = int(given) if given.isdigit() else (periods[0] if periods else 0)
    found = page(
        selectors.area_verdicts(period),
        by=("area", "profile"),
        after=request.GET.get("after"),
        size=SHEETS,
    )
    paths = areas.ancestors(row.area for row in found.rows)
    rows = [
        {
            "verdict": row,
            "place": " ".join(area.name for area in paths[row.area][2:]),
            "outcome": assessed.outcome(row.outcome),
        }
        for row in found.rows
    ]
    context = {"rows": rows, "next": found.next, "period": period}
    is_part = bool(request.GET.get("after"))
    name = "decisions/sheets_rows.html" if is_part else "decisions/sheets.html"
    return render(request, name, context)


@acts(Right.SEE_FIGURES)
@require_GET
def sheet(request: HttpRequest, area: int, period: int) -> HttpResponse:
    """The exit sheet of a village or county, to be printed."""
    found = list(selectors.area_verdicts(period).filter(area=area))
    if not found:
        raise Http404(_("There is no exit sheet of this area"))
    context = {
        "path": areas.ancestors([area])[area],
        "period": period,
        "sheets": [assessed.sheet(row) for row in found],
    }
    return render(request, "decisions/sheet.html", context)
