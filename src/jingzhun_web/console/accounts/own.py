"""One's own account: password, second factor, sessions."""

from __future__ import annotations

from typing import Any

import segno
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.contrib.auth.password_validation import password_validators_help_texts
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jingzhun_web.access import recovery, second_factor, selectors, services, sign_ins
from jingzhun_web.access.models import SignIn, User
from jingzhun_web.console.accounts import presented
from jingzhun_web.console.accounts.forms import CodeForm, PasswordForm, PresentPasswordForm
from jingzhun_web.console.accounts.gate import account_of
from jingzhun_web.console.accounts.views import next_address
from jingzhun_web.console.doors import actor_of

FEW_CODES = 2
"""So many recovery codes left, or fewer, are told as a warning."""


@login_required
@never_cache
@require_GET
def own_account(request: HttpRequest) -> HttpResponse:
    """Who one is here: roles, second factor, sessions."""
    user = account_of(request)
    actor = actor_of(request)
    key = request.session.session_key
    context = {
        "account": user,
        "held": presented.held_by([user])[user.pk],
        "is_second_factor_used": second_factor.is_used(),
        "is_obligatory": second_factor.is_obligatory(actor),
        "has_device": second_factor.has_device(user),
        "codes_left": recovery.codes_left(user),
        "few_codes": FEW_CODES,
        "sign_ins": [
            {"row": row, "is_this": row.key == key}
            for row in selectors.open_sign_ins(user, at=timezone.now())
        ],
        "password_form": PresentPasswordForm(user=user),
        "codes_form": PresentPasswordForm(user=user, auto_id="codes_%s"),
    }
    return render(request, "accounts/own.html", context)


@login_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """A new password for oneself; all other sessions end."""
    user = account_of(request)
    is_forced = user.must_change_password
    form = PasswordForm(request.POST or None, user=user)
    if form.is_valid():
        given = form.cleaned_data
        services.change_password(user=user, old=given["old"], new=given["new"])
        _stay_signed_in(request, user)
        messages.success(request, _("Your password was changed; your other sessions have ended"))
        return redirect(next_address(request) if is_forced else "own-account")
    context = {
        "form": form,
        "rules": password_validators_help_texts(),
        "is_forced": is_forced,
        "next": request.GET.get("next") or request.POST.get("next", ""),
    }
    return render(request, "accounts/password.html", context)


def _stay_signed_in(request: HttpRequest, user: User) -> None:
    # The session goes on under a new key; the others no longer fit the password.
    old = request.session.session_key or ""
    update_session_auth_hash(request, user)
    sign_ins.note_new_key(user=user, old=old, new=request.session.session_key or "")
    sign_ins.end_other_sign_ins(by=actor_of(request), key=request.session.session_key or "")


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def second_factor_page(request: HttpRequest) -> HttpResponse:
    """Setting up the second factor: a picture for the person's device, and its first code."""
    user = account_of(request)
    if not second_factor.is_used() or second_factor.has_device(user):
        return redirect("own-account")
    form = CodeForm(request.POST or None)
    if form.is_valid():
        device = second_factor.confirm_device(user=user, code=form.cleaned_data["code"])
        if device is not None:
            second_factor.keep_verified(request, device)
            # Those began without a code.
            sign_ins.end_other_sign_ins(by=actor_of(request), key=request.session.session_key or "")
            return _codes_once(request, user, is_new=True)
        form.add_error("code", _("This code is not right, or too many were tried: wait a minute"))
    return render(request, "accounts/second_factor.html", _set_up(request, user, form))


def _set_up(request: HttpRequest, user: User, form: CodeForm) -> dict[str, Any]:
    device = second_factor.device_to_confirm(user=user)
    return {
        "form": form,
        "picture": segno.make(device.config_url).svg_data_uri(scale=5, border=2, light="#fff"),
        "secret": second_factor.secret_text(device),
        "is_obligatory": second_factor.is_obligatory(actor_of(request)),
        "next": request.GET.get("next") or request.POST.get("next", ""),
    }


def _codes_once(request: HttpRequest, user: User, *, is_new: bool) -> HttpResponse:
    codes = recovery.make_codes(user=user)
    address = next_address(request) if is_new else reverse("own-account")
    context = {"codes": codes, "is_new": is_new, "next": address}
    return render(request, "accounts/recovery_once.html", context)


@login_required
@never_cache
@sensitive_post_parameters()
@require_POST
def renew_recovery_codes(request: HttpRequest) -> HttpResponse:
    """New recovery codes, shown once; the former ones end."""
    user = account_of(request)
    if not second_factor.has_device(user):
        return redirect("own-account")
    if not PresentPasswordForm(request.POST, user=user).is_valid():
        messages.error(request, _("The present password is not right"))
        return redirect("own-account")
    return _codes_once(request, user, is_new=False)


@login_required
@sensitive_post_parameters()
@require_POST
def remove_second_factor(request: HttpRequest) -> HttpResponse:
    """Give up one's device, to set up another one."""
    user = account_of(request)
    if not PresentPasswordForm(request.POST, user=user).is_valid():
        messages.error(request, _("The present password is not right"))
        return redirect("own-account")
    second_factor.remove_own_device(user=user)
    messages.success(request, _("Your second factor was removed"))
    return redirect("own-account")


@login_required
@require_POST
def end_sign_in(request: HttpRequest, sign_in_id: int) -> HttpResponse:
    """Sign one of one's own sessions out."""
    found = get_object_or_404(SignIn, pk=sign_in_id)
    sign_ins.end_sign_in(by=actor_of(request), sign_in=found)
    return redirect("own-account")


@login_required
@require_POST
def end_other_sign_ins(request: HttpRequest) -> HttpResponse:
    """Sign all of one's own sessions out but this one."""
    key = request.session.session_key or ""
    ended = sign_ins.end_other_sign_ins(by=actor_of(request), key=key)
    messages.success(request, _("Sessions that were ended: %d") % ended)
    return redirect("own-account")
