"""A table of people -> encodings: keyed hashes of numbers, blocking keys, Bloom filters of the rest."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from jingzhun.linkage.private import filters
from jingzhun.linkage.private.encoded import BLOCKS, NEAR, Encoded
from jingzhun.linkage.private.fields import HASHES, PARTS, prepared, tokens_of
from jingzhun.linkage.private.filters import Words
from jingzhun.linkage.private.keys import Key
from jingzhun.linkage.private.settings import WHOLE, Columns, Settings

_QUARTERS = {"region": (0, 6), "year": (6, 4), "day": (10, 4), "order": (14, 3)}
"""Pieces of a number: where each begins and how long it is."""


def encode(
    table: pl.DataFrame,
    key: Key,
    *,
    columns: Columns | None = None,
    settings: Settings | None = None,
) -> Encoded:
    """Encode a table's people; rows come out in an order that says nothing of the table's own.

    Only valid numbers have an exact key; numbers of 15, 18, 20 and 22 characters of one person have the
    same. A number that is wrong but has the right shape has keys of its quarters.
    InputError as `prepared` says. About half a minute for a million rows.
    """
    settings = settings or Settings()
    people = prepared(table, columns or Columns(), settings)
    coder = _Coder(key, settings)
    made = pl.DataFrame(
        [
            people["row_id"],
            coder.hashed("number", _number(people)),
            *(
                coder.hashed(f"near {name}", _near(people, name), name=name)
                for name in _near_keys(settings)
            ),
            *(
                coder.hashed(f"block {n}", people.select(b).to_series(), name=n)
                for n, b in _blocks().items()
            ),
            *coder.filters(people),
        ]
    )
    order = coder.hashed("order", people["row_id"]).alias("order")
    return Encoded(made[order.arg_sort()], settings, key.key_id)


def _number(people: pl.DataFrame) -> pl.Series:
    return people.select(pl.when("is_valid").then("number")).to_series()


def _near_keys(settings: Settings) -> tuple[str, ...]:
    return NEAR if settings.has_near_numbers else ()


def _near(people: pl.DataFrame, name: str) -> pl.Series:
    """The number without one of its four quarters, and without its check character."""
    left_out = name.removeprefix("near_")
    pieces = [
        pl.col("number").str.slice(start, length)
        for quarter, (start, length) in _QUARTERS.items()
        if quarter != left_out
    ]
    joined = pl.concat_str(pieces, separator="-")
    return people.select(pl.when(pl.col("number").str.len_chars() == 18).then(joined)).to_series()


def _blocks() -> dict[str, pl.Expr]:
    """What candidates must have in common, each a text before it is hashed; null where a part is not known."""
    year = pl.col("born").str.slice(0, 4)
    parts = (
        ("born", "sex"),
        ("folded", year),
        ("sound", year),
        ("folded", pl.col("area").str.slice(0, 6)),
    )
    return dict(
        zip(BLOCKS, (pl.concat_str(pieces, separator="|") for pieces in parts), strict=True)
    )


class _Coder:
    """Hashes and filters under one key and one setting; every distinct value is encoded once."""

    def __init__(self, key: Key, settings: Settings) -> None:
        self._key = key
        self._settings = settings

    def hashed(self, purpose: str, values: pl.Series, *, name: str | None = None) -> pl.Series:
        """64 bits of the keyed digest of each value; null for null."""
        distinct = values.drop_nulls().unique().alias("value")
        digests = filters.hashed(
            distinct.to_list(), self._key.derived(purpose), self._settings.digest
        )
        codes = np.ascontiguousarray(digests[:, :8]).view("<u8").ravel()
        found = (
            values.alias("value")
            .to_frame()
            .join(
                pl.DataFrame(
                    {"value": distinct, "code": codes}, schema_overrides={"code": pl.UInt64}
                ),
                on="value",
                how="left",
                maintain_order="left",
            )
        )
        return found["code"].alias(name or purpose)

    def filters(self, people: pl.DataFrame) -> list[pl.Series]:
        """The filter columns of the layout."""
        made = {field: self._filter(people, field) for field in PARTS}
        if self._settings.filters == WHOLE:
            made = {WHOLE[0]: np.bitwise_or.reduce(list(made.values()))}
        return [self._hardened(name, rows) for name, rows in made.items()]

    def _hardened(self, name: str, rows: Words) -> pl.Series:
        rows = filters.cleared(rows, self._settings.dropped_bits)
        if self._settings.is_balanced:
            mixing = self._key.derived(f"order of {name}")
            rows = filters.balanced(rows, mixing, self._settings.digest)
        return pl.Series(name, rows)

    def _filter(self, people: pl.DataFrame, field: str) -> Words:
        """One filter a row, from the distinct values of the field."""
        columns = [*PARTS[field]]
        is_salted = self._settings.salt == "birth_year" and field == "name"
        salt = pl.col("born").str.slice(0, 4).fill_null("") if is_salted else pl.lit("")
        values = people.select(*columns, salt.alias("salt"))
        distinct = values.unique(maintain_order=True).with_row_index("value")
        made = self._distinct(distinct.select("salt", *columns), field)
        at = values.join(
            distinct, on=values.columns, how="left", nulls_equal=True, maintain_order="left"
        )
        return np.asarray(made[at["value"].to_numpy()], dtype=np.uint64)

    def _distinct(self, values: pl.DataFrame, field: str) -> Words:
        known: dict[str, int] = {}
        used: list[int] = []
        ends = np.empty(values.height, dtype=np.int64)
        tokens = tokens_of(field)
        for row, (salt, *parts) in enumerate(values.iter_rows()):
            for token in tokens(tuple(parts)):
                used.append(known.setdefault(f"{token}|{salt}", len(known)))
            ends[row] = len(used)
        return filters.united(
            self._masks(list(known), field), np.asarray(used, dtype=np.int64), ends
        )

    def _masks(self, tokens: Sequence[str], field: str) -> Words:
        return filters.token_masks(
            tokens,
            np.array([HASHES[token[0]] for token in tokens], dtype=np.int64),
            key=self._key.derived(f"bits of {field}"),
            digest=self._settings.digest,
            bits=self._settings.bits,
        )
