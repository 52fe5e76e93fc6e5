"""Requests that create something, sent twice with the same key, create it once and are answered the same."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from ninja.operation import Operation
from ninja.utils import contribute_operation_callback

from jingzhun.errors import UserError
from jingzhun_web.api.doors import actor_of
from jingzhun_web.api.problems import of_error, problem
from jingzhun_web.tokens import answers

HEADER = "Idempotency-Key"
LONGEST = 80
F = TypeVar("F", bound=Callable[..., Any])
Run = Callable[..., HttpResponseBase]

_PARAMETER = {
    "in": "header",
    "name": HEADER,
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST, "pattern": "^[!-~]+$"},
    "description": "Up to 80 characters of your own. The same request with the same key within a day acts "
    "once, and gets the same answer with the header Idempotency-Replayed",
}


def once(function: F) -> F:
    """An operation that takes the header `Idempotency-Key`; put it below the router's decorator."""

    def extend(operation: Operation) -> None:
        operation.openapi_extra = {"parameters": [_PARAMETER]}
        operation.run = _kept(operation.run)  # type: ignore[method-assign]
        # Operations are copied when the API is put together; the copy gets the same.
        operation._run_decorators = [_kept]  # type: ignore[attr-defined]

    contribute_operation_callback(function, extend)
    return function


def _kept(run: Run) -> Run:
    def answered(request: HttpRequest, **arguments: Any) -> HttpResponseBase:
        key, user = request.headers.get(HEADER), actor_of(request).id
        if key is None or not user:
            return run(request, **arguments)
        if not (0 < len(key) <= LONGEST and key.isascii() and key.isprintable() and " " not in key):
            what = "1 to 80 printable ASCII characters without spaces"
            return problem(422, errors=[{"where": f"header.{HEADER}", "what": what}])
        told = answers.request_hash(request.method or "", request.get_full_path(), request.body)
        try:
            known = answers.claimed(user, key, told, at=timezone.now())
        except UserError as error:
            return of_error(request, error)
        if known is not None:
            return _again(known)
        response = run(request, **arguments)
        if isinstance(response, HttpResponse) and response.status_code < HTTPStatus.BAD_REQUEST:
            answers.keep(user, key, status=response.status_code, content=response.content)
        return response

    return answered


def _again(known: answers.Known) -> HttpResponse:
    response = HttpResponse(known.content, status=known.status)
    response["Content-Type"] = "application/json; charset=utf-8"
    response["Idempotency-Replayed"] = "true"
    return response
