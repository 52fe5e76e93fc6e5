"""Acts on one's own tokens."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jingzhun.errors import UserError
from jingzhun_web.access.actors import Actor
from jingzhun_web.access.roles import Right
from jingzhun_web.audit import services as audit
from jingzhun_web.tokens.bearer import Bearer
from jingzhun_web.tokens.models import LONGEST_DAYS, Token
from jingzhun_web.tokens.selectors import MARK, digest

MOST = 20
_BYTES = 32


class TokenError(UserError):
    """A token can't be made as asked for."""


@dataclass(frozen=True)
class Made:
    """A new token and its secret, which nobody can look up later."""

    token: Token
    secret: str


@transaction.atomic
def make_token(
    *, by: Actor, name: str, rights: Collection[Right], areas: Collection[int], days: int
) -> Made:
    """Make a token for oneself: some of one's rights in some of one's areas, for so many days.

    PermissionDenied for rights and areas that one does not hold, and for who acts through a token. TokenError
    when nothing is chosen, the time is too long, or there are too many already.
    """
    if isinstance(by, Bearer) or not all(by.may(right) for right in rights):
        raise PermissionDenied("token")
    if not all(by.scope.contains(f"{area:012d}") for area in areas):
        raise PermissionDenied("token")
    _must_be_sensible(by, rights, areas, days)
    secret = MARK + secrets.token_urlsafe(_BYTES)
    token = Token.objects.create(
        user_id=by.id,
        name=name.strip(),
        hash=digest(secret),
        rights=sorted(right.value for right in rights),
        areas=sorted(areas),
        expires_at=timezone.now() + timedelta(days=days),
    )
    _recorded(by, "make_token", token, rights=token.rights, days=days)
    return Made(token, secret)


def _must_be_sensible(
    by: Actor, rights: Collection[Right], areas: Collection[int], days: int
) -> None:
    if not rights or not areas:
        raise TokenError(
            _("A token needs a right and an area"), do=_("Choose at least one of each")
        )
    if not 1 <= days <= LONGEST_DAYS:
        raise TokenError(_("A token lasts between 1 and %d days") % LONGEST_DAYS)
    valid = Token.objects.filter(user_id=by.id, revoked_at=None, expires_at__gt=timezone.now())
    if valid.count() >= MOST:
        raise TokenError(
            _("You have %d tokens already") % MOST, do=_("Revoke those that nobody uses")
        )


@transaction.atomic
def revoke_token(*, by: Actor, token: Token) -> None:
    """End one's own token now; once ended it stays so."""
    if token.user_id != by.id:
        raise PermissionDenied("token")
    if Token.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now()):
        _recorded(by, "revoke_token", token)


def _recorded(by: Actor, act: str, token: Token, **detail: Any) -> None:
    """An entry for every area that the token opens, so that those who watch it read of it."""
    for area in token.areas:
        audit.record(by=by.id, act=act, kind="token", object_id=token.pk, area=int(area), **detail)
