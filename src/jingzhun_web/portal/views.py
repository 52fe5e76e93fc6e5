"""Pages without sign-in: lists in force, objections, answers."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from jingzhun_web.areas import selectors as areas
from jingzhun_web.areas.models import Area, Level
from jingzhun_web.dialogue import objections, selectors
from jingzhun_web.dialogue.models import Entry, Publicity
from jingzhun_web.kit.environment import environment
from jingzhun_web.kit.paging import page
from jingzhun_web.kit.scope import DIGITS, span
from jingzhun_web.portal import presented
from jingzhun_web.portal.forms import ObjectionForm, ReceiptForm

PAGE_SIZE = 50


def _page(
    request: HttpRequest, name: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """A public page; lists hang out for a time, so that no search engine may keep them."""
    shown = {**context, "phone": environment().objection_phone}
    response = render(request, f"public/{name}.html", shown, status=status)
    response["X-Robots-Tag"] = "noindex, noarchive"
    return response


@require_GET
def lists(request: HttpRequest) -> HttpResponse:
    """Lists in force, of an area if one is named, by village."""
    on, given = timezone.localdate(), request.GET.get("area", "")
    found = selectors.in_force(on=on)
    area = _area(given)
    if area is not None:
        low, high = span(given)
        found = found.filter(area__gte=low, area__lte=high)
    shown = page(found, by=("area", "id"), after=request.GET.get("after"), size=PAGE_SIZE)
    context = {
        "rows": presented.listed(shown.rows),
        "next": shown.next,
        "area": area,
        "given": given,
        "counties": _counties(selectors.in_force(on=on)),
    }
    return _page(request, "lists_rows" if request.GET.get("after") else "lists", context)


def _area(given: str) -> Area | None:
    if not given:
        return None
    if not given.isdigit() or len(given) > DIGITS:
        raise Http404(_("There is no such area"))
    return Area.objects.filter(code=span(given)[0]).first()


def _counties(found: QuerySet[Publicity]) -> list[Area]:
    """Counties in which a list hangs out."""
    villages = set(found.values_list("area", flat=True))
    paths = areas.ancestors(villages).values()
    known = {area.code: area for path in paths for area in path if area.level == Level.COUNTY}
    return [known[code] for code in sorted(known)]


@require_GET
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One list with its masked lines."""
    hung = _list(pk)
    lines = hung.entries.filter(is_withdrawn=False).order_by("id")
    context = {
        "list": hung,
        "path": areas.ancestors([hung.area])[hung.area],
        "result": presented.result(hung),
        "lines": list(lines),
    }
    return _page(request, "list", context)


def _list(pk: int) -> Publicity:
    found = selectors.in_force(on=timezone.localdate()).filter(pk=pk).first()
    if found is None:
        raise Http404(_("This list does not hang out"))
    return found


@require_http_methods(["GET", "POST"])
def objection(request: HttpRequest, pk: int, entry_id: int) -> HttpResponse:
    """Object to a line; afterwards the receipt, shown once."""
    hung = _list(pk)
    line = hung.entries.filter(pk=entry_id, is_withdrawn=False).first()
    if line is None or not hung.takes_objections:
        raise Http404(_("This list does not hang out"))
    form = ObjectionForm(request.POST or None)
    context: dict[str, Any] = {
        "list": hung,
        "line": line,
        "path": areas.ancestors([hung.area])[hung.area],
        "result": presented.result(hung),
        "form": form,
    }
    if request.method == "GET" or not form.is_valid():
        status = 200 if request.method == "GET" else 422
        return _page(request, "objection", context, status=status)
    return _page(request, "taken", {**context, "receipt": _handed_in(request, line, form)})


def _handed_in(request: HttpRequest, line: Entry, form: ObjectionForm) -> str:
    return objections.hand_in(
        entry_id=line.pk,
        reason=form.cleaned_data["reason"],
        contact=form.cleaned_data["contact"],
        source=_source(request),
    )


def _source(request: HttpRequest) -> str:
    """Where a request comes from. What the proxy added stands last; what stands before it anybody can write."""
    forwarded = request.headers.get("X-Forwarded-For", "")
    if environment().behind_https and forwarded:
        return forwarded.split(",")[-1].strip()
    return str(request.META.get("REMOTE_ADDR", ""))


@require_http_methods(["GET", "POST"])
def receipt(request: HttpRequest) -> HttpResponse:
    """What became of an objection, for whoever holds its receipt. By POST: the receipt stands in no log."""
    form = ReceiptForm(request.POST or None)
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        told = objections.told(form.cleaned_data["receipt"])
        context |= {"told": told, "is_unknown": told is None}
    return _page(request, "receipt", context)
