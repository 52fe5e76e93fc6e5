"""Pages of figures."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from jingzhun_web.access.actors import Actor
from jingzhun_web.access.roles import Right
from jingzhun_web.areas import selectors as areas
from jingzhun_web.areas.models import Area
from jingzhun_web.console.doors import actor_of
from jingzhun_web.console.overview import presented
from jingzhun_web.registry import selectors as registry


@login_required
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Where one stands: one's areas, and what is in them."""
    actor = actor_of(request)
    if actor.may(Right.SEE_FIGURES):
        return render(request, "overview/home.html", _figures(request, actor))
    return render(request, "overview/home.html", {"figures": None})


def _figures(request: HttpRequest, actor: Actor) -> dict[str, Any]:
    periods = registry.periods()
    held = sorted({held.area for held in actor.held})
    wanted = request.GET.get("area") or (held[0] if held else "")
    if not periods or not actor.scope.contains(wanted):
        return {"figures": None}
    area = Area.objects.filter(code=int(wanted)).first()
    if area is None:
        raise Http404
    filters = registry.Filters(period=periods[0], area=wanted)
    return {
        "figures": presented.figures(area, filters),
        "held": areas.ancestors(int(code) for code in held),
        "path": areas.ancestors([area.code])[area.code],
    }
