"""Recovery codes: ten on paper, each good once, for the day on which the device of the second factor is away."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from jingzhun_web.access.models import Authenticator, RecoveryCode, User
from jingzhun_web.audit import services as audit
from jingzhun_web.kit.keys import seals
from jingzhun_web.kit.spoken import GROUP, random_code

MOST_CODES = 10
GROUPS = 3
"""59 bits."""
CODE_LENGTH = GROUPS * GROUP
_BETWEEN = re.compile(r"[\s-]+")


def normal_form(text: str) -> str:
    """A code as it is compared: lower case, without dashes and spaces."""
    return _BETWEEN.sub("", text).lower()


def codes_left(user: User) -> int:
    """How many codes of an account's present device can still be used."""
    device = _device(user)
    return 0 if device is None else _open(device).count()


@transaction.atomic
def make_codes(*, user: User) -> list[str]:
    """New codes for one's own device, to be shown once; the former ones end. PermissionDenied without a device."""
    device = _device(user, is_locked=True)
    if device is None:
        raise PermissionDenied("second factor")
    now = timezone.now()
    _open(device).update(ended_at=now)
    codes = [random_code(GROUPS) for _ in range(MOST_CODES)]
    RecoveryCode.objects.bulk_create(
        RecoveryCode(user=user, device=device.pk, digest=_digest(device, code), made_at=now)
        for code in codes
    )
    _recorded(user, "make_recovery_codes", left=len(codes))
    return codes


@transaction.atomic
def use_code(*, user: User, code: str) -> Any | None:
    """The device that a code stands in for, the code then being spent; None when it is none.

    Wrong ones wait longer each time, together with wrong codes of the device.
    """
    device = _device(user, is_locked=True)
    if device is None:
        return None
    is_allowed, _why = device.verify_is_allowed()
    found = is_allowed and _open(device).filter(digest=_digest(device, code))
    if found and found.update(ended_at=timezone.now()):
        device.throttle_reset()
        _recorded(user, "use_recovery_code", left=_open(device).count())
        return device
    if is_allowed:
        device.throttle_increment()
    _recorded(user, "recovery_code_failed")
    return None


def _device(user: User, *, is_locked: bool = False) -> Any | None:
    # Locked, one of two calls at once waits for the other.
    found = Authenticator.objects.filter(user=user, confirmed=True)
    return (found.select_for_update() if is_locked else found).first()


def _open(device: Any) -> Any:
    return RecoveryCode.objects.filter(user=device.user_id, device=device.pk, ended_at=None)


def _digest(device: Any, code: str) -> bytes:
    return seals().index(f"recovery code of {device.user_id}/{device.pk}: {normal_form(code)}")


def _recorded(user: User, act: str, **detail: int) -> None:
    audit.record(by=user.pk, act=act, kind="user", object_id=user.pk, area=user.area, **detail)
