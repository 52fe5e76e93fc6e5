"""What is done once a verdict is confirmed. A status changes by a person's own decision, never by the finding."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jingzhun.policy.crosschecks import VERDICT_PATHS
from jingzhun_web.access.actors import Actor
from jingzhun_web.access.roles import Right
from jingzhun_web.crosscheck.models import Finding
from jingzhun_web.crosscheck.moving import locked, move
from jingzhun_web.crosscheck.permitted import MoveError, OwnEntryError
from jingzhun_web.crosscheck.states import DECIDED_STATUS, PROPOSED_CHANGES, State
from jingzhun_web.registry import changes
from jingzhun_web.registry import services as registry

_OF_STATUS = frozenset({*PROPOSED_CHANGES, *DECIDED_STATUS})


def right_for(handling: str, finding: Finding) -> Right:
    """What somebody must hold for a handling: the township proposes changes, the county decides a status."""
    if handling in DECIDED_STATUS:
        return Right.APPROVE_CHANGES
    if handling in PROPOSED_CHANGES and finding.household_id:
        return Right.PROPOSE_CHANGES
    return Right.WORK_FINDINGS


def open_to(by: Actor, finding: Finding) -> Sequence[str]:
    """Handlings that somebody may choose: those of the rule first."""
    own = [name for name in finding.verdict_path.split(",") if name in VERDICT_PATHS]
    order = [*own, *(name for name in VERDICT_PATHS if name not in own)]
    wrong = _OF_STATUS if finding.verdict == "data_error" else frozenset()
    return [
        name
        for name in order
        if name not in wrong and by.may(right_for(name, finding), finding.area)
    ]


@transaction.atomic
def handle_finding(*, by: Actor, pk: int, handling: str, note: str) -> Finding:
    """Record what was done; taking off or onto the register is proposed as a change, which others accept.

    Taking back onto it is the county's own decision, and nobody's who proposed the verdict.
    """
    finding = locked("handle", by=by, pk=pk)
    if handling not in VERDICT_PATHS:
        raise MoveError(_("There is no such handling"), do=_("Choose one of the list"))
    if finding.verdict == "data_error" and handling in _OF_STATUS:
        raise MoveError(
            _("After a data error no household's status changes"), do=_("Correct the record")
        )
    by.must(right_for(handling, finding), finding.area)
    detail = {"handling": handling, **_brought_about(finding, by=by, handling=handling, note=note)}
    return move(
        finding,
        State.HANDLED,
        by=by,
        act="handle",
        note=note,
        detail=detail,
        handling=handling,
        handled_by=by.id,
    )


def _brought_about(finding: Finding, *, by: Actor, handling: str, note: str) -> dict[str, Any]:
    """What a handling does to the archive: a proposed change, a decided status, or nothing."""
    if not finding.household_id:
        return {}
    source = f"finding {finding.pk}"
    if handling in PROPOSED_CHANGES:
        change = changes.propose(
            by=by,
            household_id=finding.household_id,
            period=finding.period,
            fields={"is_registered": PROPOSED_CHANGES[handling]},
            reason=f"{note} ({source})",
        )
        return {"change": change.pk}
    if handling in DECIDED_STATUS:
        if by.id == finding.proposed_by:
            raise OwnEntryError(_("You proposed this verdict yourself"), do=_("Ask a colleague"))
        entry = registry.set_status(
            by=by,
            household_id=finding.household_id,
            period=finding.period,
            exit_status=DECIDED_STATUS[handling],
            on=timezone.localdate(),
            reason=note,
            source=source,
        )
        return {"status": entry.new_status}
    return {}
