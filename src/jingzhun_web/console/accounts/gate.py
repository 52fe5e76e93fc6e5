"""After signing in, before any other page: the code of the second factor, and a password of one's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from jingzhun_web.access import second_factor
from jingzhun_web.access.models import User
from jingzhun_web.console.doors import actor_of

ASKED = "second_factor_asked"
"""In the session: the account had a device when it signed in, so that its code is due."""
ALWAYS_OPEN = frozenset({"sign-in", "sign-out", "set_language"})
PROGRAMS = "/api/"


class gate:  # noqa: N801  (used like the functions beside it)
    """Sends people who have not finished signing in to the page on which they do."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The page."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponse | None:
        """The way to the step that is due; None when none is, or this is its page."""
        here = request.resolver_match.url_name if request.resolver_match else None
        if here in ALWAYS_OPEN or not request.user.is_authenticated:
            return None
        step = due(request)
        if step is None or here == step:
            return None
        if request.path_info.startswith(PROGRAMS):
            raise PermissionDenied(step)
        address = reverse(step)
        if request.headers.get("HX-Request"):
            return HttpResponseClientRedirect(address)
        if request.method == "GET":
            return redirect(f"{address}?{urlencode({'next': request.get_full_path()})}")
        return redirect(address)


def due(request: HttpRequest) -> str | None:
    """Name of the address of the next step of signing in; None when there is none."""
    user = account_of(request)
    is_open = second_factor.is_used() and not is_verified(request)
    is_obligatory = is_open and second_factor.is_obligatory(actor_of(request))
    asked = is_open and request.session.get(ASKED, False)
    if asked or (is_obligatory and second_factor.has_device(user)):
        return "second-factor-code"
    if user.must_change_password:
        return "own-password"
    return "second-factor" if is_obligatory else None


def is_verified(request: HttpRequest) -> bool:
    """Whether the session has given a code."""
    return getattr(request.user, "otp_device", None) is not None


def account_of(request: HttpRequest) -> User:
    """The account that is signed in; PermissionDenied when there is none."""
    if not isinstance(request.user, User):
        raise PermissionDenied("account")
    return request.user
