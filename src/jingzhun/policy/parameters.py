"""Dated parameters: what a number of policy was on a date, for an area, and who says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StrictBool, StrictFloat, StrictInt, StrictStr, model_validator

from jingzhun.errors import ParameterError
from jingzhun.policy.base import Area, Confidence, Name, PackModel
from jingzhun.standard.labels import Label

Value = StrictBool | StrictInt | StrictFloat | date | StrictStr
Values = Annotated[dict[date, Value], Field(min_length=1)]


class Override(PackModel):
    """Other values of a parameter in one area and all below it."""

    area: Area
    values: Values
    source: str | dict[date, str]
    confidence: Confidence | dict[date, Confidence] = "L"
    default: bool = False


@dataclass(frozen=True)
class Entry:
    """A parameter as it stands on one date in one area. `area` is None where no override applies."""

    name: str
    label: Label
    unit: str
    value: Value
    since: date
    source: str
    confidence: str
    default: bool
    area: str | None = None

    @property
    def is_verified(self) -> bool:
        """Whether a source was found; otherwise the value must be shown as unverified."""
        return not self.default and "recall" not in self.confidence


class Parameter(PackModel):
    """A number (or word) of policy that changes over time. `default` marks our own, not an official one."""

    name: Name
    label: Label
    description: Label
    unit: str
    kind: str | None = None
    values: Values
    source: str | dict[date, str]
    confidence: Confidence | dict[date, Confidence]
    last_checked: date
    default: bool
    defaults: tuple[date, ...] = ()
    """Dates whose value is our own although the parameter as a whole has a source."""
    overridable: Literal["county", "none"] = "none"
    overrides: tuple[Override, ...] = ()

    @model_validator(mode="after")
    def _complete(self) -> Parameter:
        """Every dated value has its source and confidence, and all values are of one type."""
        parts: tuple[Parameter | Override, ...] = (self, *self.overrides)
        for part in parts:
            _same_dates(part.values, part.source, "source")
            _same_dates(part.values, part.confidence, "confidence")
        values = [v for part in parts for v in part.values.values()]
        if len({_kind(value) for value in values}) > 1:
            raise ValueError("all values of a parameter must be of one kind: numbers, or words")
        if unknown := set(self.defaults) - set(self.values):
            raise ValueError(f"defaults names {min(unknown)}, which is not among the values")
        if self.overrides and self.overridable == "none":
            raise ValueError("overrides need  overridable: county")
        return self

    @property
    def first_date(self) -> date:
        """The first date with a value."""
        return min(self.values)

    def entry(self, on: date, area: str | None = None) -> Entry:
        """The value on a date in an area, with source and confidence.

        The most specific override whose area contains `area` and that has begun wins, then the general
        value. ParameterError when `on` lies before the first date.
        """
        for override in self._overrides(area):
            since = _latest(override.values, on)
            if since is not None:
                return self._entry(override, since, override.default, override.area)
        since = _latest(self.values, on)
        if since is None:
            raise ParameterError(
                f"Parameter {self.name} has no value on {on.isoformat()}",
                why=f"Its first value begins on {self.first_date.isoformat()}",
                do="Choose a later date, or add an earlier value with its source to the pack",
            )
        return self._entry(self, since, self.default or since in self.defaults, None)

    def value(self, on: date, area: str | None = None) -> Value:
        """The value on a date in an area; see `entry`."""
        return self.entry(on, area).value

    def values_by_area(self, on: date) -> tuple[tuple[str, Value], ...]:
        """(area, value) of every override that has begun on a date, the most specific first."""
        begun = [(o.area, _latest(o.values, on), o) for o in self.overrides]
        found = [(area, o.values[since]) for area, since, o in begun if since is not None]
        typed = [(area, self._typed(value)) for area, value in found]
        return tuple(sorted(typed, key=lambda pair: (-len(pair[0]), pair[0])))

    def _typed(self, value: Value) -> Value:
        """A whole number as a decimal where any value of the parameter is one: expressions tell them apart."""
        parts: tuple[Parameter | Override, ...] = (self, *self.overrides)
        decimal = any(isinstance(v, float) for part in parts for v in part.values.values())
        if decimal and isinstance(value, int) and not isinstance(value, bool):
            return float(value)
        return value

    def _overrides(self, area: str | None) -> list[Override]:
        inside = [o for o in self.overrides if area is not None and area.startswith(o.area)]
        return sorted(inside, key=lambda o: -len(o.area))

    def _entry(
        self, part: Parameter | Override, since: date, default: bool, area: str | None
    ) -> Entry:
        return Entry(
            name=self.name,
            label=self.label,
            unit=self.unit,
            value=self._typed(part.values[since]),
            since=since,
            source=_dated_text(part.source, since),
            confidence=_dated_text(part.confidence, since),
            default=default,
            area=area,
        )


def _latest(values: Mapping[date, object], on: date) -> date | None:
    return max((day for day in values if day <= on), default=None)


def _dated_text(texts: str | Mapping[date, str], since: date) -> str:
    return texts if isinstance(texts, str) else texts[since]


def _same_dates(values: Mapping[date, object], texts: str | Mapping[date, str], what: str) -> None:
    if isinstance(texts, str):
        return
    if missing := set(values) - set(texts):
        raise ValueError(
            f"{what} has no entry for {min(missing)}: give one for every date, or one text"
        )
    if unknown := set(texts) - set(values):
        raise ValueError(f"{what} names {min(unknown)}, which is not among the values")


def _kind(value: Value) -> str:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return "number" if number else type(value).__name__


def entries(
    parameters: Sequence[Parameter], on: date, area: str | None = None
) -> tuple[Entry, ...]:
    """All parameters as they stand on a date; those that have not begun are left out."""
    return tuple(p.entry(on, area) for p in parameters if p.first_date <= on)
