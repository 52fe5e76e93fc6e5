"""Writing and verifying the log. PostgreSQL writes it, so that nobody can leave the chain out."""

from __future__ import annotations

import json
from typing import Any

from django.db import connection


def record(
    *, by: int, act: str, kind: str, object_id: object, area: int = 0, **detail: Any
) -> None:
    """Append an entry in the present transaction; it stands only when the act does."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT audit_append(%s, %s, %s, %s, %s, %s::jsonb)",
            [by, act, kind, str(object_id), area, json.dumps(detail, sort_keys=True)],
        )


def first_break() -> int | None:
    """The id of the first entry whose hash or chain is wrong; None when the whole log is whole."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_first_break()")
        found = cursor.fetchone()
    return None if found is None or found[0] is None else int(found[0])


def verify(*, by: int, area: int) -> int | None:
    """`first_break` on behalf of somebody, which is an entry itself."""
    broken = first_break()
    found = "whole" if broken is None else f"broken at {broken}"
    record(by=by, act="verify_log", kind="log", object_id=found, area=area)
    return broken
