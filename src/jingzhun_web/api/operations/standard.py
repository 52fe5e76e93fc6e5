"""The data standard's code lists, so that programs can put codes into words."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Router

from jingzhun.standard import schema
from jingzhun_web.api.doors import acts
from jingzhun_web.api.listing import as_json
from jingzhun_web.api.schemas.register import CodeListOut

router = Router(tags=["standard"])


@router.get("/codes", response=list[CodeListOut], auth=acts())
def codes(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Every code list: what is stored, and its names in English and Chinese."""
    return as_json(
        [
            {
                "name": one.list,
                "en": one.label.en,
                "zh": one.label.zh,
                "source": one.source,
                "values": [{"code": v.code, "en": v.en, "zh": v.zh} for v in one.values],
            }
            for one in schema.code_lists().values()
        ]
    )
