"""The list of households as a file."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.views.decorators.http import require_GET

from jingzhun_web.access.actors import Actor
from jingzhun_web.access.roles import Right
from jingzhun_web.audit import services as audit
from jingzhun_web.console.archives import exporting, listing
from jingzhun_web.console.archives.exporting import Export
from jingzhun_web.console.archives.forms import FilterForm
from jingzhun_web.console.doors import actor_of, acts, streamed
from jingzhun_web.registry import selectors as registry


@acts(Right.EXPORT)
@require_GET
def export(request: HttpRequest, form: str) -> StreamingHttpResponse:
    """The whole list: streamed, never cut; that it began and how it ended stands in the log."""
    if form not in exporting.FORMS:
        raise Http404(form)
    actor, periods = actor_of(request), registry.periods()
    with_names = actor.may(Right.SEE_NAMES)
    given = FilterForm(request.GET or None, periods=periods, by_person=with_names)
    filters = given.filters(periods)
    media_type = exporting.FORMS[form][1]
    audit.record(by=actor.id, act="export", kind="households", object_id=filters.period, form=form)
    made = Export(listing.households(given, filters), with_names)
    rows = streamed(actor, Right.EXPORT, lambda: _logged(actor, made, form, filters.period))
    response = StreamingHttpResponse(rows, content_type=media_type)
    name = f"households-{filters.period}.{form}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _logged(actor: Actor, made: Export, form: str, period: int) -> Iterator[bytes]:
    yield from exporting.FORMS[form][0](made)
    audit.record(
        by=actor.id,
        act="export_finished",
        kind="households",
        object_id=period,
        form=form,
        rows=made.tally.rows,
        sha256=made.tally.sha256,
        with_names=made.with_names,
    )
