"""Kinds of values and the envelope of lists."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Generic, TypeVar

from ninja import Schema
from pydantic import AfterValidator, Field, StringConstraints

from jingzhun_web.kit.reasons import SHORTEST_REASON

T = TypeVar("T")
NO_NUL = r"^[^\u0000]*$"
LARGEST_ID = 2**63 - 1

Text = Annotated[str, StringConstraints(max_length=200, pattern=NO_NUL)]
AreaCode = Annotated[
    str,
    StringConstraints(pattern="^[0-9]{12}$"),
    Field(description="Administrative division code of 12 digits", examples=["620102001001"]),
]
AreaOrPrefix = Annotated[
    str,
    StringConstraints(pattern="^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})$"),
    Field(description="Division code of 12 digits, or its first 2, 4, 6 or 9"),
]
Year = Annotated[int, Field(ge=1949, le=2100, description="Period: a calendar year")]
Id = Annotated[int, Field(ge=1, le=LARGEST_ID, description="Number of the thing")]
HouseholdId = Annotated[
    str,
    StringConstraints(min_length=1, max_length=60, pattern=r"^[^\u0000/]+$"),
    Field(description="Household number: opaque, stable over years"),
]
Cursor = Annotated[str, StringConstraints(max_length=600, pattern=NO_NUL)]


FIRST_YEAR, LAST_YEAR = 1900, 9000


def _of_our_time(given: date) -> date:
    if not FIRST_YEAR <= given.year <= LAST_YEAR:
        raise ValueError(f"the year must be {FIRST_YEAR} to {LAST_YEAR}")
    return given


Day = Annotated[date, AfterValidator(_of_our_time)]
Moment = Annotated[datetime, AfterValidator(_of_our_time)]
"""Days and moments that every calendar and time zone of the database can hold."""

Words = Annotated[str, StringConstraints(max_length=2000, pattern=NO_NUL)]
Reasoned = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=SHORTEST_REASON, max_length=2000, pattern=NO_NUL
    ),
]


class Listed(Schema, Generic[T]):
    """Some rows of a list, in a stable order."""

    items: list[T]
    next: str | None = Field(description="Address of the following rows; null: these were the last")


class Newest(Schema):
    """Where a list begins that tells the newest first."""

    after: Id | None = Field(None, description="Rows before this one: the cursor of `next`")
    size: int = Field(50, ge=1, le=200, description="Rows in the answer")


class Note(Schema):
    """Words that go with a step; may be left out."""

    note: Words = ""


class Reason(Schema):
    """Why; at least five characters."""

    reason: Reasoned
