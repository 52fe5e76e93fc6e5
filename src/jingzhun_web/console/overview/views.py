"""Pages of figures."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from jingzhun_web.access.roles import Right
from jingzhun_web.areas import selectors as areas
from jingzhun_web.console.doors import actor_of, acts
from jingzhun_web.console.overview import maps, presented, screens, work_panels
from jingzhun_web.console.overview.asked import asked, named

MAP_SECONDS = 86_400


@login_required
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Where one stands: one's areas, and what is in them."""
    actor = actor_of(request)
    found = asked(request, actor) if actor.may(Right.SEE_FIGURES) else None
    if found is None:
        return render(request, "overview/empty.html")
    held = sorted({int(held.area) for held in actor.held})
    paths = areas.ancestors([found.area.code, *held])
    within = [area for area in paths[found.area.code] if actor.scope.contains(area.digits)]
    context = {
        **presented.dashboard(found, measure=request.GET.get("measure", "")),
        "waiting": work_panels.waiting(found, actor),
        "area_name": named(found.area),
        "path": [(named(area), found.page_of(area.digits)) for area in within],
        "held": [(named(paths[code][-1]), found.page_of(f"{code:012d}")) for code in held],
    }
    return render(request, "overview/home.html", context)


@acts(Right.SEE_FIGURES)
@require_GET
def work(request: HttpRequest) -> HttpResponse:
    """Findings and outcomes of an area, as a part of its page."""
    found = asked(request, actor_of(request))
    if found is None:
        raise Http404
    return render(request, "overview/work.html", work_panels.panels(found))


@acts(Right.SEE_FIGURES)
@require_GET
def shapes(request: HttpRequest, prefix: str) -> HttpResponse:  # noqa: ARG001
    """Shapes of counties: public, and the same for a day."""
    if not maps.is_drawn(prefix):
        raise Http404
    response = HttpResponse(maps.shapes(prefix), content_type="application/geo+json")
    response["Cache-Control"] = f"private, max-age={MAP_SECONDS}"
    return response


@acts(Right.SEE_FIGURES)
@require_GET
def screen(request: HttpRequest) -> HttpResponse:
    """A page for a wall: aggregates only, renewed by itself."""
    return _screen(request, "overview/screen.html")


@acts(Right.SEE_FIGURES)
@require_GET
def screen_figures(request: HttpRequest) -> HttpResponse:
    """What the wall renews."""
    return _screen(request, "overview/screen_figures.html")


def _screen(request: HttpRequest, template: str) -> HttpResponse:
    found = asked(request, actor_of(request))
    if found is None:
        return render(request, "overview/empty.html")
    return render(request, template, screens.screen(found))
