"""What an import's files say, what a check found, and where values come from."""

from __future__ import annotations

from typing import Any

from ninja import Schema
from pydantic import Field


class MappingLine(Schema):
    """A column of the data standard, and where its values come from."""

    name: str
    en: str
    zh: str
    required: bool
    source: str = Field(
        description="Column of the file; `=` and a value for all rows; empty: none, or what `is_fixed` says"
    )
    unit: str
    codes: str
    units: list[str] = Field(description="Units that are known for it")
    versions: list[str] = Field(description="Versions of its code list")
    is_fixed: bool = Field(description="Made from several columns or a template")


class MappedTable(Schema):
    """A table of the mapping beside the file that it is read from."""

    table: str
    headers: list[str] = Field(description="Columns of the file")
    columns: list[MappingLine]


class MappingOut(Schema):
    """The mapping as it is (at first: suggested), and what it may be made of."""

    mapping: dict[str, Any]
    tables: list[MappedTable]


class FieldDiffers(Schema):
    """A field of a row; direct identifiers hidden. Null: not known."""

    field: str
    old: Any
    new: Any


class RowDiffers(Schema):
    """A row that would be new, be changed, or is in the register but not in the files."""

    key: str
    area: str | None
    file: int | None = Field(description="Number of the file, from 0; null: of no row in a file")
    row: int | None = Field(description="Row in the file; null: changed with another row")
    number_in_file: str | None = Field(
        description="Of a person on file under another number (same household and document): the file's; not kept"
    )
    fields: list[FieldDiffers]


class OriginOut(Schema):
    """Where a value comes from."""

    field: str
    source: str = Field(description="The import, first load or act that set it last")
    import_id: int | None = Field(description="Null: no import that you may see set it")
    file: str | None
    row: int | None
    column: str | None = Field(description="Header in the file; `=` and a value for all rows")
