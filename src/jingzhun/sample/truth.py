"""The truth behind the records, in tables of its own that no rule may read."""

from __future__ import annotations

import numpy as np
import polars as pl

from jingzhun.sample.columns import lists, texts
from jingzhun.sample.documents import Documents
from jingzhun.sample.levels import Levels
from jingzhun.sample.living import House
from jingzhun.sample.registration import Standing
from jingzhun.sample.streams import Array, pick
from jingzhun.sample.year import Year

_GRADES = ("A", "B", "C", "D")
TWO_ASSETS = 0.05
"""Overlap of the hits in Mashan (domain.md 7.4)."""


def truth_households(
    year: Year, now: Standing, levels: Levels, own: House, household_ids: pl.Series, mistakes: Array
) -> pl.DataFrame:
    """One row per household and period.

    truly_poor: below the line or with a guarantee missing, whatever the register says.
    wrong_inclusion: registered, though never poor. omitted: poor, not registered. wrong_exit: exited,
    though income or house fail. hidden_assets: what only other departments know. mistakes: kinds of
    slips put into the record of the period.
    """
    register, rows = year.county.register, year.households
    line = year.parameters.income.national_line[year.period]
    wrongly_in = register.wrongly_included[rows] & now.registered
    wrong_exit = register.wrong_exit[rows] & now.exited
    below = levels.true < line
    omitted = ~now.registered & below
    genuine = now.poor & ~wrongly_in
    return pl.DataFrame(
        {
            "household_id": household_ids,
            "period": pl.repeat(year.period, len(rows), dtype=pl.Int64, eager=True),
            "true_persons": pl.Series(year.there.sum(axis=1)).cast(pl.Int64),
            "true_income_per_capita_yuan": pl.Series(np.round(levels.true).astype(np.int64)),
            "line_yuan": pl.repeat(int(line), len(rows), dtype=pl.Int64, eager=True),
            "true_housing_grade": texts(_GRADES, own.true_grade),
            "truly_poor": pl.Series(genuine | wrong_exit | omitted),
            "wrong_inclusion": pl.Series(wrongly_in),
            "omitted": pl.Series(omitted),
            "wrong_exit": pl.Series(wrong_exit),
            "hidden_assets": lists(list(_assets(year)), hidden_assets(year, wrongly_in)),
            "mistakes": lists(list(year.parameters.noise.households), mistakes),
        }
    )


def _assets(year: Year) -> dict[str, float]:
    return year.parameters.registry.hidden_assets


def hidden_assets(year: Year, wrongly_in: Array) -> Array:
    """One asset for each of the wrongly included, by its shares, and for a few a second one."""
    draw, shares = year.by_household, _assets(year)
    first = pick(shares.values(), draw.lasting("asset")).astype(np.int64)
    second = pick([1.0] * len(shares), draw.lasting("second asset")).astype(np.int64)
    two = draw.lasting("two assets") < TWO_ASSETS
    bits = np.left_shift(1, first) | np.where(two, np.left_shift(1, second), 0)
    return np.where(wrongly_in, bits, 0)


def truth_persons(
    year: Year, documents: Documents, ids: pl.DataFrame, slips: Array
) -> pl.DataFrame:
    """One row per person and period: true name, number, birth date, sex, and every kind of noise.

    Two rows of a period with the same true_number are the same person on file twice.
    """
    rows = pl.Series(year.persons.astype(np.uint32))
    people = year.county.people
    kinds = (*documents.kinds, *year.parameters.noise.persons)
    bits = documents.noise[year.persons] | slips << len(documents.kinds)
    born = pl.Series(people.born[year.persons]).cast(pl.Int32).cast(pl.Date)
    return ids.select("person_id", "household_id").with_columns(
        pl.lit(year.period, dtype=pl.Int64).alias("period"),
        documents.true_names.gather(rows).alias("true_name"),
        documents.true_numbers.gather(rows).alias("true_number"),
        born.alias("true_birth_date"),
        texts(("1", "2"), year.female.astype(np.int64)).alias("true_sex"),
        lists(kinds, bits).alias("noise"),
    )
