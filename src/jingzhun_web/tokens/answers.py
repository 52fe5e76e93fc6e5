"""The same request twice acts once: its answer is kept with the act, in the same transaction."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from jingzhun.errors import UserError
from jingzhun_web.kit.keys import seals
from jingzhun_web.tokens.models import Answer

KEPT = timedelta(hours=24)


class KeyReusedError(UserError):
    """An idempotency key came with another request before."""


@dataclass(frozen=True)
class Known:
    """An answer given before."""

    status: int
    content: bytes


def request_hash(method: str, address: str, body: bytes) -> bytes:
    """What tells two requests apart."""
    return hashlib.sha256(f"{method} {address}\n".encode() + body).digest()


def claimed(user: int, key: str, request: bytes, *, at: datetime) -> Known | None:
    """Claim a key for this transaction; the answer when the same request has been answered.

    Somebody who claims it at the same moment waits until this transaction ends. KeyReusedError when another
    request had it in the last day.
    """
    mine = Answer(user_id=user, key=key, request=request, created_at=at)
    Answer.objects.bulk_create([mine], ignore_conflicts=True)
    found = Answer.objects.select_for_update().get(user_id=user, key=key)
    if not found.status:
        return None
    if at - found.created_at > KEPT:
        Answer.objects.filter(pk=found.pk).update(request=request, created_at=at, status=0)
        return None
    if bytes(found.request) != request:
        raise KeyReusedError(
            _("This idempotency key was used for another request"),
            do=_("Make a new key for every new request"),
        )
    return Known(found.status, seals().open_bytes(bytes(found.content)))


def keep(user: int, key: str, *, status: int, content: bytes) -> None:
    """Keep the answer of a claimed key."""
    Answer.objects.filter(user_id=user, key=key).update(
        status=status, content=seals().seal_bytes(content)
    )
