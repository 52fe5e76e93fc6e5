"""The one place in which a finding's state changes, and in which what happened is written down."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from jingzhun_web.access.actors import Actor
from jingzhun_web.audit import services as audit
from jingzhun_web.crosscheck.models import Event, Finding, HomeCheck
from jingzhun_web.crosscheck.permitted import MoveError, must
from jingzhun_web.crosscheck.states import MOVES, State


def locked(act: str, *, by: Actor, pk: int) -> Finding:
    """The finding as it now is, held until the transaction ends, when the act may be done to it.

    Finding.DoesNotExist when there is none in the scope.
    """
    finding = Finding.objects.select_for_update().get(pk=pk)
    must(act, by, finding, checks_of(finding))
    return finding


def checks_of(finding: Finding) -> list[HomeCheck]:
    """Home checks since the finding was last opened, oldest first."""
    opened = Event.objects.filter(finding=finding, act="object").order_by("-id").first()
    found = HomeCheck.objects.filter(finding=finding).order_by("id")
    return [check for check in found if opened is None or check.recorded_at > opened.at]


def move(
    finding: Finding,
    to: State,
    *,
    by: Actor,
    act: str,
    note: str = "",
    detail: dict[str, Any] | None = None,
    **fields: Any,
) -> Finding:
    """Put a finding into a state with what the act sets; MoveError where no such move is."""
    before = State(finding.state)
    if to not in MOVES[before]:
        raise MoveError(
            _("A finding that is “%(one)s” can't become “%(other)s”")
            % {"one": before.label, "other": to.label}
        )
    for name, value in {**fields, "state": to}.items():
        setattr(finding, name, value)
    finding.save(update_fields=["state", *fields])
    note_down(finding, by=by, act=act, before=before, after=to, note=note, detail=detail)
    return finding


def note_down(
    finding: Finding,
    *,
    by: Actor,
    act: str,
    before: State | str = "",
    after: State | str = "",
    note: str = "",
    detail: dict[str, Any] | None = None,
) -> None:
    """Append to the finding's history and to the log; the log gets no words that people wrote."""
    Event.objects.create(
        finding=finding,
        area=finding.area,
        by=by.id,
        act=act,
        from_state=before,
        to_state=after,
        note=note,
        detail=detail or {},
    )
    audit.record(
        by=by.id,
        act=f"{act}_finding",
        kind="finding",
        object_id=finding.pk,
        area=finding.area,
        state=str(after or finding.state),
    )
