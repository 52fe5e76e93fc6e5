"""What of a person is encoded, in the clear: made on the owner's machine and never written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import narwhals as nw
import polars as pl

from jingzhun.errors import InputError
from jingzhun.linkage.names import name_keys, surname_shares
from jingzhun.linkage.private.settings import Columns, Settings
from jingzhun.standard import id_numbers

HASHES = {"c": 8, "s": 8, "p": 4, "b": 10, "x": 6, "a": 4}
"""Bits that a token sets, by its first letter: what tells people apart has more."""
PARTS: dict[str, tuple[str, ...]] = {
    "name": ("letters", "folded", "sound"),
    "birth": ("born", "sex"),
    "place": ("area",),
}
"""Field of a filter -> the columns it is made of."""

_LATEST = date(2100, 1, 1)
_AREA_LENGTHS = (4, 6, 9)
Row = tuple[str | None, ...]


def prepared(table: pl.DataFrame, columns: Columns, settings: Settings) -> pl.DataFrame:
    """Columns in normal form, all texts but is_valid: row_id, number, letters, folded, sound, born, sex, area.

    born is YYYYMMDD. Birth date and sex that are missing are taken from a valid number. InputError when
    the row id is missing or not unique, a column is absent, or neither number nor name is there.
    """
    wanted = columns.model_dump(exclude_none=True)
    absent = [name for name in wanted.values() if name not in table.columns]
    if absent:
        raise InputError(f"The table has no column {', '.join(absent)}", do="Name its columns")
    if "number" not in wanted and "name" not in wanted:
        raise InputError("Neither a number nor a name is there to link people by")
    texts = table.select(
        (pl.col(wanted[role]) if role in wanted else pl.lit(None)).cast(pl.String).alias(role)
        for role in Columns.model_fields
    )
    if texts["row_id"].null_count() or texts["row_id"].n_unique() != texts.height:
        raise InputError("Row ids must be there and differ", do="Name a column that is a key")
    return _normal(texts, settings)


def _normal(texts: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    facts: pl.DataFrame = id_numbers.with_id_columns(
        nw.from_native(texts), "number", on=_LATEST, prefix="id"
    ).to_native()
    is_number = pl.col("id_kind").is_not_null() & (pl.col("id_kind") != "placeholder")
    digits = pl.col("birth_date").str.replace_all(r"\D", "").str.slice(0, 8)
    born = pl.when(digits.str.len_chars() == 8).then(digits)
    area = pl.col("area").str.replace_all(r"\D", "")
    return facts.hstack(_names(texts["name"], settings)).select(
        "row_id",
        "letters",
        "folded",
        "sound",
        number=pl.when(is_number).then("id_normalised"),
        is_valid=pl.col("id_problem").is_null(),
        born=pl.coalesce(born, pl.col("id_birth_date").dt.strftime("%Y%m%d")),
        sex=pl.coalesce(pl.col("sex").str.strip_chars(), "id_sex"),
        area=pl.when(area.str.len_chars() >= 6).then(area),
    )


def _names(names: pl.Series, settings: Settings) -> list[pl.Series]:
    """letters, folded and sound of each name; without its surname where so many bear it."""
    keys = name_keys(names)
    common = pl.Series([False] * len(keys), dtype=pl.Boolean)
    if settings.common_surnames is not None:
        common = surname_shares(keys["surname"]).fill_null(0.0) >= settings.common_surnames
    shown = pl.when(common).then("given").otherwise("clean").alias("letters")
    surname = pl.when(common).then("surname").otherwise(pl.lit(""))
    folded = pl.col("syllable_class").str.strip_prefix(surname.fill_null(""))
    syllables = pl.col("pinyin").str.split(" ")
    heard = syllables.list.slice(pl.col("surname").str.len_chars()).list.join("")
    sound = pl.when(common).then(heard).otherwise("phonetic")
    return keys.select(shown, folded.alias("folded"), sound.alias("sound")).get_columns()


def tokens_of(field: str) -> Callable[[Row], list[str]]:
    """What makes tokens of a value of one field; equal tokens of two people are their likeness."""
    return {"name": _name_tokens, "birth": _birth_tokens, "place": _place_tokens}[field]


def _name_tokens(row: Row) -> list[str]:
    letters, folded, sound = row
    return [
        *_bigrams("c", letters),
        *_bigrams("s", folded),
        *_bigrams("p", sound),
    ]


def _bigrams(kind: str, text: str | None) -> list[str]:
    """Pairs of neighbouring characters, with a mark at either end; none for a text not known."""
    if not text:
        return []
    marked = f"^{text}$"
    return [kind + marked[i : i + 2] for i in range(len(marked) - 1)]


def _birth_tokens(row: Row) -> list[str]:
    born, sex = row
    found = [f"x{sex}"] if sex else []
    if born:
        year, month, day = born[:4], born[4:6], born[6:]
        found += [f"by{year}", f"bm{month}", f"bd{day}", f"bym{year}{month}", f"bmd{month}{day}"]
    return found


def _place_tokens(row: Row) -> list[str]:
    (area,) = row
    return [f"a{area[:size]}" for size in _AREA_LENGTHS if len(area) >= size] if area else []
