"""Households and persons as the data standard declares them: every column with its meaning and unit."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from ninja import Schema
from pydantic import Field, create_model

from jingzhun.standard import schema
from jingzhun.standard.schema import Column
from jingzhun_web.api.schemas.common import AreaCode, HouseholdId, Year
from jingzhun_web.registry.columns import columns, is_sealed
from jingzhun_web.registry.models import HOUSEHOLD_KEYS, PERSON_KEYS

_TYPES: dict[str, Any] = {
    "str": str,
    "int": int,
    "decimal": float,
    "bool": bool,
    "date": date,
    "code": str,
    "codes": list[str],
    "division": str,
    "id_number": str,
}


def described(column: Column) -> str:
    """Meaning in both languages, unit, codes, and what null means."""
    parts = [f"{column.label.en} ({column.label.zh})"]
    if column.unit and column.unit != "year":
        parts.append(f"unit: {column.unit}")
    if is_sealed(column):
        parts.append("a direct identifier: masked, in full only by the operation `reveal`")
    if column.codes:
        values = schema.code_list(column.codes).values
        parts.append(f"codes {column.codes}: " + ", ".join(f"{v.code} {v.en}" for v in values))
    if column.note:
        parts.append(column.note)
    return "; ".join([*parts, "null: not known"])


def _fields(table: str, without: tuple[str, ...]) -> dict[str, Any]:
    return {
        column.name: (_TYPES[column.type] | None, Field(description=described(column)))
        for column in columns(table, without=without)
    }


class HouseholdKeys(Schema):
    """What tells one household in one year."""

    household_id: HouseholdId
    period: Year
    area: AreaCode
    village_code: str = Field(description="Village code of 12 digits")
    head_name: str | None = Field(
        description="Name of the head; null: not known, or you may not see names"
    )
    version: int = Field(description="Grows with every change; send it back with your own change")


Household: Any = create_model(
    "Household",
    __base__=HouseholdKeys,
    __doc__="A household as of a year; null always means not known, never zero",
    source=(str, Field(description="The import or act that the row comes from")),
    recorded_at=(datetime, Field(description="Since when the row reads as it does")),
    **_fields("households", HOUSEHOLD_KEYS),
)

Member: Any = create_model(
    "Member",
    __base__=Schema,
    __doc__="A person of a household, as of its year; null always means not known",
    person_id=(str, Field(description="Person number: opaque, stable over years")),
    **_fields("persons", PERSON_KEYS),
)


class HouseholdRow(HouseholdKeys):
    """A household in a list."""

    exit_status: str | None = Field(description="Exit status, a code of `exit_status`")
    main_cause: str | None = Field(description="Main cause of poverty, a code of `poverty_cause`")
    persons_year_end: int | None = Field(description="Persons at year end")
    exit_year: int | None = Field(description="Year of exit")
    is_registered: bool | None = Field(description="Registered as poor (archive card)")


class VerdictOut(Schema):
    """What the engine says of a household by one profile. A person decides, never a score alone."""

    profile: str
    run_id: str = Field(description="The evaluation run")
    outcome: str = Field(description="passed, failed or not_assessable")
    score: float | None = Field(
        description="0 to 100; null: not assessable, or a profile without score"
    )
    detail: dict[str, Any] = Field(
        description="Indicator: met, points, value; what is missing; vetoes"
    )


class Archive(Schema):
    """Everything on file about one household in one year."""

    household: Household
    members: list[Member]
    verdicts: list[VerdictOut]
    periods: list[int] = Field(description="Years for which there is an archive, ascending")


class Names(Schema):
    """Codes in both languages."""

    code: str
    en: str
    zh: str


class CodeListOut(Schema):
    """A closed list of values."""

    name: str
    en: str
    zh: str
    source: str
    values: list[Names]
