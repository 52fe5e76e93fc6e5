"""All findings of an area and rule sent down the tree in one step."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jingzhun_web.access.actors import Actor
from jingzhun_web.access.roles import Right
from jingzhun_web.areas.models import Level
from jingzhun_web.audit import services as audit
from jingzhun_web.crosscheck import packs
from jingzhun_web.crosscheck.permitted import MoveError
from jingzhun_web.crosscheck.states import State
from jingzhun_web.kit.scope import span

TARGETS = {Level.TOWNSHIP: 10**3, Level.VILLAGE: 1}
"""Level that findings are sent to -> how many codes one of its areas has."""
RIGHTS = {Level.TOWNSHIP: Right.APPROVE_CHANGES, Level.VILLAGE: Right.REVIEW_CHANGES}

_SEND = """
WITH sent AS (
  UPDATE crosscheck_finding SET state = %(to)s, assigned_to = 0,
    assigned_area = area / %(unit)s * %(unit)s,
    due = CASE WHEN %(due)s::date IS NOT NULL THEN %(due)s::date
               WHEN deadline >= %(today)s THEN deadline ELSE %(later)s END
  WHERE period = %(period)s AND rule = %(rule)s AND area BETWEEN %(low)s AND %(high)s
    AND area %% 1000000 <> 0 AND engine_state <> 'withdrawn'
    AND (state = ANY(%(states)s))
    AND (state = 'found' OR assigned_area IS DISTINCT FROM area / %(unit)s * %(unit)s)
    AND (state = 'found' OR assigned_area %% 1000 = 0)
  RETURNING id, area, assigned_area
)
INSERT INTO crosscheck_event (finding_id, area, at, by, act, from_state, to_state, note, detail)
SELECT id, area, now(), %(by)s, 'dispatch', '', %(to)s, '', jsonb_build_object('area', assigned_area)
FROM sent
"""


@transaction.atomic
def dispatch_all(
    *, by: Actor, area: int, rule: str, period: int, level: Level, due: date | None = None
) -> int:
    """Send all findings of a rule in an area to their township or village; returned is how many.

    Those that were there, or lower, already stay; those of whom the county alone is known are sent one by one.
    """
    by.must(Right.WORK_FINDINGS, area)
    if level not in TARGETS:
        raise MoveError(_("Findings are sent to townships or villages"), do=_("Choose one of them"))
    if not by.may(Right.APPROVE_CHANGES, area):
        by.must(RIGHTS[level], area)
    is_county = by.may(Right.APPROVE_CHANGES, area)
    today = timezone.localdate()
    low, high = span(f"{area:012d}")
    given: dict[str, Any] = {
        "to": State.DISPATCHED.value,
        "unit": TARGETS[level],
        "due": due,
        "today": today,
        "later": today + timedelta(days=packs.days(rule)),
        "period": period,
        "rule": rule,
        "low": low,
        "high": high,
        # What nobody dispatched yet is the county's to dispatch.
        "states": ["found", "dispatched"] if is_county else ["dispatched"],
        "by": by.id,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SEND, given)
        count = int(cursor.rowcount)
    if count:
        audit.record(
            by=by.id, act="dispatch_findings", kind="rule", object_id=rule, area=area, count=count
        )
    return count
