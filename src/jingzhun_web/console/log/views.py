"""Pages of the audit log."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from jingzhun_web.access.roles import Right
from jingzhun_web.audit.models import Entry
from jingzhun_web.console.doors import acts


@acts(Right.SEE_AUDIT)
@require_GET
def log(request: HttpRequest) -> HttpResponse:
    """The audit log of one's areas, newest first."""
    return render(request, "log/log.html", _entries(request.GET.get("before")))


def _entries(before: str | None) -> dict[str, Any]:
    """Entries of the audit log, newest first."""
    found = Entry.objects.order_by("-id")
    if before and before.isdigit():
        found = found.filter(id__lt=int(before))
    rows = list(found[:100])
    return {"entries": rows, "before": rows[-1].pk if len(rows) == 100 else None}
