"""Changes of archives in words: which field of whom, from what to what. Direct identifiers masked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from jingzhun.standard import schema
from jingzhun.standard.schema import Column
from jingzhun_web.console.archives import people
from jingzhun_web.console.wording import is_chinese, value_text
from jingzhun_web.kit.keys import seals
from jingzhun_web.registry import changes, identifiers
from jingzhun_web.registry.changes import Compared
from jingzhun_web.registry.columns import is_sealed
from jingzhun_web.registry.history import Moment
from jingzhun_web.registry.models import Change, ChangeItem, ChangeStep


def act_text(act: str) -> str:
    """What somebody did to a change."""
    return {
        "review": _("Township review: accepted"),
        "approve": _("County approval: applied"),
        "refuse": _("Refused"),
    }[act]


def waits_text(change: Change) -> str:
    """Where a change stands."""
    waiting = {"review": _("waits for the township"), "approve": _("waits for the county")}
    return waiting.get(change.waits_for) or change.get_standing_display()


def field_text(person_id: str, field: str, names: Mapping[str, str]) -> str:
    """A field, with whose it is."""
    label = _column(person_id, field).label
    text = label.zh if is_chinese() else label.en
    return f"{names.get(person_id, person_id)} · {text}" if person_id else text


def text_of(person_id: str, field: str, value: Any, *, with_names: bool) -> str:
    """A value of a change in words; identifiers masked, names shown to those who may see them."""
    column = _column(person_id, field)
    if value is None or not is_sealed(column):
        return value_text(column, value)
    if field == "name":
        return str(value) if with_names else "***"
    return identifiers.masked(field, str(value)) if with_names else "***"


def compared(
    rows: Sequence[Compared], names: Mapping[str, str], *, with_names: bool
) -> list[dict[str, Any]]:
    """Fields of a change with old, new and present value, in the order of the standard."""
    awaited = {row.item.person_id for row in rows if row.item.person_id} - names.keys()
    names = {**names, **dict.fromkeys(awaited, _("new member"))}
    rows = sorted(rows, key=lambda row: (row.item.person_id, _place(row.item)))
    return [
        {
            "key": row.key,
            "label": field_text(row.item.person_id, row.item.field, names),
            "old": text_of(row.item.person_id, row.item.field, row.old, with_names=with_names),
            "new": text_of(row.item.person_id, row.item.field, row.new, with_names=with_names),
            "now": text_of(row.item.person_id, row.item.field, row.now, with_names=with_names),
            "is_conflict": row.is_conflict,
            "follows": row.follows,
        }
        for row in rows
    ]


def open_changes(
    rows: Iterable[Change], names: Mapping[str, str], *, with_names: bool
) -> list[dict[str, Any]]:
    """Changes with their fields, for the archive's page and its form."""
    found = list(rows)
    who = people.names(row.proposed_by for row in found)
    return [
        {
            "change": row,
            "who": who[row.proposed_by],
            "waits": waits_text(row),
            "fields": compared(changes.compared(row), names, with_names=with_names),
        }
        for row in found
    ]


def moment(found: Moment, names: Mapping[str, str], *, with_names: bool) -> list[dict[str, str]]:
    """The fields that one change of the register touched."""
    told = [
        {"label": _("Put on file as a member"), "old": "—", "new": names.get(person, person)}
        for person in found.joined
    ]
    for part in found.differences:
        old, new = (
            text_of(part.person_id, part.field, _opened(value), with_names=with_names)
            for value in (part.old, part.new)
        )
        label = field_text(part.person_id, part.field, names)
        told.append({"label": label, "old": old, "new": new})
    return told


def steps(change: Change) -> list[dict[str, Any]]:
    """What people did to a change, oldest first."""
    found: list[ChangeStep] = list(change.steps.order_by("id"))
    who = people.names(step.by for step in found)
    return [
        {"step": step, "what": act_text(step.act), "who": who[step.by], "at": step.at}
        for step in found
    ]


def _place(item: ChangeItem) -> int:
    table = schema.table("persons" if item.person_id else "households")
    return list(table.by_name).index(item.field)


def _column(person_id: str, field: str) -> Column:
    return schema.table("persons" if person_id else "households").by_name[field]


def _opened(value: Any) -> Any:
    return seals().open(value) if isinstance(value, bytes) else value
