"""Pairs of files with known truth: a register and a department's records of some of its people and others.

    python -m bench.linkage.pairs --pair small

Names, numbers and mistakes are the sample's (`jingzhun.sample`). No two people have the same valid number.
Everybody is invented.
"""

from __future__ import annotations

import argparse
import json
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from jingzhun.sample import numbers, parameters
from jingzhun.sample.columns import NULL, UNKNOWN, alpha_positions
from jingzhun.sample.external import Identities, Noted, Rates, noisy_copy
from jingzhun.sample.external.spelling import Spelling, styles
from jingzhun.sample.members import CHILD, HEAD, SPOUSE
from jingzhun.sample.names import names
from jingzhun.sample.people import People
from jingzhun.sample.streams import Streams

FOLDER = Path(__file__).parents[1] / "data" / "linkage"
SEED = 2019
GROUPS = {"han": ("HA", 0.40), "hui": ("HU", 0.12), "dongxiang": ("DX", 0.12), "tibetan": ("ZA", 0.20),
          "dotted": ("KZ", 0.16)}  # fmt: skip
"""Group of names -> ethnicity (alpha code) whose names it has, share of the households."""
SIZE = (1, 7)
"""Persons in a household: least, most and one more."""
TOWNS, VILLAGES = 15, 12
"""Towns of a county, villages of a town."""
ON_FILE = 0.7
"""Share of the records that are of people on the register."""
ELSEWHERE, NO_AREA = 0.12, 0.01
"""Share of the records in another county, and without an area."""
IN_RECORDS = {
    "id_missing": 0.03, "id_one_character": 0.03, "id_swapped": 0.015, "id_spaced": 0.01,
    "id_full_width": 0.005, "id_fifteen_digits": 0.04, "id_lower_x": 0.2, "dot_variant": 0.0,
    "syllable_variant": 0.0, "homophone": 0.0, "look_alike": 0.0, "name_cut": 0.0,
    "birth_date_slip": 0.015, "sex_wrong": 0.005, "birth_date_missing": 0.02, "sex_missing": 0.01,
}  # fmt: skip
"""Rates in the records; about one number in seven differs from the true one."""
WRONG_NAMES = 0.08
"""Share of names written otherwise, in every group alike."""
IN_REGISTER = 0.2
"""Rates in the register are so many times those in the records."""


@dataclass(frozen=True)
class Pair:
    """A pair of files: rows of the register and of the records."""

    name: str
    register: int
    records: int

    @property
    def folder(self) -> Path:
        return FOLDER / self.name

    def scan(self, file: str) -> pl.LazyFrame:
        """register, records or truth."""
        return pl.scan_parquet(self.folder / f"{file}.parquet")

    def read(self, file: str) -> pl.DataFrame:
        return pl.read_parquet(self.folder / f"{file}.parquet")


PAIRS = {
    "small": Pair("small", 50_000, 15_000),
    "1M": Pair("1M", 1_000_000, 300_000),
    "5M": Pair("5M", 5_000_000, 1_000_000),
}


def made(name: str) -> Pair:
    """The pair; made when it is not there yet."""
    pair = PAIRS[name]
    if not (pair.folder / "made.json").exists():
        shutil.rmtree(pair.folder, ignore_errors=True)
        pair.folder.mkdir(parents=True)
        started = time.perf_counter()
        _make(pair)
        about = {"seed": SEED, "seconds": round(time.perf_counter() - started, 1)}
        (pair.folder / "made.json").write_text(json.dumps(about))
    return pair


def _make(pair: Pair) -> None:
    streams = Streams(SEED, "620000", pair.name)
    outside = pair.records - int(pair.records * ON_FILE)
    # Outsiders fill households too; only some members of them have a record.
    people, group, household = _people(pair.register + 2 * outside, streams)
    register, records = _noise(IN_REGISTER), _noise(1.0)
    listed = np.arange(pair.register)
    _register(
        pair, people, household, noisy_copy(people.taken(listed), register, streams, "register")
    )
    random = streams.of("records")
    inside = random.choice(pair.register, pair.records - outside, replace=False)
    others = pair.register + random.choice(2 * outside, outside, replace=False)
    chosen = random.permutation(np.concatenate([inside, others]))
    _records(
        pair,
        household,
        chosen,
        noisy_copy(people.taken(chosen), records, streams, "records"),
        streams,
    )
    truth = pl.DataFrame(
        {
            "record_id": _ids("R", pair.records),
            "person": chosen,
            "group": pl.Series(list(GROUPS)).gather(group[chosen]),
        }
    )
    on_file = pl.col("person") < pair.register
    person = pl.concat_str(pl.lit("P"), pl.col("person").cast(pl.String).str.zfill(8))
    truth.select("record_id", "group", person_id=pl.when(on_file).then(person)).write_parquet(
        pair.folder / "truth.parquet"
    )


def _noise(factor: float) -> Rates:
    spelling = Spelling.of(parameters.load())
    return Rates(IN_RECORDS, spelling, factor, WRONG_NAMES)


@dataclass(frozen=True)
class Households:
    """Of each person: number of the household, and the village's code."""

    number: Any
    village: Any


def _people(count: int, streams: Streams) -> tuple[Identities, Any, Households]:
    """At least as many people as asked, household by household, with the group of their names."""
    given = parameters.load()
    random = streams.of("households")
    size = random.integers(*SIZE, size=count // 3)
    household = np.repeat(np.arange(len(size)), size)[:count]
    assert len(household) == count
    slot = np.arange(count) - np.searchsorted(household, household)
    place = np.array([HEAD, SPOUSE, CHILD, CHILD + 1, CHILD + 2, CHILD + 3])[slot]
    shares = np.array([share for _, share in GROUPS.values()])
    group = random.choice(len(GROUPS), size=len(size), p=shares / shares.sum())[household]
    codes = np.array([alpha_positions("ethnicity")[alpha] for alpha, _ in GROUPS.values()])
    female = random.random(count) < 0.5
    first = random.integers(-14_600, 1_500, size=len(size))
    born = np.where(slot < 2, first[household] + random.integers(-1_500, 1_500, count),
                    first[household] + random.integers(7_000, 12_000, count))  # fmt: skip
    people = _cast(household, place, female, born, codes[group])
    counties = np.array([int(county.code) for county in given.counties.counties])
    county = random.integers(len(counties), size=len(size))
    town = random.integers(1, TOWNS + 1, size=len(size))
    village = (
        counties[county] * 10**6
        + (100 + town) * 1000
        + 200
        + random.integers(VILLAGES, size=len(size))
    )
    found = Identities(
        names(given.names, people, streams),
        _numbers(counties[county][household], born, female),
        born,
        female.astype(np.int8),
        styles(given, codes[group]),
    )
    return found, group, Households(household, village[household])


def _cast(household: Any, place: Any, female: Any, born: Any, ethnicity: Any) -> People:
    nothing = np.zeros(len(born), dtype=np.int64)
    return People(
        household=household,
        slot=place.astype(np.int8),
        female=female,
        born=born,
        birth_year=(born / 365.2425 + 1970).astype(np.int16),
        start=nothing,
        stop=nothing,
        how_in=nothing,
        how_out=nothing,
        ethnicity=ethnicity,
        head_female=nothing.astype(bool),
        head_stop=nothing,
        eldest_female=nothing.astype(bool),
        fixed_number=nothing,
    )


def _numbers(county: Any, born: Any, female: Any) -> pl.Series:
    """Valid numbers that differ: the order counts those of one county, day and sex."""
    rows = pl.DataFrame({"county": county, "born": born, "female": female})
    keys = ["county", "born", "female"]
    rank = rows.select(pl.int_range(pl.len()).over(keys))["literal"].to_numpy()
    assert int(rank.max()) < 500
    order = 2 * ((rank * 137 + born) % 499) + ~female
    texts = numbers.texts_of(county * 10**11 + numbers.dates(born) * 1000 + order)
    assert texts.n_unique() == len(texts)
    return texts


def _ids(letter: str, count: int) -> pl.Series:
    return pl.select(
        pl.concat_str(pl.lit(letter), pl.int_range(count).cast(pl.String).str.zfill(8))
    ).to_series()


def _noted(noted: Noted, area: pl.Series) -> pl.DataFrame:
    born = pl.Series(noted.born.astype(np.int32)).cast(pl.Date)
    sex = pl.Series(np.asarray(noted.female, dtype=np.int16))
    rows = pl.DataFrame(
        {"name": noted.names, "document_number": noted.numbers, "birth_date": born, "sex": sex,
         "area_code": area, "unborn": noted.born == NULL}
    )  # fmt: skip
    return rows.with_columns(
        birth_date=pl.when(~pl.col("unborn")).then("birth_date"),
        sex=pl.when(pl.col("sex") != UNKNOWN).then(
            pl.when(pl.col("sex") == 1).then(pl.lit("2")).otherwise(pl.lit("1"))
        ),
    ).drop("unborn")


def _register(pair: Pair, people: Identities, household: Households, noted: Noted) -> None:
    del people
    count = pair.register
    area = pl.Series(household.village[:count]).cast(pl.String)
    number = pl.Series(household.number[:count]).cast(pl.String).str.zfill(8)
    rows = _noted(noted, area)
    rows = rows.insert_column(0, _ids("P", count).alias("person_id"))
    rows.insert_column(1, number.alias("household_id")).write_parquet(
        pair.folder / "register.parquet"
    )


def _records(
    pair: Pair, household: Households, chosen: Any, noted: Noted, streams: Streams
) -> None:
    random = streams.of("area of records")
    moved = random.random(len(chosen)) < ELSEWHERE
    other = household.village[random.integers(len(household.village), size=len(chosen))]
    code = np.where(moved, other, household.village[chosen]) // 10**6 * 10**6
    known = pl.Series(random.random(len(chosen)) >= NO_AREA)
    rows = pl.DataFrame({"code": pl.Series(code).cast(pl.String), "known": known})
    area = rows.select(pl.when("known").then("code")).to_series()
    made = _noted(noted, area)
    made.insert_column(0, _ids("R", len(chosen)).alias("record_id")).write_parquet(
        pair.folder / "records.parquet"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pair", choices=list(PAIRS), default="small")
    pair = made(parser.parse_args().pair)
    for file in ("register", "records", "truth"):
        print(file, pair.read(file).shape)


if __name__ == "__main__":
    main()
