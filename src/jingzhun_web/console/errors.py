"""What people read when something can't be done: what, why, and what to do."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from jingzhun.errors import UserError
from jingzhun_web.registry.refusals import note_refusal

CONFLICT = 409
PROGRAMS = "/api/"
Handler = Callable[[HttpRequest], HttpResponseBase]


class user_error_middleware:  # noqa: N801  (used like the functions beside it)
    """Anticipated errors of any page become one page; what the page had begun is undone."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The page."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The page of an anticipated error; others go on to Django."""
        if not isinstance(error, UserError):
            return None
        return render(request, "errors/refused.html", {"error": error}, status=CONFLICT)


def refusal_middleware(get_response: Handler) -> Handler:
    """What a page refused stays in the log: outside the view's transaction, inside that of the request."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        # Programs' requests are told by their own door.
        if not request.path_info.startswith(PROGRAMS):
            note_refusal(request, response)
        return response

    return middleware


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """403: no role of the account allows it here."""
    return render(request, "errors/forbidden.html", status=403)


def missing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """404: not there, or not in one's areas; which of the two is not told."""
    return render(request, "errors/missing.html", status=404)


def unreadable(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """400: the address or the form was altered on its way."""
    return render(request, "errors/unreadable.html", status=400)


def stale(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """403 of a form whose page is too old, or that comes from elsewhere."""
    return render(request, "errors/stale.html", status=403)


def broken(request: HttpRequest) -> HttpResponse:
    """500: an error of ours. Asks the database nothing: it may be the reason."""
    return render(request, "errors/broken.html", status=500)
