"""How names are written wrongly: what may stand for a dot, a syllable, a character."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from jingzhun.sample.columns import alpha_positions
from jingzhun.sample.names import DOT
from jingzhun.sample.parameters import Parameters
from jingzhun.sample.streams import Array

STYLES = ("han", "faith", "tibetan", "mongol", "dotted")
"""Ways to build a name: surname and given name, the same with words from Arabic and Persian, words without a
surname, dotted with the father's name."""

_OF_STYLE = {
    "hui": "faith", "dongxiang": "faith", "bonan": "faith", "salar": "faith",
    "tibetan": "tibetan", "mongol": "mongol", "kazakh": "dotted",
}  # fmt: skip
_WORDS = {"tibetan": "tibetan", "faith": "faith", "mongol": "mongol", "dotted": "kazakh"}
_WITH_SURNAME = ("han", "faith")


def styles(parameters: Parameters, ethnicity: Array) -> Array:
    """Position in `STYLES` of people by their ethnicity (positions in its code list)."""
    codes = alpha_positions("ethnicity")
    of_code = np.zeros(max(codes.values()) + 2, dtype=np.int8)
    for alpha, style in parameters.names.styles.items():
        of_code[codes[alpha]] = STYLES.index(_OF_STYLE.get(style, "han"))
    return of_code[ethnicity]


@dataclass(frozen=True)
class Spelling:
    """The tables of wrong spellings."""

    dots: tuple[str, ...]
    syllables: Mapping[str, Mapping[str, tuple[str, ...]]]
    homophones: Mapping[str, str]
    look_alikes: Mapping[str, str]

    @classmethod
    def of(cls, parameters: Parameters) -> Spelling:
        """The tables that ship with Jingzhun."""
        own = parameters.external
        return cls(parameters.names.variants.dots, own.syllables, own.homophones, own.look_alikes)

    @cached_property
    def _kinds(self) -> Mapping[str, Array]:
        dotted = np.array([style == "dotted" for style in STYLES])
        worded = np.array([style in _WORDS and style != "dotted" for style in STYLES])
        anybody = np.ones(len(STYLES), dtype=bool)
        return {
            "dot_variant": dotted,
            "syllable_variant": worded,
            "homophone": anybody,
            "look_alike": anybody,
            "name_cut": anybody,
        }

    def has(self, kind: str) -> Array:
        """By style: whether the kind of mistake can happen to its names."""
        return self._kinds[kind]

    def forms(self, kind: str, name: str, style: int) -> tuple[str, ...]:
        """All forms that the mistake can give to a name; none when the name does not lend itself to it."""
        known = STYLES[style]
        if kind == "dot_variant":
            return tuple(name.replace(DOT, dot) for dot in self.dots) if DOT in name else ()
        if kind == "syllable_variant":
            return self._syllables(name, known)
        if kind == "name_cut":
            return _cut(name)
        table = self.homophones if kind == "homophone" else self.look_alikes
        first = 1 if known in _WITH_SURNAME else 0
        return tuple(
            name[:place] + table[character] + name[place + 1 :]
            for place, character in enumerate(name)
            if place >= first and character in table
        )

    def _syllables(self, name: str, style: str) -> tuple[str, ...]:
        table = self.syllables[_WORDS[style]]
        found: list[str] = []
        for word, others in table.items():
            at = name.find(word)
            # A syllable alone is one only at the end: elsewhere it is part of a longer word.
            if len(word) == 1:
                at = len(name) - 1 if name.endswith(word) and len(name) > 2 else -1
            if at >= 0:
                found.extend(name[:at] + other + name[at + len(word) :] for other in others)
        return tuple(found)


def _cut(name: str) -> tuple[str, ...]:
    """Without the father's name, or without the last character."""
    if DOT in name:
        return (name.split(DOT, maxsplit=1)[0],)
    return (name[:-1],) if len(name) > 2 else ()
