"""What the columns of two tables mean, and how strictly rows are linked."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeAlias

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from jingzhun.errors import InputError, Place

IdKind = Literal["gb11643", "exact"]
FieldKind = Literal["exact", "string", "text", "code", "number", "date", "set", "email"]
"""How values of a field are compared.

exact: equal or not. string: also by likeness (a name, a street). text: by the words in it.
code: also by the first characters (a postal code). number: also within some per cent.
date: also by slips of the pen. set: by the members of a list. email: also by the part before the @.
"""


class Columns(BaseModel):
    """A column of the left table and the one of the right table that says the same."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    left: str
    right: str

    @model_validator(mode="before")
    @classmethod
    def _of_one(cls, given: Any) -> Any:
        """`column` alone stands for both sides."""
        if isinstance(given, str):
            return {"left": given, "right": given}
        if isinstance(given, dict) and "column" in given:
            rest = {key: value for key, value in given.items() if key != "column"}
            return {"left": given["column"], "right": given["column"], **rest}
        return given


class IdColumns(Columns):
    """An identifying number that only one person should have."""

    kind: IdKind = "exact"
    """gb11643: identity number or disability certificate, all its forms alike. exact: any other."""


class FieldColumns(Columns):
    """Anything else that says something about who it is."""

    kind: FieldKind | None = None
    """How it is compared; none: told from the values."""
    shared: bool | None = None
    """Whether people of one household mostly have the same (an address); none: found by training."""


def _listed(given: Any) -> Any:
    return [given] if isinstance(given, (str, dict)) else given


Role: TypeAlias = Columns | None
Ids = Annotated[tuple[IdColumns, ...], BeforeValidator(_listed)]
Fields = Annotated[tuple[FieldColumns, ...], BeforeValidator(_listed)]
Share = Annotated[float, Field(ge=0, le=1)]


class Thresholds(BaseModel):
    """Probability from which a link belongs to a band; fixed beforehand, never by looking at truth."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    certain: Share = 0.99
    probable: Share = 0.5
    review: Share = 0.1

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.review <= self.probable <= self.certain:
            raise ValueError("review <= probable <= certain is needed")
        return self


class Spec(BaseModel):
    """Columns by what they mean; only those that are there need be named. Made in code or from YAML."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    row_id: Columns = Columns(left="id", right="id")
    """Unique name of each row."""
    ids: Ids = ()
    name: Role = None
    """Whole name in one column."""
    given_name: Role = None
    surname: Role = None
    birth_date: Role = None
    sex: Role = None
    area: Role = None
    """Division code: areas inside each other have the same beginning."""
    group: Role = None
    """Household: that others of it are linked as well speaks for a pair."""
    fields: Fields = ()

    one_to_one: bool = False
    """Every row on either side is one person who has at most one row on the other."""
    right_once: bool = False
    """Every row on the right belongs to at most one on the left, who may have several."""
    probabilistic_certain: bool = True
    """Whether a link may be `certain` without an identifying number."""
    thresholds: Thresholds = Thresholds()
    seed: int = 20200101
    """For the pairs drawn by chance; same seed, same model."""

    @model_validator(mode="after")
    def _has_something(self) -> Self:
        if not any(True for _ in self.compared()):
            raise ValueError("no column to compare by is named")
        names = [name for name, _ in self.compared()]
        if len(names) != len(set(names)):
            raise ValueError("a column is named twice")
        return self

    def compared(self) -> Iterator[tuple[str, Columns]]:
        """What is compared, under the name that evidence has for it, in a fixed order."""
        for role in ("name", "given_name", "surname", "birth_date", "sex", "area", "group"):
            columns = getattr(self, role)
            if columns is not None:
                yield role, columns
        for one in (*self.ids, *self.fields):
            yield one.left, one

    @property
    def fingerprint(self) -> str:
        """Twelve characters, the same for the same meaning of the columns."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:12]


def read_spec(path: str | Path) -> Spec:
    """The spec in a YAML file; InputError that says what is wrong with it."""
    place = Place(file=str(path))
    try:
        raw = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise InputError("The spec can't be read", where=place, why=type(error).__name__) from error
    try:
        return Spec.model_validate(raw)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or None
        raise InputError(
            f"The spec is wrong: {first['msg']}",
            where=Place(file=str(path), field=field),
            do="docs/linkage.md shows what a spec may say",
        ) from error
