"""Pages of one's own tokens."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from jingzhun_web.console.doors import actor_of
from jingzhun_web.console.tokens import presented
from jingzhun_web.console.tokens.forms import TokenForm
from jingzhun_web.tokens import selectors, services


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """One's own tokens; a new one's secret is shown in the answer to its making, and never again."""
    actor = actor_of(request)
    form = TokenForm(request.POST or None, actor=actor)
    made = None
    if form.is_valid():
        made = services.make_token(by=actor, **form.cleaned_data)
        form = TokenForm(actor=actor)
    rows = presented.listed(selectors.of_actor(actor), at=timezone.now())
    return render(request, "tokens/tokens.html", {"rows": rows, "form": form, "made": made})


@login_required
@require_POST
def revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    """End one's own token now."""
    actor = actor_of(request)
    token = get_object_or_404(selectors.of_actor(actor), pk=token_id)
    services.revoke_token(by=actor, token=token)
    messages.success(request, _("The token opens nothing any more"))
    return redirect("tokens")
