"""Names of divisions as people write them, reduced to what can be compared."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from jingzhun.standard.divisions.codes import Level
from jingzhun.standard.divisions.shipped import shipped_rows
from jingzhun.standard.schema import code_list

# Blanks, controls, zero-width characters and the dots that some put between the parts of a name.
_NOISE = re.compile("[\\s\x00-\x1f\x7f\xad\u200b-\u200f\u2028-\u202e\u2060\ufeff·•・‧∙⋅]+")
_SHORTEST = 2
"""A name is not cut below two characters: nobody calls 宁县 just 宁."""


@dataclass(frozen=True)
class Suffix:
    """An ending that states the kind of a division, such as 村民委员会 for a village."""

    text: str
    level: Level
    kind: str
    is_autonomous: bool


@dataclass(frozen=True)
class Reading:
    """A name split into what is particular to it and the kind of division, null when not stated."""

    base: str
    kind: str | None


@cache
def suffixes() -> tuple[Suffix, ...]:
    """All endings, longest first, from `data/divisions/name_suffixes.csv`."""
    rows = shipped_rows("name_suffixes.csv")
    found = [Suffix(r["suffix"], Level(r["level"]), r["kind"], bool(r["autonomous"])) for r in rows]
    return tuple(sorted(found, key=lambda suffix: -len(suffix.text)))


@cache
def kinds() -> frozenset[tuple[Level, str]]:
    """Which kinds of division there are at each level."""
    return frozenset((suffix.level, suffix.kind) for suffix in suffixes())


@cache
def _glyphs() -> dict[int, str]:
    return {ord(r["variant"]): r["standard"] for r in shipped_rows("glyph_variants.csv")}


@cache
def _peoples() -> tuple[str, ...]:
    """Names of peoples without 族, longest first, so that 土家 goes before 土."""
    names = (v.zh.removesuffix("族") for v in code_list("ethnicity").values if v.zh.endswith("族"))
    return tuple(sorted(names, key=lambda name: (-len(name), name)))


def plain(name: str) -> str:
    """The name without blanks and dots, with narrow characters and today's standard glyphs."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", name)).translate(_glyphs())


def read(name: str, level: Level | None = None) -> Reading:
    """A plain name split by the endings of its level, or of all levels when it is not known."""
    for suffix in suffixes():
        if level not in {None, suffix.level} or not name.endswith(suffix.text):
            continue
        base = _base(name, suffix)
        if base:
            return Reading(base, suffix.kind)
    return Reading(_without_peoples(name, is_autonomous=False), None)


def _base(name: str, suffix: Suffix) -> str | None:
    """What stands before the ending; null when too little does."""
    rest = name.removesuffix(suffix.text)
    if suffix.level is Level.VILLAGE:
        return _village_base(rest, suffix)
    rest = _without_peoples(rest, is_autonomous=suffix.is_autonomous)
    return rest if len(rest) >= _SHORTEST else None


def _village_base(rest: str, suffix: Suffix) -> str | None:
    # 张庄村村委会, 张庄村委会 and 张庄村 are one village; but 西村委会 is the village 西村.
    inner = rest.removesuffix("村") if suffix.kind == "村" else rest
    for base in (inner, rest):
        if len(base) >= _SHORTEST:
            return base
    return rest + "村" if rest and suffix.kind == "村" and suffix.text != "村" else None


def _without_peoples(name: str, *, is_autonomous: bool) -> str:
    """积石山保安族东乡族撒拉族 -> 积石山, 东乡族 -> 东乡; only an autonomous area may leave out 族."""
    while True:
        shorter = _without_one_people(name, is_autonomous=is_autonomous)
        if shorter == name:
            return name
        name = shorter


def _without_one_people(name: str, *, is_autonomous: bool) -> str:
    for people in _peoples():
        bare = (people,) if is_autonomous and len(people) >= _SHORTEST else ()
        for written in (people + "族", *bare):
            rest = name.removesuffix(written)
            if rest == name:
                continue
            if len(rest) >= _SHORTEST:
                return rest
            if not rest and len(people) >= _SHORTEST:
                return people
    return name
