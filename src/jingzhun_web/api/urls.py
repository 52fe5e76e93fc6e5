"""Addresses of the API, below /api/."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path, re_path
from ninja.renderers import JSONRenderer

from jingzhun_web.api.described import ABOUT, TITLE, DescribedAPI, Page
from jingzhun_web.api.operations import (
    accounts,
    agreements,
    areas,
    attachments,
    cases,
    changes,
    checked,
    crosschecks,
    evaluations,
    exports,
    figures,
    filters,
    findings,
    households,
    imports,
    jobs,
    log,
    objections,
    oneself,
    public,
    standard,
)
from jingzhun_web.api.problems import problem, tell_problems

VERSION = "1"
TOPICS = (
    oneself,
    areas,
    standard,
    households,
    exports,
    filters,
    attachments,
    changes,
    figures,
    findings,
    crosschecks,
    evaluations,
    cases,
    objections,
    public,
    imports,
    checked,
    agreements,
    jobs,
    accounts,
    log,
)


def _made() -> DescribedAPI:
    api = DescribedAPI(
        title=TITLE,
        version=VERSION,
        description=ABOUT,
        docs=Page(),
        urls_namespace="api",
        renderer=JSONRenderer(),
    )
    for topic in TOPICS:
        api.add_router("", topic.router)
    tell_problems(api)
    return api


def nothing(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Addresses of the API that are none."""
    return problem(404)


api = _made()
urlpatterns: list[URLPattern | URLResolver] = [
    path("", api.urls),
    re_path("^.*$", nothing),
]
