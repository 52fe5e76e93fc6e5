"""Direct identifiers of archives: sealed, and indexed by normal forms that intake and search share."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import polars as pl

from jingzhun.linkage.names import clean, name_keys
from jingzhun.standard.id_numbers.single import cleaned
from jingzhun_web.kit.keys import seals

TAIL = 4
MASK = "*"


def sealed_column(texts: pl.Series) -> pl.Series:
    """Each text sealed, as PostgreSQL writes bytes; null stays null."""
    seal = seals().seal
    return _each(texts, lambda text: "\\x" + seal(text).hex())


def document_index(numbers: pl.Series) -> pl.Series:
    """The blind index of each document number; a disability certificate has that of its identity number."""
    return _indexed("document", numbers, document_form)


def name_indexes(names: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Blind indexes of each name by its characters and by its sound."""
    distinct = names.drop_nulls().unique().sort()
    keys = name_keys(distinct)
    plain = dict(zip(distinct, keys["clean"], strict=True))
    sound = dict(zip(distinct, keys["pinyin"], strict=True))
    return (
        _indexed("name", names, plain.get),
        _indexed("pinyin", names, lambda text: (sound.get(text) or "").replace(" ", "") or None),
    )


def document_form(number: str) -> str | None:
    """The form of a number by which it is searched: 18 characters where there are as many."""
    text = cleaned(number)
    return text[:18] or None


def search_indexes(text: str) -> dict[str, bytes]:
    """Field -> blind index, for everything that a searched text may be."""
    found: dict[str, bytes] = {}
    number = document_form(text)
    if number and number[:6].isdigit():
        found["document_index"] = seals().index(f"document {number}")
    plain = clean(pl.Series([text]))[0]
    if plain:
        found["name_index"] = seals().index(f"name {plain}")
    if text.isascii():
        letters = "".join(text.lower().split())
        found["pinyin_index"] = seals().index(f"pinyin {letters}")
    return found


def masked_name(name: str) -> str:
    """A name as it is shown outside: the first character, the others hidden; two characters at least."""
    return name[:1] + MASK * max(1, len(name) - 1)


def masked_number(number: str) -> str:
    """A document number as staff see it: the first six and the last four."""
    hidden = max(0, len(number) - 6 - TAIL)
    return number[:6] + MASK * hidden + number[-TAIL:] if hidden else MASK * len(number)


def _indexed(kind: str, texts: pl.Series, form: Callable[[str], str | None]) -> pl.Series:
    index = seals().index

    def one(text: str) -> str | None:
        normal = form(text)
        return None if normal is None else "\\x" + index(f"{kind} {normal}").hex()

    return _each(texts, one)


def _each(texts: pl.Series, make: Callable[[str], str | None]) -> pl.Series:
    values: Sequence[str | None] = texts.to_list()
    made = [None if text is None else make(text) for text in values]
    return pl.Series(texts.name, made, dtype=pl.String)
