"""The description of the API (OpenAPI), and the page that shows it from files of our own."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from ninja import NinjaAPI
from ninja.openapi.docs import DocsBase
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from pydantic import TypeAdapter

from jingzhun_web.api.problems import MEDIA_TYPE, Problem

TITLE = "Jingzhun"
ABOUT = """\
Everything that the pages do, as JSON. Send a token made on the page Tokens: `Authorization: Bearer jz_…`. It acts
as its owner, with the rights and in the areas chosen for it, and never with more than the owner holds now.

* Rows are those of your areas; what lies outside is answered as if it did not exist.
* Lists are paged: follow `next` until it is null. The order is stable.
* Every refusal is `application/problem+json` with `title`, `detail` (why) and `do` (what to do).
* Names, document numbers, telephones and accounts are direct identifiers: masked, in full only for a reason.
* Null means not known, never zero. Amounts are integer yuan.
"""


class Page(DocsBase):
    """Swagger UI from the library's own files: no script in the page, nothing from elsewhere."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        """The page."""
        settings = {
            "url": self.get_openapi_url(api, kwargs),
            "layout": "BaseLayout",
            "deepLinking": True,
        }
        return render(request, "api/docs.html", {"title": api.title, "settings": settings})


class DescribedAPI(NinjaAPI):
    """An API whose description tells that every operation may answer with a problem."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """The function's name; a test holds them apart."""
        return operation.view_func.__name__

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        """The description."""
        found = super().get_openapi_schema(**options)
        made = TypeAdapter(Problem).json_schema(ref_template="#/components/schemas/{model}")
        schemas = found["components"]["schemas"]
        schemas.update(made.pop("$defs", {}))
        schemas["Problem"] = made
        for operations in found["paths"].values():
            for operation in operations.values():
                operation["responses"]["default"] = {
                    "description": "Refused, and why",
                    "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
                }
        return found
