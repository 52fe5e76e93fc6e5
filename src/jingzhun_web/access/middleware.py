"""Every request runs as somebody, in their scope: set before any view reads a row."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils import timezone

from jingzhun_web.access.actors import NOBODY, Actor, actor_of
from jingzhun_web.access.models import User
from jingzhun_web.kit import scope
from jingzhun_web.kit.caching import NOT_KEPT

NUL = "\0"


class ActingRequest(HttpRequest):
    """A request that knows who acts."""

    actor: Actor


def actor_middleware(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """The whole request in one transaction that sees the actor's areas."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        with scope.entered(scope.NOTHING):
            actor = _actor(request.user)
            setattr(request, "actor", actor)  # noqa: B010
            scope.apply(actor.scope)
            if NUL in request.path_info:  # which the database would not take
                raise Http404
            response = get_response(request)
        response.headers.setdefault("Cache-Control", NOT_KEPT)
        return response

    return middleware


def _actor(user: AbstractBaseUser | AnonymousUser) -> Actor:
    if not isinstance(user, User):
        return NOBODY
    return actor_of(user, on=timezone.localdate())
