"""Direct identifiers of archives: sealed, and indexed by normal forms that intake and search share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

import polars as pl

from jingzhun.linkage.names import clean, name_keys
from jingzhun.standard.id_numbers.single import cleaned
from jingzhun_web.kit.keys import seals
from jingzhun_web.kit.seals import Seals

TAIL = 4
DISTRICT = 6
SHORTEST_IDENTITY = 15
"""Digits of an identity number of the old kind; shorter documents begin with no district."""
MASK = "*"
NAMES_KEPT = 200_000
"""Names whose indexes are kept: some 40 MB. People share names, so that few are worked out twice."""
_PLAIN = re.compile("[0-9]{17}[0-9X]").fullmatch


def sealed_column(texts: pl.Series) -> pl.Series:
    """Each text sealed, as PostgreSQL writes bytes; null stays null."""
    return _as_written(texts.name, seals().seal_each(texts.to_list()))


def document_index(numbers: pl.Series) -> pl.Series:
    """The blind index of each document number; a disability certificate has that of its identity number."""
    forms = [None if text is None else document_form(text) for text in numbers.to_list()]
    return _indexed("document", forms)


def name_indexes(names: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Blind indexes of each name by its characters and by its sound."""
    return _names_of(seals()).indexes(names)


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


def masked(column: str, value: str) -> str:
    """An identifier as staff see it who have given no reason to see all of it.

    Of a telephone or account the last four. Of an identity number the district that begins it and no more: the
    archive shows the birth date that stands in the middle, and with it any other end would tell the whole.
    """
    if column == "document_number":
        kept = DISTRICT if len(value) >= SHORTEST_IDENTITY else 0
        return value[:kept] + MASK * (len(value) - kept)
    return MASK * max(0, len(value) - TAIL) + value[-TAIL:]


class _Names:
    """Indexes of the names met so far, so that a province's names are worked out once and not county by county."""

    def __init__(self) -> None:
        text = pl.String
        self._known = pl.DataFrame(schema={"text": text, "plain": text, "sound": text})

    def indexes(self, names: pl.Series) -> tuple[pl.Series, pl.Series]:
        """By characters and by sound; null for null, and where nothing is left of a name."""
        asked = pl.DataFrame({"text": names}, schema={"text": pl.String})
        known = self._known
        new = asked.unique().drop_nulls().join(known, on="text", how="anti")["text"].sort()
        if new.len():
            known = pl.concat([known, _worked_out(new)])
            if known.height <= NAMES_KEPT:
                self._known = known
        found = asked.join(known, on="text", how="left", maintain_order="left")
        return found["plain"], found["sound"]


@lru_cache(maxsize=1)
def _names_of(_keys: Seals) -> _Names:
    """The names of these keys: with others every index is another."""
    return _Names()


def _worked_out(names: pl.Series) -> pl.DataFrame:
    """Names that differ, with their indexes."""
    keys = name_keys(names)
    sounds = [(sound or "").replace(" ", "") or None for sound in keys["pinyin"]]
    plain = _indexed("name", keys["clean"].to_list())
    return pl.DataFrame({"text": names, "plain": plain, "sound": _indexed("pinyin", sounds)})


def _indexed(kind: str, forms: Sequence[str | None]) -> pl.Series:
    """The blind index of each normal form; null where there is none."""
    index = seals().index
    return _as_written("index", [None if f is None else index(f"{kind} {f}") for f in forms])


def _as_written(name: str, values: Sequence[bytes | None]) -> pl.Series:
    """Bytes as PostgreSQL writes them."""
    return ("\\x" + pl.Series(values, dtype=pl.Binary).bin.encode("hex")).rename(name)
