"""The one question before every page: may this person do this at all? Which rows they see, the database says."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase

from jingzhun_web.access.actors import Actor
from jingzhun_web.access.roles import Right

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def acts(*rights: Right) -> Callable[[View[P]], View[P]]:
    """A page for people signed in who hold one of these rights; PermissionDenied (403) for others."""

    def decorate(view: View[P]) -> View[P]:
        @login_required
        @wraps(view)
        def asked(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            actor_of(request).must_one(*rights)
            return view(request, *args, **kwargs)

        return asked  # type: ignore[return-value]

    return decorate


def actor_of(request: HttpRequest) -> Actor:
    """Who acts; set by the middleware."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor
