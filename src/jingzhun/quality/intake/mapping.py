"""The mapping: which column of a source fills which column of the standard, in which unit and codes."""

from __future__ import annotations

from datetime import date
from fnmatch import fnmatch
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

BY_NAME = "names"
"""The value of `codes:` that reads names; anything else is a version of the code list."""
OWN_VERSION = "standard"
"""The value of `codes:` that means the standard's own code list, whatever its version is called."""

MISSING = ("", "NULL", "null", "N/A", "n/a", "NA", "#N/A", "\\N", "-", "--", "—", "——", "/")
YES = ("是", "有", "1", "y", "yes", "true", "t", "√", "✓", "✔")
NO = ("否", "无", "没有", "0", "n", "no", "false", "f", "×", "✗")
DATES = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y年%m月%d日")
SEPARATORS = ";；,，、|"

_DELIMITERS = {"comma": ",", "tab": "\t", "semicolon": ";", "bar": "|", "auto": "auto"}


def _text(value: Any) -> Any:
    """YAML reads 01 and true as number and truth; a mapping means the text that was written."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else value


def _texts(value: Any) -> Any:
    values = value if isinstance(value, list | tuple) else [value]
    return [_text(item) for item in values]


def _delimiter(value: Any) -> Any:
    return _DELIMITERS.get(value, value) if isinstance(value, str) else value


Text = Annotated[str, BeforeValidator(_text)]
Texts = Annotated[tuple[str, ...], BeforeValidator(_texts)]
Delimiter = Annotated[str, BeforeValidator(_delimiter), Field(pattern=r"^([\x09\x20-\x7e]|auto)$")]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class ColumnRule(_Strict):
    """Where the values of one column come from, and how they are written there."""

    source: Texts | None = Field(default=None, alias="from", min_length=1)
    constant: Text | None = None
    template: str | None = None
    unit: str | None = None
    per: Literal["month", "year"] | None = None
    codes: Text = BY_NAME
    values: dict[str, Text] = Field(default_factory=dict)
    missing: Texts | None = None
    yes: Texts | None = None
    no: Texts | None = None
    dates: Texts | None = None
    separators: str | None = None
    round: bool = False
    transform: Literal["exp"] | None = None
    optional: bool = False

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, value: Any) -> Any:
        if isinstance(value, dict):
            pairs = value.get("values")
            if isinstance(pairs, dict):
                value = {**value, "values": {str(_text(key)): v for key, v in pairs.items()}}
            return value
        return {"from": value}

    @model_validator(mode="after")
    def _one_origin(self) -> ColumnRule:
        given = [part for part in (self.source, self.constant, self.template) if part is not None]
        if len(given) != 1:
            raise ValueError("give exactly one of `from`, `constant` and `template`")
        return self


class DeliveryRule(_Strict):
    """Where records of another department come from, and for which areas they were asked."""

    source: str = Field(min_length=1, max_length=200)
    legal_basis: str = Field(min_length=1, max_length=500)
    purpose: str | None = Field(default=None, min_length=1, max_length=500)
    received: date
    from_date: date | None = Field(default=None, alias="from")
    until_date: date | None = Field(default=None, alias="until")
    covers: Texts | None = Field(default=None, min_length=1)

    @model_validator(mode="before")
    @classmethod
    def _written(cls, value: Any) -> Any:
        """A key without a value, as a suggestion leaves it, is one that is missing."""
        if isinstance(value, dict):
            return {key: given for key, given in value.items() if given is not None}
        return value

    @model_validator(mode="after")
    def _in_order(self) -> DeliveryRule:
        if self.from_date and self.until_date and self.until_date <= self.from_date:
            raise ValueError("`until` is the first day after, so it comes after `from`")
        return self


class TableMapping(_Strict):
    """How the files of one table are read."""

    table: str
    files: Texts = ("*",)
    sheet: str | int | None = None
    header_row: int = Field(default=1, ge=1, le=100)
    encoding: Literal["auto", "utf-8", "gb18030"] = "auto"
    delimiter: Delimiter = "auto"
    quote: Literal["double", "none"] = "double"
    period: ColumnRule | None = None
    missing: Texts = MISSING
    yes: Texts = YES
    no: Texts = NO
    dates: Texts = DATES
    separators: str = SEPARATORS
    columns: dict[str, ColumnRule] = Field(default_factory=dict)
    derive: dict[str, Texts] = Field(default_factory=dict)
    # Left out where there is none, so that imports of the register keep the id they had.
    delivery: DeliveryRule | None = Field(default=None, exclude_if=lambda value: value is None)

    @model_validator(mode="before")
    @classmethod
    def _constant_period(cls, value: Any) -> Any:
        if isinstance(value, dict) and isinstance(value.get("period"), int):
            return {**value, "period": {"constant": value["period"]}}
        return value

    @property
    def rules(self) -> dict[str, ColumnRule]:
        """All column rules, that of the period included."""
        return (
            dict(self.columns) if self.period is None else {"period": self.period, **self.columns}
        )

    def takes(self, file_name: str) -> bool:
        """Whether a source of this name belongs to this table."""
        return any(fnmatch(file_name, pattern) for pattern in self.files)


class Mapping(_Strict):
    """A whole mapping file: one table or several that arrive together."""

    tables: tuple[TableMapping, ...] = Field(min_length=1)

    @model_validator(mode="before")
    @classmethod
    def _single_table(cls, value: Any) -> Any:
        if isinstance(value, dict) and "table" in value:
            return {"tables": [value]}
        return value

    def canonical(self) -> str:
        """The mapping as text that is the same whenever the mapping means the same."""
        return self.model_dump_json(by_alias=True)
