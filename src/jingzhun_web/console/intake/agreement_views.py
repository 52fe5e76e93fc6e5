"""Pages of agreements with departments."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from jingzhun.errors import UserError
from jingzhun_web.access.roles import Right
from jingzhun_web.console.doors import actor_of, acts
from jingzhun_web.console.intake.forms import AgreementForm, table_label
from jingzhun_web.exchange import agreements as services
from jingzhun_web.exchange.models import Agreement


@acts(Right.IMPORT)
@require_http_methods(["GET", "POST"])
def agreements(request: HttpRequest) -> HttpResponse:
    """Agreements that touch one's areas, and a form for another."""
    actor = actor_of(request)
    form = AgreementForm(request.POST if request.method == "POST" else None, actor=actor)
    if form.is_bound and form.is_valid():
        try:
            services.make_agreement(by=actor, **form.cleaned_data)
        except UserError as error:
            form.add_error(None, error.sentence)
        else:
            return redirect("agreements")
    today = timezone.localdate()
    rows = [
        {
            "agreement": found,
            "tables": [table_label(name) for name in found.tables],
            "holds": found.ended_at is None and found.valid_from <= today < found.valid_until,
            "may_end": found.ended_at is None and actor.may(Right.IMPORT, found.area),
        }
        for found in Agreement.objects.order_by("-id")
    ]
    return render(request, "intake/agreements.html", {"rows": rows, "form": form})


@acts(Right.IMPORT)
@require_POST
def end(request: HttpRequest, agreement_id: int) -> HttpResponse:
    """End an agreement from now on."""
    found = get_object_or_404(Agreement, pk=agreement_id)
    services.end_agreement(by=actor_of(request), agreement=found)
    return redirect("agreements")
