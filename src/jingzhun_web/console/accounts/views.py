"""Signing in and out, and the second step of signing in."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from django.views.i18n import set_language

from jingzhun_web.access import recovery, second_factor, services, sign_ins
from jingzhun_web.access.models import User
from jingzhun_web.console.accounts.forms import CodeForm, RecoveryForm, SignInForm
from jingzhun_web.console.accounts.gate import ASKED, account_of, is_verified
from jingzhun_web.console.doors import actor_of

LANGUAGES = frozenset(code for code, _name in settings.LANGUAGES)


class SignIn(auth.LoginView):
    """Signing in."""

    template_name = "accounts/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def form_valid(self, form: SignInForm) -> HttpResponse:  # type: ignore[override]
        """Signed in: kept in the log, in the language of the account."""
        response: HttpResponse = super().form_valid(form)
        user, session = form.get_user(), self.request.session
        assert isinstance(user, User)  # noqa: S101  (tells mypy)
        session.save()
        agent = self.request.headers.get("User-Agent", "")
        sign_ins.note_sign_in(user=user, key=session.session_key or "", agent=agent)
        if second_factor.is_used() and second_factor.has_device(user):
            session[ASKED] = True
        if user.language in LANGUAGES:
            response.set_cookie(settings.LANGUAGE_COOKIE_NAME, user.language, samesite="Lax")
        return response


@method_decorator(never_cache, name="dispatch")
class SignOut(auth.LogoutView):
    """Signing out; the settings say where to."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Signed out, and kept in the log."""
        if isinstance(request.user, User):
            sign_ins.note_sign_out(user=request.user, key=request.session.session_key or "")
        response: HttpResponse = super().post(request, *args, **kwargs)
        return response


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """The code of the second factor, where one is due; a recovery code instead where the device is away."""
    user = account_of(request)
    if is_verified(request) or not second_factor.has_device(user):
        request.session.pop(ASKED, None)
        return redirect(next_address(request))
    is_recovery = "recovery" in request.POST
    form = CodeForm(None if is_recovery else request.POST or None)
    recovery_form = RecoveryForm(request.POST if is_recovery else None)
    given = recovery_form if is_recovery else form
    if given.is_valid():
        device = _device_of(request, user, given)
        if device is not None:
            second_factor.keep_verified(request, device)
            return redirect(next_address(request))
        given.add_error(None, _("This code is not right, or too many were tried: wait a minute"))
    context = {
        "form": form,
        "recovery_form": recovery_form,
        "next": request.GET.get("next") or request.POST.get("next", ""),
    }
    return render(request, "accounts/code.html", context)


def _device_of(request: HttpRequest, user: User, form: CodeForm | RecoveryForm) -> Any | None:
    """The device whose present code was typed, or one of its recovery codes; None when it was neither."""
    if isinstance(form, CodeForm):
        return second_factor.verify_code(user=user, code=form.cleaned_data["code"])
    device = recovery.use_code(user=user, code=form.cleaned_data["recovery"])
    if device is not None:
        left = recovery.codes_left(user)
        messages.warning(request, _("A recovery code was used up. Codes left: %d") % left)
    return device


@require_POST
def language(request: HttpRequest) -> HttpResponseBase:
    """The language of the pages, remembered with the account."""
    chosen = request.POST.get("language", "")
    actor = actor_of(request)
    if actor.id and chosen in LANGUAGES:
        services.choose_language(by=actor, language=chosen)
    return set_language(request)


def next_address(request: HttpRequest) -> str:
    """Where to go on: the page that was asked for first, on this machine; the overview otherwise."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_ours else reverse("home")
