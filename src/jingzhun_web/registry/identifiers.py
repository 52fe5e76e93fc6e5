"""Direct identifiers of archives: sealed, and indexed by normal forms that intake and search share."""

from __future__ import annotations

import re
from collections.abc import Callable

import polars as pl

from jingzhun.linkage.names import clean, name_keys
from jingzhun.standard.id_numbers.single import cleaned
from jingzhun_web.kit.keys import seals

TAIL = 4
MASK = "*"
_PLAIN = re.compile("[0-9]{17}[0-9X]").fullmatch


def sealed_column(texts: pl.Series) -> pl.Series:
    """Each text sealed, as PostgreSQL writes bytes; null stays null."""
    sealed = seals().seal_each(texts.to_list())
    made = [None if value is None else "\\x" + value.hex() for value in sealed]
    return pl.Series(texts.name, made, dtype=pl.String)


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
    if _PLAIN(number):
        return number  # as most are: cleaning it would change nothing
    return cleaned(number)[:18] or None


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
    """The blind index of each text's normal form, worked out once for each text that differs."""
    index = seals().index
    distinct = texts.drop_nulls().unique()
    forms = [form(text) for text in distinct.to_list()]
    made = [None if f is None else "\\x" + index(f"{kind} {f}").hex() for f in forms]
    known = pl.DataFrame({"text": distinct, "index": pl.Series(made, dtype=pl.String)})
    asked = pl.DataFrame({"text": texts})
    return asked.join(known, on="text", how="left", maintain_order="left")["index"]
