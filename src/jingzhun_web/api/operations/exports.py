"""The list of households as a file."""

from __future__ import annotations

from typing import Literal

from django.http import HttpRequest, StreamingHttpResponse
from ninja import Query, Router

from jingzhun_web.access.roles import Right
from jingzhun_web.api.doors import actor_of, acts
from jingzhun_web.api.files import file_of, tell_file
from jingzhun_web.api.schemas.narrowed import Narrowed, filters
from jingzhun_web.crosscheck.households import households
from jingzhun_web.registry import exporting, exports

router = Router(tags=["households"])


@router.get(
    "/exports/households/{form}",
    auth=acts(Right.EXPORT),
    openapi_extra=file_of(*(media_type for _write, media_type in exporting.FORMS.values())),
)
def export_households(
    request: HttpRequest,
    form: Literal[tuple(exporting.FORMS)],  # type: ignore[valid-type]
    wanted: Query[Narrowed],
) -> StreamingHttpResponse:
    """The whole list of the areas where you may export: streamed, never cut; rows and a checksum at its end.

    Names go with it for those who see names. That it was exported stands in the log.
    """
    actor = actor_of(request)
    narrowed = filters(wanted, actor)
    file = exports.export_households(
        by=actor, rows=households(narrowed, wanted.finding), period=narrowed.period, form=form
    )
    response = StreamingHttpResponse(file, content_type=exporting.FORMS[form][1])
    tell_file(response, f"households-{narrowed.period}.{form}")
    return response
