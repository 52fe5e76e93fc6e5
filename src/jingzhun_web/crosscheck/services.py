"""Acts on findings in their order: dispatch, home check, verdict, re-check, close, objection."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jingzhun.crosscheck.verdicts import VERDICTS
from jingzhun_web.access.actors import Actor
from jingzhun_web.access.roles import Right
from jingzhun_web.areas.models import Area
from jingzhun_web.crosscheck import packs
from jingzhun_web.crosscheck.models import Finding, HomeCheck
from jingzhun_web.crosscheck.moving import checks_of, locked, move, note_down
from jingzhun_web.crosscheck.permitted import MoveError
from jingzhun_web.crosscheck.sampling import is_drawn
from jingzhun_web.crosscheck.states import State
from jingzhun_web.kit.scope import span
from jingzhun_web.registry import attachments

COUNTY, TOWNSHIP = 10**6, 10**3


@dataclass(frozen=True)
class Photo:
    """A file that somebody hands in; what it is, its content says."""

    name: str
    data: bytes


@transaction.atomic
def dispatch_finding(
    *, by: Actor, pk: int, area: int, due: date | None = None, note: str = ""
) -> Finding:
    """Send a finding down the tree, to a township or village; a county's own is placed there by this."""
    finding = locked("dispatch", by=by, pk=pk)
    _must_lie_below(finding, area)
    is_within_county = area % COUNTY != 0
    level = Right.APPROVE_CHANGES if area % TOWNSHIP == 0 else Right.REVIEW_CHANGES
    if not (by.may(level, area) or by.may(Right.APPROVE_CHANGES, area)) or not is_within_county:
        raise MoveError(
            _("A finding is sent down the tree only"),
            do=_("Choose a township or village below your own level"),
        )
    placed = finding.area if finding.is_placed else area
    return move(
        finding,
        State.DISPATCHED,
        by=by,
        act="dispatch",
        note=note,
        detail={"area": area},
        assigned_area=area,
        assigned_to=0,
        area=placed,
        due=due or due_date(finding, on=timezone.localdate()),
    )


def _must_lie_below(finding: Finding, area: int) -> None:
    low, high = span(f"{area:012d}")
    own_low, own_high = span(f"{finding.area:012d}")
    contains = low <= finding.area <= high
    is_inside = not finding.is_placed and own_low <= area <= own_high
    is_known = is_inside and Area.objects.filter(code=area).exists()
    if not (contains or is_known):
        raise MoveError(
            _("The finding is not of that area"), do=_("Choose an area that contains the household")
        )


def due_date(finding: Finding, *, on: date) -> date:
    """Until when the next step is to be done: the engine's deadline, or as many days from now when it is past."""
    later = on + timedelta(days=packs.days(finding.rule))
    return finding.deadline if finding.deadline >= on else later


@transaction.atomic
def take_on(*, by: Actor, pk: int) -> Finding:
    """Tell the others that one sees to a finding oneself."""
    finding = locked("take_on", by=by, pk=pk)
    finding.assigned_to = by.id
    finding.save(update_fields=["assigned_to"])
    note_down(finding, by=by, act="take_on")
    return finding


@transaction.atomic
def record_home_check(
    *, by: Actor, pk: int, on: date, note: str, statement: str, photo: Photo | None = None
) -> HomeCheck:
    """The first of two persons tells what was seen in the home, and what the household says."""
    finding = locked("check", by=by, pk=pk)
    if on > timezone.localdate():
        raise MoveError(_("The day of the home check is still to come"), do=_("Correct the day"))
    check = HomeCheck.objects.create(
        finding=finding, area=finding.area, on=on, first_by=by.id, note=note, statement=statement
    )
    note_down(finding, by=by, act="check", detail={"on": on.isoformat()})
    if photo is not None:
        _attached(finding, photo, by=by)
    return check


@transaction.atomic
def add_photo(*, by: Actor, pk: int, photo: Photo) -> Finding:
    """Put a photo or document with a finding, as evidence."""
    finding = locked("photo", by=by, pk=pk)
    _attached(finding, photo, by=by)
    note_down(finding, by=by, act="photo")
    return finding


def _attached(finding: Finding, photo: Photo, *, by: Actor) -> None:
    attachments.attach(
        by=by,
        area=finding.area,
        household_id=finding.household_id,
        kind="finding",
        object_id=finding.pk,
        name=photo.name,
        data=photo.data,
    )


@transaction.atomic
def sign_home_check(*, by: Actor, pk: int) -> Finding:
    """The second person signs that it was so; only now the finding counts as checked."""
    finding = locked("sign", by=by, pk=pk)
    HomeCheck.objects.filter(finding=finding, second_by=None).update(
        second_by=by.id, signed_at=timezone.now()
    )
    return move(finding, State.CHECKED, by=by, act="sign")


@transaction.atomic
def propose_verdict(
    *, by: Actor, pk: int, verdict: str, explanation: str = "", note: str = ""
) -> Finding:
    """The township says what is so: one of the engine's verdicts; a lawful exception names its explanation.

    The same proposal again by the same person changes nothing.
    """
    finding = Finding.objects.select_for_update().get(pk=pk)
    told = (by.id, verdict, explanation)
    if finding.state == State.PROPOSED and told == (
        finding.proposed_by,
        finding.verdict,
        finding.explanation,
    ):
        return finding
    finding = locked("propose", by=by, pk=pk)
    _must_be_a_verdict(finding, verdict, explanation)
    return move(
        finding,
        State.PROPOSED,
        by=by,
        act="propose",
        note=note,
        detail={"verdict": verdict, "explanation": explanation},
        verdict=verdict,
        explanation=explanation,
        proposed_by=by.id,
    )


def _must_be_a_verdict(finding: Finding, verdict: str, explanation: str) -> None:
    if verdict not in VERDICTS:
        raise MoveError(_("There is no such verdict"), do=_("Choose one of the list"))
    lawful = {label.en for label in packs.explanations(finding.rule)}
    if verdict == "lawful_exception" and explanation not in lawful:
        raise MoveError(
            _("A lawful exception needs one of the lawful explanations of its rule"),
            do=_("Choose the explanation that applies"),
        )
    if verdict != "lawful_exception" and explanation:
        raise MoveError(
            _("Only a lawful exception has a lawful explanation"),
            do=_("Leave the explanation out, or choose the lawful exception"),
        )


@transaction.atomic
def confirm_verdict(*, by: Actor, pk: int, note: str = "") -> Finding:
    """Somebody else, at the county, agrees; whether it will be re-checked is drawn now."""
    finding = locked("confirm", by=by, pk=pk)
    return move(
        finding,
        State.JUDGED,
        by=by,
        act="confirm",
        note=note,
        detail={"verdict": finding.verdict},
        confirmed_by=by.id,
        judged_on=timezone.localdate(),
        is_sampled=is_drawn(finding),
    )


@transaction.atomic
def refuse_verdict(*, by: Actor, pk: int, note: str) -> Finding:
    """The county does not agree: the township judges again."""
    finding = locked("refuse", by=by, pk=pk)
    return move(
        finding,
        State.CHECKED,
        by=by,
        act="refuse",
        note=note,
        detail={"verdict": finding.verdict},
        **_NO_VERDICT,
    )


@transaction.atomic
def recheck_finding(*, by: Actor, pk: int, holds: bool, note: str) -> Finding:
    """Somebody who had no part in it looked again; what does not hold is opened again."""
    finding = locked("recheck", by=by, pk=pk)
    if holds:
        return move(
            finding, State.RECHECKED, by=by, act="recheck", note=note, detail={"holds": True}
        )
    return _opened_again(finding, by=by, act="recheck", note=note)


@transaction.atomic
def close_finding(*, by: Actor, pk: int, note: str = "") -> Finding:
    """Nothing is left to be done."""
    finding = locked("close", by=by, pk=pk)
    return move(finding, State.CLOSED, by=by, act="close", note=note)


@transaction.atomic
def take_objection(*, by: Actor, pk: int, statement: str) -> Finding:
    """The household objects to what was judged: everything is looked at anew."""
    finding = locked("object", by=by, pk=pk)
    return _opened_again(finding, by=by, act="object", note=statement)


_NO_VERDICT = {"verdict": "", "explanation": "", "proposed_by": 0, "confirmed_by": 0}


def _opened_again(finding: Finding, *, by: Actor, act: str, note: str) -> Finding:
    today = timezone.localdate()
    told = {"verdict": finding.verdict, "handling": finding.handling}
    return move(
        finding,
        State.DISPATCHED,
        by=by,
        act=act,
        note=note,
        detail={**told, "holds": False},
        judged_on=None,
        handling="",
        handled_by=0,
        is_sampled=False,
        assigned_to=0,
        assigned_area=finding.assigned_area or finding.area,
        due=today + timedelta(days=packs.days(finding.rule)),
        **_NO_VERDICT,
    )


def evidence_of(finding: Finding) -> list[HomeCheck]:
    """The home checks that count for a finding now."""
    return checks_of(finding)
