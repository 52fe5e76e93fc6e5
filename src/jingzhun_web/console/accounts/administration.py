"""Accounts of one's areas: made, given roles, ended."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jingzhun_web.access import second_factor, selectors, services
from jingzhun_web.access.models import Grant, User
from jingzhun_web.access.roles import Right, Role
from jingzhun_web.console.accounts import presented
from jingzhun_web.console.accounts.forms import GrantForm, NewAccountForm, SearchForm
from jingzhun_web.console.doors import actor_of, acts
from jingzhun_web.console.wording import query_without
from jingzhun_web.kit.paging import page

PAGE_SIZE = 50
ORDER = ("username",)


@acts(Right.MANAGE_ACCOUNTS)
@require_GET
def accounts(request: HttpRequest) -> HttpResponse:
    """Accounts of one's areas."""
    form = SearchForm(request.GET)
    given = form.cleaned_data if form.is_valid() else {}
    found = page(
        selectors.accounts(text=given.get("text", ""), ended=given.get("ended", False)),
        by=ORDER,
        after=request.GET.get("after"),
        size=PAGE_SIZE,
    )
    held = presented.held_by(found.rows)
    names = presented.places([user.area for user in found.rows])
    now = timezone.now()
    context = {
        "form": form,
        "rows": [
            {
                "account": user,
                "place": names[user.area],
                "held": held.get(user.pk, []),
                "is_locked": user.is_locked(at=now),
            }
            for user in found.rows
        ],
        "next": found.next,
        "query": query_without(request, "after"),
    }
    return render(request, "accounts/accounts.html", context)


@acts(Right.MANAGE_ACCOUNTS, Right.SEE_ARCHIVES, Right.SEE_FIGURES)
@require_GET
def own_areas(request: HttpRequest) -> HttpResponse:
    """Areas of one's own whose name holds what was typed, as choices of a field, whatever the field's name."""
    name = next(iter(request.GET), "")
    text = request.GET.get(name, "").strip()
    found = selectors.areas_inside(actor_of(request).scope, text) if text else []
    context = {"areas": found, "places": presented.places([area.code for area in found])}
    return render(request, "accounts/areas.html", context)


@acts(Right.MANAGE_ACCOUNTS)
@never_cache
@require_http_methods(["GET", "POST"])
def new_account(request: HttpRequest) -> HttpResponse:
    """Make an account; its temporary password is shown once."""
    actor = actor_of(request)
    form = NewAccountForm(request.POST or None, scope=actor.scope)
    if not form.is_valid():
        return render(request, "accounts/new.html", {"form": form})
    given, password = form.cleaned_data, services.temporary_password()
    user = services.create_user(
        by=actor,
        username=given["username"],
        display_name=given["display_name"],
        area=given["area"].code,
        password=password,
    )
    return _password_once(request, user, password)


@acts(Right.MANAGE_ACCOUNTS)
@never_cache
@require_GET
def account(request: HttpRequest, user_id: int) -> HttpResponse:
    """One account of one's areas: roles, and what can be done about it."""
    return render(request, "accounts/account.html", _shown(request, _account(request, user_id)))


@acts(Right.MANAGE_ACCOUNTS)
@require_POST
def give_grant(request: HttpRequest, user_id: int) -> HttpResponse:
    """Give an account a role."""
    user, actor = _account(request, user_id), actor_of(request)
    form = GrantForm(request.POST, scope=actor.scope)
    if not form.is_valid():
        return render(request, "accounts/account.html", _shown(request, user, form))
    given = form.cleaned_data
    services.give_grant(
        by=actor,
        user=user,
        role=Role(given["role"]),
        area=given["area"].code,
        until=given["until"],
    )
    messages.success(request, _("The role was given"))
    return redirect("account", user.pk)


@acts(Right.MANAGE_ACCOUNTS)
@require_POST
def revoke_grant(request: HttpRequest, user_id: int, grant_id: int) -> HttpResponse:
    """Take a role back."""
    grant = get_object_or_404(Grant, pk=grant_id, user=user_id, revoked_at=None)
    services.revoke_grant(by=actor_of(request), grant=grant)
    messages.success(request, _("The role was revoked"))
    return redirect("account", user_id)


@acts(Right.MANAGE_ACCOUNTS)
@require_POST
def end_account(request: HttpRequest, user_id: int) -> HttpResponse:
    """Close an account."""
    services.end_user(by=actor_of(request), user=_account(request, user_id))
    messages.success(request, _("The account was ended"))
    return redirect("account", user_id)


@acts(Right.MANAGE_ACCOUNTS)
@never_cache
@require_POST
def reset_password(request: HttpRequest, user_id: int) -> HttpResponse:
    """A new temporary password, shown once."""
    user, password = _account(request, user_id), services.temporary_password()
    services.reset_password(by=actor_of(request), user=user, password=password)
    return _password_once(request, user, password)


@acts(Right.MANAGE_ACCOUNTS)
@require_POST
def reset_second_factor(request: HttpRequest, user_id: int) -> HttpResponse:
    """Take the second factor of somebody away who lost their device."""
    second_factor.reset_device(by=actor_of(request), user=_account(request, user_id))
    messages.success(request, _("The second factor was removed"))
    return redirect("account", user_id)


def _account(request: HttpRequest, user_id: int) -> User:
    """An account that one administers: in one's areas, and not one's own."""
    user = get_object_or_404(User, pk=user_id)
    if user.pk == actor_of(request).id:
        raise PermissionDenied("own account")
    return user


def _shown(request: HttpRequest, user: User, form: GrantForm | None = None) -> dict[str, Any]:
    actor = actor_of(request)
    return {
        "account": user,
        "place": presented.places([user.area])[user.area],
        "held": presented.held_by([user]).get(user.pk, []),
        "is_locked": user.is_locked(at=timezone.now()),
        "is_password_over": user.is_password_over(at=timezone.now()),
        "has_device": second_factor.has_device(user),
        "is_second_factor_used": second_factor.is_used(),
        "form": form or GrantForm(scope=actor.scope),
    }


def _password_once(request: HttpRequest, user: User, password: str) -> HttpResponse:
    context = {"account": user, "password": password}
    return render(request, "accounts/password_once.html", context)
