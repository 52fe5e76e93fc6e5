"""Invented names, plausible for a person's ethnicity and sex and consistent within the family."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from jingzhun.sample.columns import alpha_positions
from jingzhun.sample.members import CHILD, FATHER, GRANDCHILD, GRANDCHILDREN, HEAD, SIBLING
from jingzhun.sample.parameters.names import Gender, NameTables
from jingzhun.sample.people import People
from jingzhun.sample.streams import Array, Streams, pick

DOT = "\u00b7"
"""The middle dot between given name and father's name (12 ministries' notice of 2016)."""
PARTS = 3


@dataclass
class _Tokens:
    """All parts of names in one table, so that a name is three positions."""

    words: list[str] = field(default_factory=lambda: [""])

    def add(self, words: Iterable[str]) -> Callable[[Array], Array]:
        """Append words; returns what turns their positions into positions of the table."""
        first = len(self.words)
        self.words.extend(words)
        return lambda index: index.astype(np.int32) + first


@dataclass(frozen=True)
class _Draws:
    """Uniform numbers of every person, and the family's, by person."""

    one: Array
    two: Array
    three: Array
    own: Array
    family: Array
    fathers: Array
    in_line: Array
    """Bears the family's surname."""


def names(tables: NameTables, people: People, streams: Streams) -> pl.Series:
    """The true name of each person."""
    tokens = _Tokens()
    parts = np.zeros((len(people), PARTS), dtype=np.int32)
    draws = _draws(people, streams)
    codes = alpha_positions("ethnicity")
    styles = {codes[alpha]: style for alpha, style in tables.styles.items()}
    for style in ("han", *dict.fromkeys(tables.styles.values())):
        wanted = [code for code, own in styles.items() if own == style]
        of_style = np.isin(people.ethnicity, wanted)
        if style == "han":
            of_style = ~np.isin(people.ethnicity, list(styles))
        for gender in ("male", "female"):
            mask = of_style & (people.female == (gender == "female"))
            where = np.nonzero(mask)[0]
            parts[where] = _parts(tables, tokens, style, gender, _taken(draws, where))
    return _joined(tables, tokens, parts, people)


def _draws(people: People, streams: Streams) -> _Draws:
    count = len(people)
    households = int(people.household.max()) + 1 if count else 0
    one = streams.uniform("name one", count)
    head_first = np.zeros(households, dtype=np.float32)
    heads = people.slot == HEAD
    head_first[people.household[heads]] = one[heads]
    slot, head_female = people.slot, people.head_female
    line = (slot >= CHILD) & (slot < CHILD + 4) | (slot == FATHER) | (slot == SIBLING)
    line |= (slot >= GRANDCHILD) & (slot < GRANDCHILD + GRANDCHILDREN)
    line |= (slot == HEAD) & ~head_female
    is_child = (slot >= CHILD) & (slot < CHILD + 4) & ~head_female
    other_father = streams.uniform("name father", count)
    return _Draws(
        one=one,
        two=streams.uniform("name two", count),
        three=streams.uniform("name three", count),
        own=streams.uniform("own surname", count),
        family=streams.uniform("surname", households)[people.household],
        fathers=np.where(is_child, head_first[people.household], other_father),
        in_line=line,
    )


def _taken(draws: _Draws, where: Array) -> _Draws:
    return _Draws(**{name: value[where] for name, value in vars(draws).items()})


def _parts(tables: NameTables, tokens: _Tokens, style: str, gender: Gender, draws: _Draws) -> Array:
    if style in tables.phrases:
        return _phrase(tables, tokens, style, gender, draws)
    if style in tables.patronymic:
        return _patronymic(tables, tokens, style, gender, draws)
    return _surname_and_given(tables, tokens, style, gender, draws)


def _phrase(
    tables: NameTables, tokens: _Tokens, style: str, gender: Gender, draws: _Draws
) -> Array:
    phrases = tables.phrases[style]
    pairs = phrases.male if gender == "male" else phrases.female
    first = tokens.add(pairs.first)(_any(pairs.first, draws.one))
    second = tokens.add(pairs.second)(_any(pairs.second, draws.two))
    return _stack(first, np.where(draws.three < phrases.one_word, 0, second))


def _patronymic(
    tables: NameTables, tokens: _Tokens, style: str, gender: Gender, draws: _Draws
) -> Array:
    given = tables.patronymic[style]
    own = given.male if gender == "male" else given.female
    first = tokens.add(own)(_any(own, draws.one))
    dot = tokens.add([DOT])(np.zeros(len(draws.one)))
    return _stack(first, dot, tokens.add(given.male)(_any(given.male, draws.fathers)))


def _surname_and_given(
    tables: NameTables, tokens: _Tokens, style: str, gender: Gender, draws: _Draws
) -> Array:
    surnames = tables.surnames[style]
    which = pick(surnames.values(), np.where(draws.in_line, draws.family, draws.own))
    given = tables.given[gender]
    first = tokens.add(given.first)(_any(given.first, draws.one))
    second = tokens.add(given.second)(_any(given.second, draws.two))
    single = tokens.add(given.single)(_any(given.single, draws.two))
    alone = draws.three < tables.single_share
    first, second = np.where(alone, single, first), np.where(alone, 0, second)
    if style in tables.words:
        words = tables.words[style]
        list_ = words.male if gender == "male" else words.female
        faith = draws.three > 1.0 - words.share
        first = np.where(faith, tokens.add(list_)(_any(list_, draws.one)), first)
        second = np.where(faith, 0, second)
    return _stack(tokens.add(surnames)(which), first, second)


def _any(words: Iterable[str], uniform: Array) -> Array:
    count = len(tuple(words))
    return np.minimum((uniform * count).astype(np.int32), count - 1)


def _stack(*columns: Array) -> Array:
    rest = [np.zeros(len(columns[0]), dtype=np.int32)] * (PARTS - len(columns))
    return np.stack([*columns, *rest], axis=1)


def _joined(tables: NameTables, tokens: _Tokens, parts: Array, people: People) -> pl.Series:
    words = pl.Series(tokens.words)
    columns = {
        f"part{i}": words.gather(pl.Series(np.ascontiguousarray(parts[:, i]).astype(np.uint32)))
        for i in range(PARTS)
    }
    rows = pl.DataFrame({**columns, "female": pl.Series(people.female)})
    instead = pl.when("female").then(pl.lit(tables.instead["female"]))
    whole = pl.concat_str("part0", "part1", "part2")
    other = pl.concat_str(
        "part0",
        pl.when(pl.col("part2") == "").then(pl.lit("")).otherwise("part1"),
        instead.otherwise(pl.lit(tables.instead["male"])),
    )
    avoided = whole.is_in(list(tables.avoid))
    return rows.select(pl.when(avoided).then(other).otherwise(whole).alias("name")).to_series()
