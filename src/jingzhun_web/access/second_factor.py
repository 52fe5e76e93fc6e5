"""The second factor: a code of the moment from the person's own device (TOTP, RFC 6238)."""

from __future__ import annotations

import secrets
from base64 import b32encode
from typing import Any

import django_otp
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest

from jingzhun_web.access.actors import Actor
from jingzhun_web.access.models import Authenticator, User, sealed_key
from jingzhun_web.access.roles import Right
from jingzhun_web.access.services import must_lie_inside
from jingzhun_web.audit import services as audit
from jingzhun_web.kit.environment import environment

# The library has no types.
_verify: Any = django_otp.verify_token
_login: Any = django_otp.login
KEY_BYTES = 20


def is_used() -> bool:
    """Whether this installation knows second factors at all."""
    return environment().second_factor != "off"


def is_obligatory(actor: Actor) -> bool:
    """Whether somebody must have one, as the settings say."""
    mode = environment().second_factor
    if mode == "everybody":
        return actor.id != 0
    return mode == "identifiers" and actor.may(Right.REVEAL_IDENTIFIERS)


def has_device(user: User) -> bool:
    """Whether an account has a device that was confirmed with a code."""
    return bool(Authenticator.objects.filter(user=user, confirmed=True).exists())


def keep_verified(request: HttpRequest, device: Any) -> None:
    """Let the session go on as one that gave a code."""
    _login(request, device)


@transaction.atomic
def device_to_confirm(*, user: User) -> Any:
    """The device that is being set up; made at the first call, the same until confirmed."""
    # One of two calls at once waits for the other.
    User.objects.select_for_update().get(pk=user.pk)
    found = Authenticator.objects.filter(user=user, confirmed=False).first()
    return found or Authenticator.objects.create(
        user=user, name="totp", confirmed=False, key=sealed_key(secrets.token_bytes(KEY_BYTES))
    )


def secret_text(device: Any) -> str:
    """The key of a device as it is typed where no picture can be taken."""
    text = b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


@transaction.atomic
def confirm_device(*, user: User, code: str) -> Any | None:
    """Take the device into use when the code is right; None otherwise. Failures wait longer each time."""
    if has_device(user):
        raise PermissionDenied("second factor")
    device = Authenticator.objects.select_for_update().filter(user=user, confirmed=False).first()
    if device is None or not device.verify_token(code):
        return None
    device.confirmed = True
    device.save(update_fields=["confirmed"])
    _recorded(user, "confirm_second_factor", by=user.pk)
    return device


@transaction.atomic
def verify_code(*, user: User, code: str) -> Any | None:
    """The device whose present code it is; None otherwise. Failures are logged and wait longer each time."""
    device = Authenticator.objects.filter(user=user, confirmed=True).first()
    found = device and _verify(user, device.persistent_id, code)
    _recorded(user, "second_factor" if found else "second_factor_failed", by=user.pk)
    return found or None


@transaction.atomic
def remove_own_device(*, user: User) -> None:
    """Give up one's own device, to set up another one."""
    Authenticator.objects.filter(user=user).delete()
    _recorded(user, "remove_second_factor", by=user.pk)


@transaction.atomic
def reset_device(*, by: Actor, user: User) -> None:
    """Take the device of an account away that lost it. AccessError when it holds a role outside one's areas."""
    by.must(Right.MANAGE_ACCOUNTS, user.area)
    if user.pk == by.id:
        raise PermissionDenied("own account")
    must_lie_inside(user)
    Authenticator.objects.filter(user=user).delete()
    _recorded(user, "reset_second_factor", by=by.id)


def _recorded(user: User, act: str, *, by: int) -> None:
    audit.record(by=by, act=act, kind="user", object_id=user.pk, area=user.area)
