"""The big invented registers that the benchmarks run on, made once and kept in `bench/data/`.

    python -m bench.data --millions 3

A sample province of about 600,000 households is made; of its households of four and more only some are
kept, whole, so that a household has three persons on average (3.04 in the national register), which
leaves about 300,000. Then the kept ones are laid down 1, 10 or 100 times, each time in another order:
every count of an evaluation is exactly 1, 10 or 100 times the smallest register's.

Only the columns that the profile reads and the ids are kept.
"""

from __future__ import annotations

import argparse
import json
import shutil
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from jingzhun.evaluate.households import HouseholdEvaluation
from jingzhun.frames.workspace import Workspace
from jingzhun.policy.pack import load_pack
from jingzhun.sample.province import make_sample
from jingzhun.standard.divisions import Divisions

FOLDER = Path(__file__).parent / "data"
PACK, PROFILE, ON, PERIOD = "gansu", "paper-weighted", date(2019, 12, 31), 2019
SEED = 2019
BASE_HOUSEHOLDS = 580_000
"""Registered households of the sample that the registers are made from; 5 % more are not registered."""
LARGE, KEPT_OF_LARGE = 4, (2, 9)
"""Of households with so many persons or more, 2 in 9 are kept."""
COPIES = {0.3: 1, 3: 10, 30: 100}
"""Millions of households -> how often the kept households are laid down."""
KEY = "household_key"


def evaluation(*, values: bool) -> HouseholdEvaluation:
    """The paper's profile through pack and compiler."""
    return HouseholdEvaluation(load_pack(PACK), [PROFILE], ON, values=values)


def needed_columns(job: HouseholdEvaluation) -> tuple[list[str], list[str]]:
    """Columns of households and persons that totals by county can't do without."""
    by_county = ["village_code", "is_registered", "exit_status"]
    asked = job.program.reads("household")
    return list(dict.fromkeys([KEY, *by_county, *asked])), job.person_columns


def register(millions: float, folder: Path = FOLDER, *, base: int = BASE_HOUSEHOLDS) -> Workspace:
    """The register of about so many million households; made when it is not there yet."""
    path = folder / f"{millions:g}M"
    if not (path / "made.json").exists():
        kept = _base(folder, base)
        shutil.rmtree(path, ignore_errors=True)
        started = time.perf_counter()
        _lay_down(kept, path, COPIES[millions])
        _describe(path, COPIES[millions], time.perf_counter() - started)
    return Workspace.open(path)


def _base(folder: Path, households: int) -> Workspace:
    path = folder / f"base-{households}"
    if not (path / "sample.json").exists():
        shutil.rmtree(path, ignore_errors=True)
        divisions = load_pack(PACK).divisions_path
        assert divisions is not None
        make_sample(
            path,
            households=households,
            seed=SEED,
            divisions=Divisions.load(divisions),
            periods=(PERIOD,),
            external=False,
        )
    return Workspace.open(path)


def _lay_down(base: Workspace, path: Path, copies: int) -> None:
    job = evaluation(values=True)
    of_households = [*job.household_columns]
    of_persons = ["household_id", *job.person_columns]
    made = Workspace.create(path, pack=PACK, created=ON)
    random = np.random.default_rng(SEED)
    with made.writing() as batch:
        for county in base.counties(PERIOD):
            households, persons = _kept(base, county, of_households, of_persons)
            orders = [random.permutation(households.height) for _ in range(copies)]
            laid = _copied(households, orders, county)
            batch.put("households", county, PERIOD, laid.drop("place", "copy"))
            batch.put("persons", county, PERIOD, _members(persons, laid))
            batch.flush()


def _kept(
    base: Workspace, county: str, of_households: Sequence[str], of_persons: Sequence[str]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Households that are kept, numbered from 0 in `place`, and their members with that number."""
    households = base.scan("households", period=PERIOD, county=county, columns=of_households)
    persons = base.scan("persons", period=PERIOD, county=county, columns=of_persons)
    people: pl.DataFrame = persons.collect().to_native()
    sizes = people.group_by(KEY).agg(size=pl.len())
    share, whole = KEPT_OF_LARGE
    is_small = pl.col("size").fill_null(0) < LARGE
    kept = (
        households.to_native()
        .collect()
        .join(sizes, on=KEY, how="left")
        .filter(is_small | (pl.col(KEY) % whole < share))
        .drop("size")
        .with_row_index("place")
    )
    return kept, people.drop("household_id").join(kept.select(KEY, "place"), on=KEY).drop(KEY)


def _copied(households: pl.DataFrame, orders: Sequence[np.ndarray], county: str) -> pl.DataFrame:
    """All copies one after the other, each in its own order, with ids that rise with the row."""
    copies = [households[order].with_columns(copy=pl.lit(i)) for i, order in enumerate(orders)]
    ids = pl.lit(county) + pl.int_range(pl.len()).cast(pl.String).str.zfill(8)
    return pl.concat(copies).drop(KEY).with_columns(household_id=ids)


def _members(persons: pl.DataFrame, laid: pl.DataFrame) -> pl.DataFrame:
    owners = laid.select("household_id", "place")
    everybody = owners.join(persons, on="place", how="inner", maintain_order="left_right")
    number = pl.int_range(pl.len()).over("household_id").cast(pl.String).str.zfill(2)
    return everybody.drop("place").with_columns(person_id=pl.col("household_id") + number)


def _describe(path: Path, copies: int, seconds: float) -> None:
    made = Workspace.open(path)
    content = {
        "households": made.rows("households"),
        "persons": made.rows("persons"),
        "copies": copies,
        "largest_county": max(p.rows for p in made.files("households")),
        "bytes": sum(file.stat().st_size for file in path.rglob("*.parquet")),
        "seconds_to_make": round(seconds, 1),
    }
    (path / "made.json").write_text(json.dumps(content, indent=1) + "\n")


def described(millions: float, folder: Path = FOLDER) -> dict[str, float]:
    """What `register` made: households, persons, bytes on disk."""
    found: dict[str, float] = json.loads((folder / f"{millions:g}M" / "made.json").read_text())
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--millions", type=float, choices=list(COPIES), default=0.3)
    given = parser.parse_args()
    register(given.millions)
    print(json.dumps(described(given.millions), indent=1))


if __name__ == "__main__":
    main()
