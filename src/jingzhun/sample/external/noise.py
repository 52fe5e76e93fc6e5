"""Persons as a department has noted them: a noisy copy of who they are, whole columns at a time.

It needs nothing of a county, so that benchmarks can make pairs of files with it: build `Identities` and
`Rates`, call `noisy_copy`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from jingzhun.sample import misspelling
from jingzhun.sample.columns import NULL, UNKNOWN
from jingzhun.sample.external.spelling import Spelling
from jingzhun.sample.parameters import Parameters
from jingzhun.sample.streams import Array, Streams

ID_KINDS = (
    "id_missing",
    "id_one_character",
    "id_swapped",
    "id_spaced",
    "id_full_width",
    "id_fifteen_digits",
    "id_lower_x",
)
NAME_KINDS = ("dot_variant", "syllable_variant", "homophone", "look_alike", "name_cut")
OTHER_KINDS = ("birth_date_slip", "sex_wrong", "birth_date_missing", "sex_missing")
KINDS = (*ID_KINDS, *NAME_KINDS, *OTHER_KINDS)
"""Kinds of noise in the order of the bits of `Noted.noise`."""


@dataclass(frozen=True)
class Identities:
    """Who people are, one entry each; numbers are valid ones of 18 characters."""

    names: pl.Series
    numbers: pl.Series
    born: Array
    """Days since 1970-01-01."""
    female: Array
    style: Array
    """How the name is built: position in `spelling.STYLES`."""

    def __len__(self) -> int:
        return len(self.born)

    def taken(self, rows: Array) -> Identities:
        """The persons at these positions."""
        index = pl.Series(rows.astype(np.uint32))
        return Identities(
            self.names.gather(index),
            self.numbers.gather(index),
            self.born[rows],
            self.female[rows],
            self.style[rows],
        )


@dataclass(frozen=True)
class Noted:
    """What stands in the records; null (or the marks for it) where nothing stands."""

    names: pl.Series
    numbers: pl.Series
    born: Array
    """NULL where the birth date is missing."""
    female: Array
    """1, 0 or UNKNOWN."""
    noise: Array
    """Bits in the order of `KINDS`."""


@dataclass(frozen=True)
class Rates:
    """How often each kind of noise happens, and what is written for what."""

    shares: Mapping[str, float]
    spelling: Spelling
    factor: float = 1.0
    """All rates times this."""
    equal_names: float | None = None
    """Share of wrongly written names in every people alike, in place of the rates by kind."""

    @classmethod
    def of(cls, parameters: Parameters, *, factor: float = 1.0, equal: bool = False) -> Rates:
        """The rates that ship with Jingzhun."""
        external = parameters.external
        return cls(
            external.noise,
            Spelling.of(parameters),
            factor,
            external.equal_names if equal else None,
        )

    def share(self, kind: str) -> float:
        """Chance of a kind of noise."""
        return min(self.shares[kind] * self.factor, 1.0)


def noisy_copy(
    people: Identities, rates: Rates, streams: Streams, purpose: str, period: int = 0
) -> Noted:
    """Persons as they are noted once under one `purpose`; the same arguments give the same noise.

    A number has one mistake at most, and so has a name. Takes about half a second for a million persons
    at the rates that ship.
    """

    def draw(what: str) -> Array:
        return streams.uniform(f"{purpose} {what}", len(people), period)

    bits = np.zeros(len(people), dtype=np.int32)
    numbers, bits = _numbers(people, rates, draw, bits)
    names, bits = noisy_names(people.names, people.style, rates, draw, bits)
    late = draw("birth slip") < rates.share("birth_date_slip")
    shift = np.asarray(misspelling.SHIFTS)[_index(draw("shift"), len(misspelling.SHIFTS))]
    unborn = draw("birth missing") < rates.share("birth_date_missing")
    flips = draw("sex")
    wrong = flips < rates.share("sex_wrong")
    sexless = flips > 1.0 - rates.share("sex_missing")
    for kind, mask in zip(OTHER_KINDS, (late & ~unborn, wrong, unborn, sexless), strict=True):
        bits = bits | np.where(mask, 1 << KINDS.index(kind), 0).astype(np.int32)
    born = np.where(late, people.born + shift, people.born)
    return Noted(
        names=names,
        numbers=numbers,
        born=np.where(unborn, NULL, born),
        female=np.where(sexless, UNKNOWN, people.female ^ wrong),
        noise=bits,
    )


Draw = Callable[[str], Array]


def _index(uniform: Array, count: int) -> Array:
    return np.minimum((uniform * count).astype(np.int64), count - 1)


def _numbers(people: Identities, rates: Rates, draw: Draw, bits: Array) -> tuple[pl.Series, Array]:
    """The numbers as noted: each has one kind of mistake at most."""
    chance, which = draw("number"), draw("which digit")
    kind = np.full(len(chance), -1, dtype=np.int8)
    edge = 0.0
    for place, name in enumerate(ID_KINDS[:5]):
        share = rates.share(name)
        kind[(chance >= edge) & (chance < edge + share)] = place
        edge += share
    old = people.born < misspelling.BORN_WITHOUT_FIFTEEN
    had = rates.share("id_fifteen_digits") / max(float(old.mean()) if len(old) else 1.0, 0.05)
    kind[old & (chance >= edge) & (chance < edge + had)] = ID_KINDS.index("id_fifteen_digits")
    late = np.nonzero(chance > 1.0 - rates.share("id_lower_x"))[0]
    ends = people.numbers.gather(late).str.ends_with("X").to_numpy()
    kind[late[ends & (kind[late] < 0)]] = ID_KINDS.index("id_lower_x")
    numbers = people.numbers.clone()
    for place, name in enumerate(ID_KINDS):
        where = np.nonzero(kind == place)[0]
        if len(where):
            changed = _NUMBERS[name](people.numbers.gather(where), which[where])
            numbers = numbers.scatter(where, changed)
            bits[where] |= 1 << place
    return numbers, bits


_NUMBERS: dict[str, misspelling.Change] = {
    "id_missing": lambda text, _: pl.Series([None] * len(text), dtype=pl.String),
    "id_one_character": misspelling.one_character,
    "id_swapped": misspelling.swapped,
    "id_spaced": misspelling.spaced,
    "id_full_width": misspelling.full_width,
    "id_fifteen_digits": misspelling.fifteen,
    "id_lower_x": lambda text, _: text.str.to_lowercase(),
}


def noisy_names(
    names: pl.Series, style: Array, rates: Rates, draw: Draw, bits: Array
) -> tuple[pl.Series, Array]:
    """Names as noted, and `bits` with the kinds of noise put in; each has one mistake at most."""
    chance, which = draw("name"), draw("which part")
    if rates.equal_names is None:
        wanted = _by_kind(style, rates, chance)
    else:
        share = min(rates.equal_names * rates.factor, 1.0)
        wanted = np.where(chance < share, len(NAME_KINDS), -1)
    where = np.nonzero(wanted >= 0)[0]
    written, found = _rewritten(
        names.gather(where).to_list(), style[where], wanted[where], which[where], rates.spelling
    )
    done = found >= 0
    rows = where[done]
    bits[rows] |= np.left_shift(1, found[done] + len(ID_KINDS)).astype(bits.dtype)
    changed = pl.Series([name for name, is_new in zip(written, done, strict=True) if is_new])
    return (names.clone().scatter(rows, changed) if len(rows) else names), bits


def _by_kind(style: Array, rates: Rates, chance: Array) -> Array:
    """Which kind of mistake each name is to have; -1 for none. The rates by people come first."""
    wanted = np.full(len(style), -1, dtype=np.int8)
    start = np.zeros(len(style))
    for place, kind in enumerate(NAME_KINDS):
        own = rates.spelling.has(kind)[style] * rates.share(kind)
        wanted[(chance >= start) & (chance < start + own)] = place
        start = start + own
    return wanted


def _rewritten(
    names: Sequence[str], style: Array, wanted: Array, which: Array, spelling: Spelling
) -> tuple[list[str], Array]:
    """Each name with its mistake, and the kind that it got: -1 where the name does not lend itself to it."""
    known: dict[tuple[str, int, int], tuple[int, tuple[str, ...]]] = {}
    written: list[str] = []
    found = np.full(len(names), -1, dtype=np.int64)
    rows = zip(names, style.tolist(), wanted.tolist(), which.tolist(), strict=True)
    for row, (name, own, kind, part) in enumerate(rows):
        key = (name, own, kind)
        if key not in known:
            known[key] = _forms(name, own, kind, spelling)
        got, forms = known[key]
        if forms:
            written.append(forms[min(int(part * len(forms)), len(forms) - 1)])
            found[row] = got
        else:
            written.append(name)
    return written, found


def _forms(name: str, style: int, kind: int, spelling: Spelling) -> tuple[int, tuple[str, ...]]:
    """The first kind of mistake that is possible, from the wanted one (or any) on, and its forms."""
    kinds = range(len(NAME_KINDS)) if kind == len(NAME_KINDS) else (kind,)
    for place in kinds:
        if spelling.has(NAME_KINDS[place])[style]:
            forms = spelling.forms(NAME_KINDS[place], name, style)
            if forms:
                return place, forms
    return -1, ()
