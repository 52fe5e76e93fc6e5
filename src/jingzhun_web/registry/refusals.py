"""Refused attempts to see people's numbers, or to look for somebody, stay in the log though nothing was shown.

A refused request is undone, and with it what it had written; so the doors call this when that has happened.
"""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponseBase

from jingzhun_web.access.actors import NOBODY, Actor
from jingzhun_web.access.models import User
from jingzhun_web.audit import services as audit
from jingzhun_web.registry.models import Household

REFUSED = frozenset(
    (HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT, HTTPStatus.TOO_MANY_REQUESTS)
)
REVEALS = ("reveal",)
SEARCHES = ("households", "export", "export_households")
"""Names of addresses, of pages and of the API."""


def note_refusal(request: HttpRequest, response: HttpResponseBase) -> None:
    """Put a refused request into the log, when it is one of these; call it in a transaction that stays.

    What was typed is never in it: a number in the address is told only where it is a household of one's own
    areas, else the entry lies where the account belongs.
    """
    match, actor = request.resolver_match, getattr(request, "actor", NOBODY)
    if not actor.id or match is None or response.status_code not in REFUSED:
        return
    if match.url_name in REVEALS:
        _record(actor, "reveal_refused", "household", response, _home(match.kwargs))
    elif match.url_name in SEARCHES and request.GET.get("text", "").strip():
        _record(actor, "search_refused", "households", response, None)


def _record(
    actor: Actor, act: str, kind: str, response: HttpResponseBase, home: Household | None
) -> None:
    about = "" if home is None else home.household_id
    area = home.area if home is not None else _own_area(actor)
    status = response.status_code
    audit.record(by=actor.id, act=act, kind=kind, object_id=about, area=area, status=status)


def _home(asked: dict[str, object]) -> Household | None:
    """The household of an address, where it is in the scope."""
    wanted = {name: asked.get(name) for name in ("household_id", "period")}
    if not str(wanted["period"]).isdecimal():
        return None
    found = Household.objects.filter(**wanted)
    return found.only("household_id", "area").first()


def _own_area(actor: Actor) -> int:
    return User.objects.filter(pk=actor.id).values_list("area", flat=True).first() or 0
