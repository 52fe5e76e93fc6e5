"""Invented ID numbers that no two persons share: region code, birth date, order, check character."""

from __future__ import annotations

import numpy as np
import polars as pl

from jingzhun.errors import InputError
from jingzhun.sample.members import CHILD_SPOUSE, MOTHER, SPOUSE
from jingzhun.sample.parameters import County
from jingzhun.sample.people import People
from jingzhun.sample.plan import CountyPlan
from jingzhun.sample.streams import Array, Streams
from jingzhun.standard.id_numbers import check_characters

# The three digits of the order, shared out so that counties need not know of each other's numbers:
# a county's own people, people whose number was given in one of five other counties, shared identities.
OWN_ORDERS = 450
LENDERS, LENT_ORDERS, FIRST_LENT = 5, 8, 900
SHARED_ORDERS, FIRST_SHARED = 10, 980
FROM_ELSEWHERE = 0.15
"""Share of those who married in whose number bears another county's code."""
_BEGINNINGS = 1024
_STRIDE = 137  # coprime to OWN_ORDERS: successive persons get orders far apart


def numbers(
    plans: tuple[CountyPlan, ...], place: int, people: People, streams: Streams
) -> pl.Series:
    """The true ID number of each person; InputError when a county has run out of numbers."""
    fixed = people.fixed_number > 0
    lender = _lenders(people, streams)
    elsewhere = lender > 0
    codes = _codes(plans, place, lender, people.birth_year)
    order = np.zeros(len(people), dtype=np.int64)
    for number in range(1, LENDERS + 1):
        mask = (lender == number) & ~fixed
        rank = _rank(codes[mask], people.born[mask], people.female[mask])
        first = FIRST_LENT + (number - 1) * 2 * LENT_ORDERS
        order[mask] = first + 2 * rank + ~people.female[mask]
        # The few that don't fit were registered here after all.
        elsewhere[np.nonzero(mask)[0][rank >= LENT_ORDERS]] = False
    own = ~elsewhere & ~fixed
    codes = np.where(elsewhere, codes, _codes(plans, place, 0 * lender, people.birth_year))
    rank = _rank(codes[own], people.born[own], people.female[own])
    if len(rank) and int(rank.max()) >= OWN_ORDERS:
        raise InputError(
            "The sample has more people of one county, birth date and sex than there are ID numbers",
            do="Ask for fewer households",
        )
    begin = streams.of("orders").integers(OWN_ORDERS, size=_BEGINNINGS)
    scattered = (rank * _STRIDE + begin[people.born[own] % _BEGINNINGS]) % OWN_ORDERS
    order[own] = 2 * scattered + ~people.female[own]
    made = codes * 10**11 + dates(people.born) * 1000 + order
    return texts_of(np.where(fixed, people.fixed_number, made))


def texts_of(first17: Array) -> pl.Series:
    """Numbers of 18 characters from their first seventeen digits."""
    characters = np.ascontiguousarray(check_characters(first17)).view(np.uint32)
    value = np.where(characters == ord("X"), 10, characters.astype(np.int64) - ord("0"))
    check = pl.Series([*"0123456789X"]).gather(pl.Series(value.astype(np.uint32)))
    rows = pl.DataFrame({"digits": pl.Series(first17.astype(np.int64)), "check": check})
    return rows.select(pl.concat_str(pl.col("digits").cast(pl.String), "check")).to_series()


def dates(days: Array) -> Array:
    """Days since 1970 as the number YYYYMMDD."""
    day = days.astype("datetime64[D]")
    month = day.astype("datetime64[M]")
    year = day.astype("datetime64[Y]").astype(np.int64) + 1970
    in_year = month.astype(np.int64) % 12 + 1
    in_month = (day - month.astype("datetime64[D]")).astype(np.int64) + 1
    return np.asarray(year * 10000 + in_year * 100 + in_month)


def code_at(county: County, birth_year: Array) -> Array:
    """The county's region code in the edition that was valid when somebody was born."""
    now = np.full(len(birth_year), int(county.code), dtype=np.int64)
    if county.old_code is None or county.old_until is None:
        return now
    return np.where(birth_year < county.old_until, int(county.old_code), now)


def _lenders(people: People, streams: Streams) -> Array:
    """0, or which of the five counties that follow in the list gave somebody's number."""
    joined = np.isin(people.slot, (SPOUSE, CHILD_SPOUSE, MOTHER)) & people.female
    draw = streams.uniform("number from elsewhere", len(people))
    which = 1 + np.minimum((draw / FROM_ELSEWHERE * LENDERS).astype(np.int64), LENDERS - 1)
    return np.where(joined & (draw < FROM_ELSEWHERE), which, 0)


def _codes(plans: tuple[CountyPlan, ...], place: int, lender: Array, birth_year: Array) -> Array:
    codes = np.zeros(len(lender), dtype=np.int64)
    for number in range(LENDERS + 1):
        mask = lender == number
        county = plans[(place + number) % len(plans)].facts
        codes[mask] = code_at(county, birth_year[mask])
    return codes


def _rank(codes: Array, born: Array, female: Array) -> Array:
    """Number of each person among those of the same code, birth date and sex, from 0."""
    key = (codes * 100_000 + born + 40_000) * 2 + female
    order = np.argsort(key, kind="stable")
    ordered = key[order]
    new = np.ones(len(key), dtype=bool)
    new[1:] = ordered[1:] != ordered[:-1]
    place = np.arange(len(key))
    rank = np.empty(len(key), dtype=np.int64)
    rank[order] = place - np.maximum.accumulate(np.where(new, place, 0))
    return rank
