"""The data standard as objects: tables, columns and code lists, each declared once in YAML beside this file."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from jingzhun.errors import StandardError
from jingzhun.standard.labels import Label
from jingzhun.standard.yaml_source import read_yaml

_HERE = Path(__file__).parent

ColumnType = Literal[
    "str", "int", "decimal", "bool", "date", "code", "codes", "division", "id_number"
]
Privacy = Literal["direct", "sensitive", "ordinary"]


class Code(BaseModel):
    """One value of a code list: what is stored, and its names in both languages."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    en: str
    zh: str
    alpha: str | None = None
    aliases: tuple[str, ...] = ()

    @property
    def label(self) -> Label:
        """The names as a bilingual label."""
        return Label(en=self.en, zh=self.zh)


class CodeVersion(BaseModel):
    """Another system's numbering of the same list: its code -> the Chinese name here."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str
    source: str
    values: dict[str, str]


class CodeList(BaseModel):
    """A closed list of values with version, source and confidence."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    list: str
    version: str
    label: Label
    confidence: str
    source: str
    values: tuple[Code, ...]
    other_versions: tuple[CodeVersion, ...] = ()

    def by_code(self) -> Mapping[str, Code]:
        """Code -> value."""
        return {value.code: value for value in self.values}

    def by_name(self) -> Mapping[str, str]:
        """Every name, English or Chinese, alias or alpha code, in lower case -> code."""
        names: dict[str, str] = {}
        for value in self.values:
            for name in (value.en, value.zh, *value.aliases, value.alpha or value.en):
                names.setdefault(name.lower(), value.code)
        return names


class Column(BaseModel):
    """One column: stored under `name` in every file, API and expression. Null means not known."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    type: ColumnType
    label: Label
    privacy: Privacy
    unit: str | None = None
    required: bool = False
    codes: str | None = None
    max_items: int | None = None
    min: float | None = None
    max: float | None = None
    income_group: str | None = None
    national: str | None = None
    note: str | None = None
    source: str | None = None


class Parent(BaseModel):
    """The table above: rows of this one are seen from it as the list `collection`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    table: str
    key: tuple[str, ...]
    collection: str


class Table(BaseModel):
    """One table of the standard with its grain, key and columns."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    table: str
    label: Label
    grain: Label
    key: tuple[str, ...]
    source: str
    columns: tuple[Column, ...]
    area: str | None = None
    parent: Parent | None = None
    role: Literal["register", "external"] = "register"
    """`external`: records of another department, which a delivery brings."""
    one_per_person: bool = False
    """External: a person has at most one record in a period."""
    department: Label | None = None
    """External: whose records these are."""

    @property
    def is_external(self) -> bool:
        """Whether the rows are records of another department, not of the register."""
        return self.role == "external"

    @property
    def by_name(self) -> Mapping[str, Column]:
        """Column name -> column."""
        return {column.name: column for column in self.columns}

    def column(self, name: str) -> Column:
        """The column called `name`; StandardError names the table when there is none."""
        found = self.by_name.get(name)
        if found is None:
            raise StandardError(
                f"Table {self.table} has no column '{name}'",
                do=f"`jingzhun schema {self.table}` lists its columns",
            )
        return found


@cache
def tables() -> Mapping[str, Table]:
    """Every table of the standard, by name."""
    found = (
        Table.model_validate(read_yaml(p).data) for p in sorted((_HERE / "tables").glob("*.yaml"))
    )
    return {table.table: table for table in found}


@cache
def code_lists() -> Mapping[str, CodeList]:
    """Every code list, by name."""
    found = (
        CodeList.model_validate(read_yaml(p).data) for p in sorted((_HERE / "codes").glob("*.yaml"))
    )
    return {codes.list: codes for codes in found}


def external_tables() -> tuple[str, ...]:
    """Names of the tables that other departments deliver, in order."""
    return tuple(name for name, table in tables().items() if table.is_external)


def table(name: str) -> Table:
    """The table called `name`; StandardError lists the known ones."""
    if name not in tables():
        known = ", ".join(tables())
        raise StandardError(f"The standard has no table '{name}'", do=f"Known tables: {known}")
    return tables()[name]


def code_list(name: str) -> CodeList:
    """The code list called `name`; StandardError when there is none."""
    if name not in code_lists():
        raise StandardError(f"The standard has no code list '{name}'")
    return code_lists()[name]
