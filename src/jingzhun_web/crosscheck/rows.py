"""Findings between the engine's tables and the platform's: columns by name, one list for both ways."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import polars as pl

from jingzhun.crosscheck.findings import STORED
from jingzhun.crosscheck.history import typed
from jingzhun.crosscheck.verdicts import VERDICT
from jingzhun_web.crosscheck.models import Finding
from jingzhun_web.crosscheck.states import DECIDED
from jingzhun_web.kit.scope import span

NAMES = {name: name for name in STORED} | {
    "finding": "kind",
    "values": "compared",
    "state": "engine_state",
}
"""Column of the engine -> field of `Finding`."""
_EMPTY = ("household_id", "person_id", "village_code")
COUNTY = 10**6


def stored(period: int, county: str) -> pl.DataFrame:
    """Findings of a county that are on file and in the scope; columns as STORED."""
    found = Finding.objects.filter(period=period, area__range=span(county))
    return _as_stored(found.values_list(*NAMES.values()))


def everything(period: int, area: int) -> pl.DataFrame:
    """All findings on file of an area; columns as STORED."""
    found = Finding.objects.filter(period=period, area__range=span(f"{area:012d}"))
    return _as_stored(found.values_list(*NAMES.values()))


def _as_stored(rows: Iterable[Sequence[object]]) -> pl.DataFrame:
    frame = pl.DataFrame(list(rows), schema=dict(STORED), orient="row")
    nulled = (pl.when(pl.col(name) != "").then(pl.col(name)).alias(name) for name in _EMPTY)
    return typed(frame.with_columns(*nulled), STORED)


def verdicts(period: int, area: int) -> pl.DataFrame:
    """Confirmed verdicts of an area; columns as VERDICT. Who decided stands as the number of the account."""
    decided = Finding.objects.filter(
        period=period, area__range=span(f"{area:012d}"), state__in=DECIDED
    ).exclude(verdict="")
    fields = ("finding_id", "verdict", "explanation", "judged_on", "confirmed_by")
    rows = [(*row[:4], f"account {row[4]}") for row in decided.values_list(*fields)]
    frame = pl.DataFrame(rows, schema=dict(VERDICT), orient="row")
    given = pl.when(pl.col("reason") != "").then(pl.col("reason"))
    return frame.with_columns(reason=given)


def placed(rows: pl.DataFrame) -> pl.DataFrame:
    """With the area of each: the village, or the county where no village is known; null where not even that."""
    village = pl.col("village_code").str.extract(r"^(\d{12})$").cast(pl.Int64)
    county = pl.col("county_code").str.extract(r"^([1-9]\d{5})").cast(pl.Int64) * COUNTY
    return rows.with_columns(area=pl.coalesce(village, county))


def as_fields(rows: pl.DataFrame, *, period: int, today: date) -> pl.DataFrame:
    """Rows of STORED with their area, as they are copied into the database.

    A cross-check as of an earlier day gives people as many days from today as its rules give.
    """
    days = pl.col("deadline") - pl.col("parameter_date")
    array = pl.concat_str(
        pl.lit("{"), pl.col("record_ids").list.join(",").fill_null(""), pl.lit("}")
    )
    filled = [pl.col(name).fill_null("") for name in _EMPTY]
    named = rows.with_columns(
        *filled, record_ids=array, values=pl.col("values").fill_null("{}")
    ).rename(NAMES)
    return named.select(*NAMES.values(), "area").with_columns(
        period=pl.lit(period), due=pl.max_horizontal(pl.col("deadline"), pl.lit(today) + days)
    )
