"""What a list of households is narrowed to."""

from __future__ import annotations

from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field, StringConstraints

from jingzhun_web.access.actors import Actor
from jingzhun_web.access.roles import Right
from jingzhun_web.api.schemas.common import AreaOrPrefix, Text, Year
from jingzhun_web.registry import selectors as registry
from jingzhun_web.registry.narrowing import GROUPS, INCOME_GROUPS, KEY_FIELDS

FIELDS = (*KEY_FIELDS, *INCOME_GROUPS)
Code = Annotated[str, StringConstraints(pattern="^[A-Za-z0-9_]{0,20}$")]


class Kept(Schema):
    """What the list is narrowed to; what is left out does not narrow."""

    period: Year | None = Field(None, description="Year; the latest when left out")
    area: AreaOrPrefix | None = None
    status: Code = Field("", description="Exit status, a code of `exit_status`")
    cause: Code = Field("", description="Main cause, a code of `poverty_cause`")
    profile: Annotated[str, StringConstraints(pattern="^[a-z0-9-]{0,60}$")] = Field(
        "", description="With `outcome`: the profile that says it"
    )
    group: Literal["", *GROUPS] = Field("", description="A group that figures count")  # type: ignore[valid-type]
    known: Literal["", *FIELDS] = Field("", description="Field that is known")  # type: ignore[valid-type]
    unknown: Literal["", *FIELDS] = Field("", description="Field that is not")  # type: ignore[valid-type]
    outcome: Literal["", "passed", "failed", "not_assessable"] = Field(
        "", description="As `profile` says; without one, the stricter of those that count"
    )
    finding: Annotated[str, StringConstraints(pattern="^[A-Za-z0-9]{0,10}$")] = Field(
        "", description="Rule of a finding about it that stands; `open`: any that is not closed"
    )


class Narrowed(Kept):
    """What the list is narrowed to, with words that are looked for."""

    text: Text = Field(
        "",
        description="A household number; for those who see names, also a name, its pinyin or a document number",
    )


_TEXTS = tuple(name for name in Narrowed.model_fields if name not in ("period", "finding"))


def filters(given: Narrowed, actor: Actor) -> registry.Filters:
    """The filters that were asked for, without the finding; the latest year where none was."""
    told = {name: getattr(given, name) or "" for name in _TEXTS}
    period = given.period or next(iter(registry.periods()), 0)
    return registry.Filters(period, by_person=actor.may(Right.SEE_NAMES), **told)
