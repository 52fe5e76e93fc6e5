"""The one question before every operation: who acts, and may they do this at all?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from ninja.security import HttpBearer
from ninja.security.apikey import APIKeyCookie

from jingzhun_web.access.actors import NOBODY, Actor
from jingzhun_web.access.roles import Right


def actor_of(request: HttpRequest) -> Actor:
    """Who acts; set by the door or, for sessions, by the middleware of `access`."""
    found: Actor = getattr(request, "actor", NOBODY)
    return found


class Token(HttpBearer):
    """`Authorization: Bearer jz_…`; make a token on the page Tokens."""

    openapi_description = "A token made on the page Tokens: `Authorization: Bearer jz_…`"

    def __init__(self, *rights: Right) -> None:
        super().__init__()
        self.rights = rights

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:  # noqa: ARG002
        """The actor that the door found."""
        return _with_one(actor_of(request), self.rights)


class Session(APIKeyCookie):
    """The cookie of somebody signed in; requests that change something carry the CSRF token too."""

    param_name = "sessionid"
    openapi_description = (
        "Signed in on the pages; what changes something needs the header X-CSRFToken"
    )

    def __init__(self, *rights: Right) -> None:
        super().__init__()
        self.rights = rights

    def __call__(self, request: HttpRequest) -> Any:
        """Who is signed in; nobody's request has no CSRF token to be missed."""
        return super().__call__(request) if actor_of(request).id else None

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor | None:  # noqa: ARG002
        """The actor that the middleware found."""
        return _with_one(actor_of(request), self.rights)


def _with_one(actor: Actor, rights: tuple[Right, ...]) -> Actor | None:
    if not actor.id:
        return None
    if rights:
        actor.must_one(*rights)
    return actor


def acts(*rights: Right) -> list[Callable[[HttpRequest], Any]]:
    """For those who act with a token or signed in, and hold one of these rights; none: for everybody known."""
    return [Token(*rights), Session(*rights)]
