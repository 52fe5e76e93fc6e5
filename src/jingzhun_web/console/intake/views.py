"""Pages of imports, from the file to the archive."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jingzhun.errors import UserError
from jingzhun_web.access.actors import Actor
from jingzhun_web.access.roles import Right
from jingzhun_web.console.doors import actor_of, acts
from jingzhun_web.console.intake import presented
from jingzhun_web.console.intake.forms import RefuseForm, UploadForm, table_label
from jingzhun_web.exchange import checking, lineage, mappings, services, staging
from jingzhun_web.exchange.differences import KINDS
from jingzhun_web.exchange.models import Import
from jingzhun_web.jobs.models import Job
from jingzhun_web.registry.applying import MODELS
from jingzhun_web.registry.selectors import periods

SHOWN, PAGE_SIZE = 50, 25
Act = Callable[..., Import | Job]
ACTS: dict[str, Act] = {
    "check": services.check_import,
    "propose": services.propose_import,
    "withdraw": services.withdraw_import,
    "approve": services.approve_import,
    "apply": services.apply_import,
}


@acts(Right.IMPORT)
@require_GET
def imports(request: HttpRequest) -> HttpResponse:
    """The latest imports of one's areas, those that wait for somebody first."""
    found = sorted(Import.objects.order_by("-id")[:SHOWN], key=lambda batch: not batch.is_open)
    rows = [{"batch": batch, "who": presented.person(batch.uploaded_by)} for batch in found]
    return render(request, "intake/imports.html", {"rows": rows})


@acts(Right.IMPORT)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Hand files in."""
    actor = actor_of(request)
    is_sent = request.method == "POST"
    form = UploadForm(
        request.POST if is_sent else None,
        request.FILES if is_sent else None,
        actor=actor,
        periods=periods(),
    )
    if is_sent and form.is_valid():
        with _told(form):
            batch = services.upload(
                by=actor,
                area=form.cleaned_data["area"],
                period=form.cleaned_data["period"],
                table=form.cleaned_data["table"],
                given=form.given(),
            )
            return redirect("import-mapping", batch.pk)
    return render(request, "intake/new.html", {"form": form})


@acts(Right.IMPORT)
@require_GET
def one(request: HttpRequest, import_id: int) -> HttpResponse:
    """One import: where it stands, what the check found, and what can be done now."""
    batch = get_object_or_404(Import, pk=import_id)
    context = presented.detail(batch, actor_of(request))
    return render(request, "intake/import.html", {**context, "refuse": RefuseForm()})


@acts(Right.IMPORT)
@require_http_methods(["GET", "POST"])
def mapping(request: HttpRequest, import_id: int) -> HttpResponse:
    """Which column of the file fills which field, in which unit and codes."""
    batch = get_object_or_404(Import, pk=import_id)
    draft, error = batch.mapping, None
    if request.method == "POST":
        given = {name: str(value) for name, value in request.POST.items()}
        try:
            draft = _draft(batch.mapping, given)
            services.map_import(by=actor_of(request), batch=batch, mapping=draft)
        except UserError as refused:
            error = refused
        else:
            return redirect("import", batch.pk)
    named = list(batch.files.values_list("name", "sha256"))
    with staging.opened_files(named) as paths:
        tables = [
            {
                "part": part,
                "headers": mappings.headers(paths, part),
                "lines": list(mappings.lines(part)),
            }
            for part in draft["tables"]
        ]
    for table in tables:
        table["label"] = table_label(str(table["part"]["table"]))
    context = {
        "batch": batch,
        "tables": tables,
        "error": error,
        "text": json.dumps(draft, ensure_ascii=False, indent=2),
    }
    return render(request, "intake/mapping.html", context)


def _draft(before: dict[str, Any], given: dict[str, str]) -> dict[str, Any]:
    """The mapping out of the form, or out of the text where that was sent."""
    if "text" not in given:
        return mappings.edited(before, given)
    try:
        draft = json.loads(given["text"])
    except ValueError as error:
        raise services.IntakeError(
            _("The text is not JSON"), do=_("Correct it, or use the form")
        ) from error
    if not isinstance(draft, dict) or not isinstance(draft.get("tables"), list):
        raise services.IntakeError(_("The text names no tables"), do=_("Use the form"))
    return draft


@acts(Right.IMPORT)
@require_POST
def act(request: HttpRequest, import_id: int, act: str) -> HttpResponse:
    """One step with an import; those that take long are jobs."""
    batch = get_object_or_404(Import, pk=import_id)
    actor = actor_of(request)
    if act == "refuse":
        return _refused(request, actor, batch)
    if act not in ACTS:
        raise Http404
    found = ACTS[act](by=actor, batch=batch)
    return redirect("job", found.pk) if isinstance(found, Job) else redirect("import", batch.pk)


def _refused(request: HttpRequest, actor: Actor, batch: Import) -> HttpResponse:
    form = RefuseForm(request.POST)
    if form.is_valid():
        services.refuse_import(by=actor, batch=batch, reason=form.cleaned_data["reason"])
        return redirect("import", batch.pk)
    context = presented.detail(batch, actor)
    return render(request, "intake/import.html", {**context, "refuse": form})


@acts(Right.IMPORT)
@require_GET
def difference(request: HttpRequest, import_id: int, table: str, kind: str) -> HttpResponse:
    """What would change, page by page."""
    batch = get_object_or_404(Import, pk=import_id)
    counts = (batch.report or {}).get("difference", {}).get(table)
    if counts is None or kind not in KINDS:
        raise Http404
    text = request.GET.get("page", "1")
    number = max(1, int(text)) if text.isdigit() else 1
    start = (number - 1) * PAGE_SIZE
    found = next(d for d in checking.read_differences(batch) if d.table == table)
    context = {
        "batch": batch,
        "table": table,
        "label": table_label(table),
        "kind": kind,
        "kinds": KINDS,
        "counts": counts,
        "rows": presented.differing(found, kind, start, PAGE_SIZE),
        "page": number,
        "has_more": start + PAGE_SIZE < counts[kind],
    }
    return render(request, "intake/difference.html", context)


@acts(Right.IMPORT)
@require_GET
def rejects(request: HttpRequest, import_id: int, table: str) -> HttpResponse:
    """The rejected rows as they were, each with its reasons; corrected, they can be handed in again."""
    batch = get_object_or_404(Import, pk=import_id)
    try:
        data = checking.read_rejects(by=actor_of(request), batch=batch, table=table)
    except KeyError as error:
        raise Http404 from error
    response = HttpResponse(data, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="rejected-{batch.pk}-{table}.csv"'
    return response


@acts(Right.IMPORT)
@require_GET
def origin(request: HttpRequest, table: str, key: str, period: int) -> HttpResponse:
    """From which file and row each value of a household or person comes."""
    if table not in MODELS:
        raise Http404
    try:
        found = lineage.origins(table, key, period)
    except MODELS[table].DoesNotExist as error:
        raise Http404 from error
    context = {
        "key": key,
        "period": period,
        "label": table_label(table),
        "rows": presented.origins(table, found),
    }
    return render(request, "intake/origin.html", context)


@contextmanager
def _told(form: UploadForm) -> Iterator[None]:
    """What can't be done is told at the form, which stays filled in."""
    try:
        yield
    except UserError as error:
        form.add_error(None, error.sentence)
