"""Which column of the standard a header may mean; the table of other wordings is data."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from ruamel.yaml import YAML

from jingzhun.frames.readers import plain_header
from jingzhun.quality.intake.delivery import DELIVERY as FILLED_BY_IMPORT
from jingzhun.quality.intake.units import unit_factor
from jingzhun.standard.schema import Column, Table

_SIMILAR = 0.82
_OTHERS = "external"
"""The section of other wordings for the columns that all tables of other departments have."""
_BRACKETS = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
_TRIMMED = re.compile(r"^(是否|有无)|[:*、。?]")
_HIGH, _MEDIUM, _LOW = 1.0, 0.8, 0.4


@dataclass(frozen=True)
class Guess:
    """A header and why it is taken for a column."""

    header: str
    score: float
    why: str
    unit: str | None = None

    @property
    def confidence(self) -> str:
        """In words, for the mapping's comment."""
        return {_HIGH: "sure", _MEDIUM: "likely"}.get(self.score, "CHECK")


@cache
def _synonyms() -> dict[str, Any]:
    text = files("jingzhun.quality.intake").joinpath("data/synonyms.yaml").read_text("utf-8")
    found: dict[str, Any] = YAML(typ="safe").load(text)
    return found


def guess_columns(headers: Sequence[str], table: Table) -> dict[str, Guess]:
    """For each column of a table the header that fits best; a header is used once."""
    options = [
        (guess, column.name)
        for column in table.columns
        if column.name != FILLED_BY_IMPORT
        for guess in _guesses(headers, column, table)
    ]
    order = {header: place for place, header in enumerate(headers)}
    options.sort(key=lambda option: (-option[0].score, order[option[0].header]))
    found: dict[str, Guess] = {}
    used: set[str] = set()
    for guess, name in options:
        if name not in found and guess.header not in used:
            found[name] = guess
            used.add(guess.header)
    return found


def guess_places(headers: Sequence[str]) -> list[str]:
    """Headers that name places, the widest first; empty when the village is not among them."""
    plain = {plain_header(header): header for header in reversed(headers)}
    found = []
    for names in _synonyms()["place_names"]:
        hit = next((plain[plain_header(n)] for n in names if plain_header(n) in plain), None)
        found.append(hit)
    return [name for name in found if name is not None] if found and found[-1] else []


def _guesses(headers: Sequence[str], column: Column, table: Table) -> Iterator[Guess]:
    names = {plain_header(column.name): "name of the standard"}
    names |= {plain_header(column.label.zh): "label 名称", plain_header(column.label.en): "label"}
    if column.national:
        names[plain_header(column.national)] = f"national code {column.national}"
    sections = (table.table, _OTHERS) if table.is_external else (table.table,)
    others = [n for part in sections for n in _synonyms().get(part, {}).get(column.name, [])]
    synonyms = {plain_header(str(name)) for name in others}
    for header in headers:
        plain, bare = plain_header(header), _bare(header)
        unit = _unit(header, column)
        if plain in names:
            yield Guess(header, _HIGH, names[plain], unit)
        elif plain in synonyms or bare in synonyms:
            yield Guess(header, _MEDIUM, "other wording", unit)
        elif bare in {_bare(name) for name in names}:
            yield Guess(header, _MEDIUM, "label, spelt otherwise", unit)
        elif difflib.SequenceMatcher(None, bare, _bare(column.label.zh)).ratio() >= _SIMILAR:
            yield Guess(header, _LOW, f"similar to {column.label.zh}", unit)


def _bare(header: str) -> str:
    """A header without brackets (units, remarks) and without `whether`."""
    return _TRIMMED.sub("", _BRACKETS.sub("", plain_header(header)))


def _unit(header: str, column: Column) -> str | None:
    """The unit in a header's brackets, when the column can be read from it and it is another one."""
    for text in _BRACKETS.findall(plain_header(header)):
        factor = unit_factor(column, text)
        if factor is not None and factor != 1.0:
            return str(text)
    return None
