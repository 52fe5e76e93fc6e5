"""What two departments must agree on before they encode, and how strictly encodings are compared."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Annotated, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from jingzhun.errors import InputError, Place

FIELDS = ("name", "birth", "place")
WHOLE = ("whole",)


class Settings(BaseModel):
    """How people are encoded. Both sides must use the same; a file carries them, never the key."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    layout: Literal["record", "fields"] = "record"
    """One filter for the whole person, or one each for name, birth and place: more exact, easier to attack."""
    bits: Annotated[int, Field(ge=128, le=8192)] = 512
    """Length of a filter, a power of two."""
    digest: Literal["sha256", "sm3"] = "sha256"
    """Hash function of the HMAC; sm3 is GB/T 32905."""
    salt: Literal["none", "birth_year"] = "none"
    """With birth_year a name gives other bits in every year: names can't be counted across years, and
    people whose birth year is wrong or not known are found by their number alone."""
    is_balanced: bool = False
    """Every filter has as many ones as zeros: it grows to twice its length."""
    common_surnames: Annotated[float, Field(gt=0, le=1)] | None = None
    """Leave surnames out of the filters that at least this share of people bear (0.02: 2 in 100)."""
    dropped_bits: tuple[int, ...] = ()
    """Places of a filter to leave empty, as found by `jingzhun link frequent-bits`."""
    has_near_numbers: bool = True
    """Keys of three quarters of the number each: finds typing errors; shows who shares three quarters."""

    @model_validator(mode="after")
    def _is_sound(self) -> Self:
        if self.bits & (self.bits - 1):
            raise ValueError("bits must be a power of two")
        if any(not 0 <= bit < self.bits for bit in self.dropped_bits):
            raise ValueError("dropped_bits must be places of the filter")
        if len(set(self.dropped_bits)) > self.bits // 2:
            raise ValueError("dropped_bits leave less than half of the filter")
        return self

    @property
    def filters(self) -> tuple[str, ...]:
        """Names of the filters of a row."""
        return WHOLE if self.layout == "record" else FIELDS

    @property
    def fingerprint(self) -> str:
        """Sixteen characters, the same for the same settings."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:16]


class Columns(BaseModel):
    """Which column of a table holds what; null where the table has none."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    row_id: str = "record_id"
    number: str | None = "document_number"
    name: str | None = "name"
    birth_date: str | None = "birth_date"
    sex: str | None = "sex"
    area: str | None = "area_code"


class Limits(BaseModel):
    """How alike two encodings must be, 0 for two people at random and 1 for the same encoding."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    conflict: float = 0.35
    """The same number and less alike than this: two people with one number, no link."""
    near: float = 0.6
    """Three quarters of the number the same and at least so alike: probable."""
    probable: float = 0.8
    review: float = 0.7
    margin: float = 0.08
    """The next best must be less alike by so much, or a clerk has to look."""
    largest_block: Annotated[int, Field(ge=1)] = 400
    """Rows of the left side under one blocking key; larger blocks are left out and counted."""


def read_settings(path: Path) -> Settings:
    """Settings from a YAML file; InputError names the first thing wrong."""
    where = Place(file=str(path))
    try:
        return Settings.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")) or {})
    except OSError as error:
        raise InputError("The settings can't be read", where=where) from error
    except yaml.YAMLError as error:
        raise InputError("The settings are no YAML", where=where) from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = ".".join(map(str, first["loc"]))
        raise InputError(
            f"Wrong setting {field}".strip(), where=where, why=str(first["msg"])
        ) from error
