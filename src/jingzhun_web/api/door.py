"""Requests of programs: who acts is set from the token, and nothing that only pages need is done."""

from __future__ import annotations

import logging
from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import resolve
from django.utils import timezone, translation

from jingzhun_web.access.actors import NOBODY
from jingzhun_web.api.problems import problem, told_as_problem
from jingzhun_web.kit import scope
from jingzhun_web.kit.caching import NOT_KEPT
from jingzhun_web.registry.refusals import note_refusal
from jingzhun_web.tokens import selectors as tokens

PREFIX = "/api/"
log = logging.getLogger("django.request")
Handler = Callable[[HttpRequest], HttpResponseBase]


def door(get_response: Handler) -> Handler:
    """Requests with a token skip sessions, cookies and what else pages need; refusals of the API are problems."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(PREFIX):
            return get_response(request)
        if "HTTP_AUTHORIZATION" not in request.META:
            return _noted(request, told_as_problem(get_response(request)))
        response = _noted(request, told_as_problem(_answered(request)))
        response["Vary"] = "Authorization, Accept-Language"
        response.headers.setdefault("Cache-Control", NOT_KEPT)
        if isinstance(response, HttpResponse):
            response["Content-Length"] = str(len(response.content))
        return response

    return middleware


def _noted(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """A refusal stays in the log, in a transaction of its own: the request's was undone."""
    actor = getattr(request, "actor", NOBODY)
    if actor.id and response.status_code >= HTTPStatus.BAD_REQUEST:
        with scope.entered(actor.scope):
            note_refusal(request, response)
    return response


def _answered(request: HttpRequest) -> HttpResponseBase:
    try:
        request.get_host()
        with translation.override(_language(request)):
            return _acted(request)
    except Http404:
        return problem(404)
    except SuspiciousOperation:
        return problem(400)
    except Exception:
        log.exception("API: %s", request.method)
        return problem(500)


def _acted(request: HttpRequest) -> HttpResponseBase:
    """The view's answer, in one transaction that sees the areas of whoever acts."""
    kind, _space, secret = request.META["HTTP_AUTHORIZATION"].partition(" ")
    now = timezone.now()
    with transaction.atomic():
        found = None
        if kind.lower() == "bearer":
            found = tokens.bearer(secret.strip(), on=timezone.localdate(now), at=now)
        if found is None:
            return problem(401)
        setattr(request, "actor", found)  # noqa: B010
        scope.apply(found.scope)
        match = resolve(request.path_info)
        request.resolver_match = match
        # Refused requests mark the transaction as to be undone themselves.
        response: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
        return response


def _language(request: HttpRequest) -> str:
    if "HTTP_ACCEPT_LANGUAGE" in request.META:
        return translation.get_language_from_request(request)
    return settings.LANGUAGE_CODE
