"""Pages of the console: each asks `access` once, calls one selector or service, and shows the result."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from jingzhun_web.access.actors import Actor
from jingzhun_web.access.roles import Right
from jingzhun_web.areas import selectors as areas
from jingzhun_web.areas.models import Area
from jingzhun_web.audit import services as audit
from jingzhun_web.console import presented
from jingzhun_web.console.forms import FilterForm, ReasonForm, SignInForm
from jingzhun_web.kit import scope
from jingzhun_web.kit.paging import page
from jingzhun_web.registry import selectors as registry
from jingzhun_web.registry.models import Household

PAGE_SIZE = 50
P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def acts(right: Right) -> Callable[[View[P]], View[P]]:
    """A page for people signed in who hold a right."""

    def decorate(view: View[P]) -> View[P]:
        @login_required
        @wraps(view)
        def asked(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            actor_of(request).must(right)
            return view(request, *args, **kwargs)

        return asked  # type: ignore[return-value]

    return decorate


def actor_of(request: HttpRequest) -> Actor:
    """Who acts; set by the middleware."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


class SignIn(auth.LoginView):
    """Signing in."""

    template_name = "console/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True


class SignOut(auth.LogoutView):
    """Signing out; the settings say where to."""


@login_required
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Where one stands: one's areas, and what is in them."""
    actor = actor_of(request)
    if actor.may(Right.SEE_FIGURES):
        return render(request, "console/home.html", _figures(request, actor))
    return render(request, "console/home.html", {"figures": None})


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
        "query": presented.query_without(request, "after"),
    }
    template = (
        "console/households_rows.html" if request.GET.get("after") else "console/households.html"
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
    return render(request, "console/archive.html", {**context, "reason": ReasonForm()})


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
    return render(request, "console/archive.html", {**context, "reason": ReasonForm()})


@acts(Right.EXPORT)
@require_GET
def export(request: HttpRequest) -> StreamingHttpResponse:
    """The whole list as CSV: streamed, never cut, its end says how many rows there are and their checksum."""
    periods = registry.periods()
    form = FilterForm(request.GET or None, periods=periods)
    filters = form.filters(periods)
    actor = actor_of(request)
    audit.record(by=actor.id, act="export", kind="households", object_id=filters.period)
    rows = _in_scope(actor, lambda: presented.as_csv(registry.households(filters)))
    response = StreamingHttpResponse(rows, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="households-{filters.period}.csv"'
    return response


def _in_scope(actor: Actor, rows: Callable[[], Iterator[bytes]]) -> Iterator[bytes]:
    """Rows read while they are sent: the request's own transaction has ended by then."""
    with scope.entered(actor.scope):
        yield from rows()


@acts(Right.SEE_AUDIT)
@require_GET
def log(request: HttpRequest) -> HttpResponse:
    """The audit log of one's areas, newest first."""
    return render(request, "console/log.html", presented.log(request.GET.get("before")))
