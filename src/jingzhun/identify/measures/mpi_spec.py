"""The specification of a multidimensional index: indicators, weights, deprivations, cutoff.

```yaml
cutoff: 1/3                # share of weighted deprivations from which a person is poor; 33 or "33%"
missing: drop_row          # or drop_indicator
indicators:
  - name: schooling
    column: d_school       # 0/1 column; or  deprived: "educyr < 6"  (CEL, true = deprived)
    weight: 1              # any positive numbers, normalised to 1
    dimension: education   # with dimensions: equal (or given) weights across dimensions
dimensions:                # optional; weights of the dimensions named above
  education: 1
```
"""

from __future__ import annotations

import math
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from jingzhun.errors import InputError, Place

_SYNONYMS = {
    "id": "name",
    "expression": "deprived",
    "deprivation": "deprived",
    "condition": "deprived",
    "cel": "deprived",
    "w": "weight",
}


class Indicator(BaseModel):
    """One deprivation: a 0/1 column or a CEL expression that is true for the deprived."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=1)
    weight: float = Field(default=1.0, gt=0, allow_inf_nan=False)
    dimension: str | None = None
    column: str | None = None
    deprived: str | None = None

    @field_validator("weight", mode="before")
    @classmethod
    def _fraction(cls, value: object) -> object:
        return _number(value) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _one_source(self) -> Indicator:
        if self.column is not None and self.deprived is not None:
            message = "give either `column` (0/1) or `deprived` (an expression), not both"
            raise ValueError(message)
        return self


class MpiSpec(BaseModel):
    """A whole index. `missing` says what a row without a known deprivation does (see `mpi`)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str | None = None
    cutoff: float = Field(gt=0, le=1)
    missing: Literal["drop_row", "drop_indicator"] = "drop_row"
    indicators: list[Indicator] = Field(min_length=1)
    dimensions: dict[str, float] = Field(default_factory=dict)

    @field_validator("cutoff", mode="before")
    @classmethod
    def _share(cls, value: object) -> object:
        """A number above 1 is a percentage: 33 is 33 %."""
        number = _number(value) if isinstance(value, str) else value
        if isinstance(number, int | float) and not isinstance(number, bool) and number > 1:
            return number / 100
        return number

    @model_validator(mode="after")
    def _consistent(self) -> MpiSpec:
        names = [indicator.name for indicator in self.indicators]
        repeated = sorted({name for name in names if names.count(name) > 1})
        if repeated:
            message = f"indicator {repeated[0]!r} is listed twice"
            raise ValueError(message)
        grouped = [indicator.dimension is not None for indicator in self.indicators]
        if any(grouped) and not all(grouped):
            message = "either every indicator names its dimension or none does"
            raise ValueError(message)
        unknown = set(self.dimensions) - {indicator.dimension for indicator in self.indicators}
        if unknown:
            message = f"dimension {min(unknown)!r} has no indicator"
            raise ValueError(message)
        if any(not (math.isfinite(w) and w > 0) for w in self.dimensions.values()):
            message = "weights of dimensions must be positive"
            raise ValueError(message)
        return self

    def weights(self, kept: list[bool] | None = None) -> list[float]:
        """Weights of the indicators, summing to 1; those not `kept` get 0.

        With dimensions the weight of a dimension is shared by its kept indicators.
        """
        keep = kept or [True] * len(self.indicators)
        own = [i.weight if k else 0.0 for i, k in zip(self.indicators, keep, strict=True)]
        inside: dict[str | None, float] = {}
        for indicator, weight in zip(self.indicators, own, strict=True):
            inside[indicator.dimension] = inside.get(indicator.dimension, 0.0) + weight
        outer = {d: self.dimensions.get(d or "", 1.0) for d, total in inside.items() if total > 0}
        whole = sum(outer.values())
        return [
            weight / inside[indicator.dimension] * outer[indicator.dimension] / whole
            if weight
            else 0.0
            for indicator, weight in zip(self.indicators, own, strict=True)
        ]


def read_spec(path: Path) -> MpiSpec:
    """The specification in a YAML file. Raises InputError naming the line, or the key, that is wrong."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            "The specification can't be read",
            where=Place(file=str(path)),
            why=str(error),
            do="Give the path of a YAML file in UTF-8",
        ) from error
    try:
        data = YAML(typ="safe").load(text)
    except YAMLError as error:
        mark = error.problem_mark if isinstance(error, MarkedYAMLError) else None
        raise InputError(
            "The specification is no valid YAML",
            where=Place(file=str(path), line=mark.line + 1 if mark else None),
            why=str(getattr(error, "problem", None) or error),
            do="Correct the line",
        ) from error
    return _validated(data, str(path))


def _validated(data: object, file: str) -> MpiSpec:
    if not isinstance(data, dict):
        raise InputError(
            "The specification is no mapping",
            where=Place(file=file),
            why="It must have the keys `cutoff` and `indicators`",
            do="See `jingzhun mpi --help` for an example",
        )
    try:
        return MpiSpec.model_validate(_normalised(data))
    except ValidationError as error:
        first = error.errors()[0]
        raise InputError(
            f"The specification is wrong: {first['msg'].removeprefix('Value error, ')}",
            where=Place(file=file, field=".".join(str(part) for part in first["loc"]) or None),
            why=f"{error.error_count()} such finding(s)",
            do="See `jingzhun mpi --help` for an example",
        ) from error


def _normalised(data: dict[Any, Any]) -> dict[str, Any]:
    """Indicators may be a list, or a mapping from name to the rest; some keys have two names."""
    out = {str(key): value for key, value in data.items()}
    if "k" in out and "cutoff" not in out:
        out["cutoff"] = out.pop("k")
    items = out.get("indicators")
    if isinstance(items, dict):
        items = [
            {"name": str(name), **(rest if isinstance(rest, dict) else {"weight": rest})}
            for name, rest in items.items()
        ]
    if isinstance(items, list):
        out["indicators"] = [
            {_SYNONYMS.get(str(k), str(k)): v for k, v in item.items()}
            if isinstance(item, dict)
            else item
            for item in items
        ]
    dimensions = out.get("dimensions")
    if isinstance(dimensions, list):
        out["dimensions"] = {
            str(d.get("name")): d.get("weight", 1) for d in dimensions if isinstance(d, dict)
        }
    return out


def _number(text: str) -> float | str:
    """`1/3`, `33 %`, `0.4`; anything else unchanged, for the validation to refuse."""
    cleaned = text.strip().replace("％", "%")
    try:
        if cleaned.endswith("%"):
            return float(cleaned[:-1]) / 100
        return float(Fraction(cleaned.replace(" ", "")))
    except (ValueError, ZeroDivisionError):
        return text
