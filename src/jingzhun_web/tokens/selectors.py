"""Reads of tokens."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta

import psycopg
from django.db import connection
from django.db.models import QuerySet

from jingzhun_web.access.actors import Actor, Held
from jingzhun_web.access.roles import Right, Role
from jingzhun_web.tokens.bearer import Bearer, narrowed
from jingzhun_web.tokens.models import Token

MARK = "jz_"
_HOLDER = "SELECT * FROM token_holder(%s, %s, %s)"
_USED_WITHIN = timedelta(hours=1)
_RIGHTS = {right.value: right for right in Right}


def digest(secret: str) -> bytes:
    """What is kept of a secret; it is random, so that no slow hash is needed."""
    return hashlib.sha256(secret.encode()).digest()


def of_actor(actor: Actor) -> QuerySet[Token]:
    """One's own tokens, newest first."""
    return Token.objects.filter(user_id=actor.id).order_by("-id")


def bearer(secret: str, *, on: date, at: datetime) -> Bearer | None:
    """Who acts with a secret, with what is left of the owner's grants on a day; None: nobody. One query."""
    if not secret.startswith(MARK):
        return None
    connection.ensure_connection()
    with psycopg.Cursor(connection.connection) as cursor:
        row = cursor.execute(_HOLDER, [digest(secret), on, at], prepare=True).fetchone()
        if row is None:
            return None
        token, used, rights, areas, user, name, language, roles, places = row
        if used is None or at - used > _USED_WITHIN:
            cursor.execute("SELECT token_used(%s, %s)", [token, at])
    held = (Held(Role(r), f"{a:012d}") for r, a in zip(roles, places, strict=True))
    allowed = frozenset(_RIGHTS[right] for right in rights if right in _RIGHTS)
    inside = narrowed(held, [f"{area:012d}" for area in areas])
    return Bearer(user, name, inside, allowed, token, language)
