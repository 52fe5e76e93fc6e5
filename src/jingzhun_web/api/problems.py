"""Errors as `application/problem+json` (RFC 9457): one form for every refusal, with what, why and what to do."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import (
    BadRequest,
    ObjectDoesNotExist,
    PermissionDenied,
    SuspiciousOperation,
)
from django.core.exceptions import ValidationError as FieldsError
from django.db import connection, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError, ValidationError
from pydantic import Field
from pydantic_core import to_json

from jingzhun.errors import UserError

MEDIA_TYPE = "application/problem+json"
CONFLICT = 409
log = logging.getLogger("django.request")


class Wrong(Schema):
    """One thing that is wrong in a request."""

    where: str = Field(
        description="`query`, `path`, `body` or `header`, then the name, with dots between"
    )
    what: str = Field(description="What is wrong with it")


class Problem(Schema):
    """Why a request was refused. Never repeats a value of the request."""

    type: str = Field(
        "about:blank", description="Kind of problem; `about:blank`: the status says all"
    )
    title: str = Field(description="What is wrong, in a sentence")
    status: int = Field(description="The HTTP status again")
    detail: str | None = Field(None, description="Why")
    do: str | None = Field(None, description="What to do about it")
    errors: list[Wrong] | None = Field(
        None, description="With status 422: each thing that is wrong"
    )


def problem(status: int, title: str = "", **more: Any) -> HttpResponse:
    """An answer that tells a problem; what is None is left out."""
    told = {"type": "about:blank", "title": title or _title(status), "status": status, **more}
    content = to_json({name: value for name, value in told.items() if value})
    response = HttpResponse(content, status=status, content_type=MEDIA_TYPE)
    if status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = 'Bearer realm="Jingzhun"'
    return response


def _title(status: int) -> str:
    known: Mapping[int, str] = {
        400: _("The request can't be read"),
        401: _("Sign in, or send a valid token"),
        403: _("You may not do this here"),
        404: _("There is no such thing in your areas"),
        405: _("This address does not know this method"),
        422: _("Something in the request is wrong"),
        429: _("Too many requests"),
        500: _("An error of ours; it has been noted"),
    }
    return known.get(status) or HTTPStatus(status).phrase


def told_as_problem(response: HttpResponseBase) -> HttpResponseBase:
    """An answer of the API as it is, or as a problem when it refuses in another form."""
    is_told = response.headers.get("Content-Type", "").startswith(MEDIA_TYPE)
    if response.status_code < HTTPStatus.BAD_REQUEST or is_told:
        return response
    told = problem(response.status_code)
    for name in ("Allow", "Retry-After"):
        if name in response.headers:
            told[name] = response.headers[name]
    return told


def _undone(response: HttpResponse) -> HttpResponse:
    """What a refused request had begun is undone with it."""
    if connection.in_atomic_block:
        transaction.set_rollback(True)
    return response


def of_error(request: HttpRequest, error: Exception) -> HttpResponse:
    """The problem that an exception is."""
    if isinstance(error, UserError):
        return _undone(problem(CONFLICT, error.what, detail=error.why, do=error.do))
    if isinstance(error, ValidationError):
        return _undone(problem(422, errors=[_wrong(one) for one in error.errors]))
    if isinstance(error, FieldsError):
        return _undone(problem(422, detail=" ".join(error.messages)))
    if isinstance(error, HttpError):
        return _undone(problem(error.status_code))
    for kind, status in _STATUS.items():
        if isinstance(error, kind):
            return _undone(problem(status))
    log.error("API: %s %s", request.method, _route(request), exc_info=error)
    return _undone(problem(500))


_STATUS: Mapping[type[Exception], int] = {
    Http404: 404,
    ObjectDoesNotExist: 404,
    PermissionDenied: 403,
    BadRequest: 400,
    SuspiciousOperation: 400,
}


def _wrong(error: Mapping[str, Any]) -> dict[str, str]:
    return {"where": ".".join(map(str, error["loc"])), "what": str(error["msg"])}


def _route(request: HttpRequest) -> str:
    match = request.resolver_match
    return match.route if match else "?"


def tell_problems(api: NinjaAPI) -> None:
    """Let every exception of an operation become a problem."""
    for kind in (Exception, Http404, HttpError, ValidationError):
        api.add_exception_handler(kind, of_error)  # type: ignore[arg-type]
