"""Labelled data of others: what our spec says of it, and Splink's set-ups for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import polars as pl
import splink.comparison_library as cl
from splink import block_on

from bench.linkage import environment
from bench.linkage.splinking import Setup

FEBRL = "given_name surname street_number address_1 address_2 suburb postcode state date_of_birth soc_sec_id"
SETS = ("febrl1", "febrl2", "febrl3", "febrl4", "census")


@dataclass(frozen=True)
class Labelled:
    """Two tables (or one) with a column `unique_id`, true pairs, and what is said of the columns."""

    left: pl.DataFrame
    right: pl.DataFrame | None
    truth: pl.DataFrame
    spec: dict[str, Any]
    default: Callable[[], Setup]
    tuned: Callable[[], Setup]
    one_to_one: bool = False


def labelled(name: str) -> Labelled:
    """One of the data sets."""
    return _census() if name == "census" else _febrl(name)


def _febrl(name: str) -> Labelled:
    folder = environment.data("public_data.py", "public")

    def read(part: str) -> pl.DataFrame:
        return pl.read_parquet(folder / f"{name}{part}.parquet")

    is_pair = name == "febrl4"
    left, right = (read("_left"), read("_right")) if is_pair else (read(""), None)
    columns = [column for column in FEBRL.split() if column in left.columns]
    spec = {
        "row_id": "unique_id",
        "ids": "soc_sec_id",
        "given_name": "given_name",
        "surname": "surname",
        "birth_date": "date_of_birth",
        "fields": [
            c
            for c in columns
            if c in ("street_number", "address_1", "address_2", "suburb", "state")
        ]
        + [{"column": "postcode", "kind": "code"}],
        "one_to_one": is_pair,
    }
    kept = ["unique_id", *columns]
    return Labelled(
        left.select(kept),
        None if right is None else right.select(kept),
        read("_truth").select("left_id", "right_id"),
        spec,
        _febrl_default,
        _febrl_tuned,
        is_pair,
    )


def _febrl_default() -> Setup:
    return Setup(
        comparisons=[
            cl.NameComparison("given_name"),
            cl.NameComparison("surname"),
            cl.DateOfBirthComparison(
                "date_of_birth", input_is_string=True, datetime_format="%Y%m%d"
            ),
            cl.LevenshteinAtThresholds("soc_sec_id", [1, 2]),
            cl.ExactMatch("suburb").configure(term_frequency_adjustments=True),
            cl.ExactMatch("postcode"),
        ],
        blocking=[
            block_on("given_name", "surname"),
            block_on("date_of_birth"),
            block_on("soc_sec_id"),
            block_on("postcode", "surname"),
        ],
        certain=[block_on("soc_sec_id"), block_on("given_name", "surname", "date_of_birth")],
        recall=0.8,
        training=[block_on("date_of_birth"), block_on("given_name", "surname")],
    )


def _febrl_tuned() -> Setup:
    return Setup(
        comparisons=[
            cl.ForenameSurnameComparison("given_name", "surname"),
            cl.DamerauLevenshteinAtThresholds("date_of_birth", [1, 2]),
            cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2]),
            cl.JaroWinklerAtThresholds("address_1", [0.92, 0.8]),
            cl.ExactMatch("street_number"),
            cl.JaroWinklerAtThresholds("suburb", [0.92, 0.8]),
            cl.DamerauLevenshteinAtThresholds("postcode", [1, 2]),
        ],
        blocking=[
            block_on("given_name", "surname"),
            block_on("surname", "given_name"),
            block_on("date_of_birth"),
            block_on("soc_sec_id"),
            block_on("postcode", "surname"),
            block_on("postcode", "given_name"),
            block_on("suburb", "given_name"),
            block_on("suburb", "street_number"),
            block_on("address_1", "street_number"),
            "l.given_name = r.surname and l.surname = r.given_name",
        ],
        certain=[block_on("soc_sec_id")],
        recall=0.9,
        training=[block_on("date_of_birth"), block_on("soc_sec_id"), block_on("surname")],
        pairs_for_u=1e7,
    )


def _census() -> Labelled:
    folder = environment.data("census_data.py", "census")
    left = pl.read_parquet(folder / "reference.parquet").rename({"row_id": "unique_id"})
    right = pl.read_parquet(folder / "census.parquet").rename({"row_id": "unique_id"})
    truth = left.select("simulant_id", left_id="unique_id").join(
        right.select("simulant_id", right_id="unique_id"), on="simulant_id"
    )
    columns = ["unique_id", "first_name", "middle_initial", "last_name", "sex", "street_number",
               "street_name", "unit_number", "zipcode"]  # fmt: skip
    born = pl.col("birth_date").cast(pl.Date)
    spec = {
        "row_id": "unique_id",
        "given_name": "first_name",
        "surname": "last_name",
        "birth_date": "birth_date",
        "sex": "sex",
        "fields": ["middle_initial", "street_number", "street_name", "unit_number",
                   {"column": "zipcode", "kind": "code"}],
        "right_once": True,
    }  # fmt: skip
    return Labelled(
        left.select(*columns, born),
        right.select(*columns, born),
        truth.select("left_id", "right_id"),
        spec,
        _census_default,
        _census_tuned,
        one_to_one=True,
    )


def _census_default() -> Setup:
    return Setup(
        comparisons=[
            cl.NameComparison("first_name"),
            cl.NameComparison("last_name"),
            cl.ExactMatch("middle_initial"),
            cl.DateOfBirthComparison("birth_date", input_is_string=False),
            cl.ExactMatch("sex"),
            cl.ExactMatch("street_name").configure(term_frequency_adjustments=True),
        ],
        blocking=[
            block_on("first_name", "last_name"),
            block_on("birth_date"),
            block_on("last_name", "street_name"),
        ],
        certain=[block_on("first_name", "last_name", "birth_date")],
        recall=0.7,
        training=[block_on("first_name", "last_name"), block_on("birth_date")],
    )


def _census_tuned() -> Setup:
    return Setup(
        comparisons=[
            cl.ForenameSurnameComparison("first_name", "last_name"),
            cl.ExactMatch("middle_initial"),
            cl.DateOfBirthComparison("birth_date", input_is_string=False),
            cl.ExactMatch("sex"),
            cl.JaroWinklerAtThresholds("street_name", [0.92, 0.8]),
            cl.LevenshteinAtThresholds("street_number", [1]),
            cl.ExactMatch("unit_number"),
        ],
        blocking=[
            block_on("first_name", "last_name"),
            block_on("birth_date"),
            block_on("last_name", "street_name"),
            block_on("first_name", "street_name"),
            block_on("street_number", "street_name"),
            "l.first_name = r.last_name and l.last_name = r.first_name",
            block_on("substr(first_name, 1, 3)", "substr(last_name, 1, 3)"),
            block_on("substr(first_name, 1, 2)", "year(birth_date)", "sex"),
        ],
        certain=[block_on("first_name", "last_name", "birth_date")],
        recall=0.65,
        training=[block_on("first_name", "last_name"), block_on("birth_date"),
                  block_on("street_name", "street_number")],
        pairs_for_u=1e7,
    )  # fmt: skip
