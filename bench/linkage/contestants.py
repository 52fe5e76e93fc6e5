"""Who links the pair of files: joins, Splink 5 in two set-ups, private encodings, the cascade."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import narwhals as nw
import polars as pl
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import block_on

from bench.linkage import splinking
from bench.linkage.pairs import Pair
from bench.linkage.scores import singled
from jingzhun.linkage import Spec, link, private
from jingzhun.linkage.names import name_keys
from jingzhun.standard import id_numbers

ON = date(2025, 1, 1)
THRESHOLD = 0.5
"""Fixed beforehand for everybody who gives probabilities."""
LINK = ("left_id", "right_id")


@dataclass(frozen=True)
class Answer:
    links: pl.DataFrame
    """left_id, right_id; those that count."""
    compared: int
    candidates: pl.DataFrame | None = None
    """With probability, below the threshold too."""


def exact_id(pair: Pair) -> Answer:
    """Join by the number as it stands."""
    found = _joined(pair, ["document_number"])
    return Answer(found, found.height)


def id_then_name(pair: Pair) -> Answer:
    """Join by the number, then by name and birth date what is left, where only one fits."""
    first = _joined(pair, ["document_number"])
    second = _joined(pair, ["name", "birth_date"]).join(first, on="right_id", how="anti")
    second = second.filter(pl.len().over("right_id") == 1)
    return Answer(pl.concat([first, second]), first.height + second.height)


def _joined(pair: Pair, on: list[str]) -> pl.DataFrame:
    columns = [pl.col(name) for name in on]
    left = pair.scan("register").select(pl.col("person_id").alias("left_id"), *columns)
    right = pair.scan("records").select(pl.col("record_id").alias("right_id"), *columns)
    return left.drop_nulls().join(right.drop_nulls(), on=on).select(LINK).collect()


def splink_default(pair: Pair) -> Answer:
    """Splink 5 with its documentation's ready-made comparisons and steps, columns as they stand."""
    county = pl.col("area_code").str.slice(0, 6).alias("county")
    columns = ["name", "document_number", "birth_date", "sex", county]
    left = pair.scan("register").select(pl.col("person_id").alias("unique_id"), *columns)
    right = pair.scan("records").select(pl.col("record_id").alias("unique_id"), *columns)
    setup = splinking.Setup(
        comparisons=[
            cl.NameComparison("name"),
            cl.DateOfBirthComparison("birth_date", input_is_string=False),
            cl.LevenshteinAtThresholds("document_number", [1, 2]),
            cl.ExactMatch("sex"),
            cl.ExactMatch("county").configure(term_frequency_adjustments=True),
        ],
        blocking=[
            block_on("document_number"),
            block_on("name", "birth_date"),
            block_on("name", "county"),
            block_on("birth_date", "county"),
        ],
        certain=[block_on("document_number"), block_on("name", "birth_date")],
        recall=0.9,
        training=[block_on("name", "county"), block_on("birth_date")],
    )
    return _answered(splinking.link(left.collect(), right.collect(), setup), one_to_one=False)


def splink_best(pair: Pair) -> Answer:
    """Splink 5 as well as we can set it up: our normal forms, levels by kind of mistake, one to one."""
    setup = splinking.Setup(
        comparisons=[_number_levels(), _name_levels(), _birth_levels(), cl.ExactMatch("sex"), _place_levels()],
        blocking=[
            block_on("number"),
            block_on("birth_date", "sex", "county"),
            block_on("folded", "birth_date"),
            block_on("phonetic", "birth_date"),
            block_on("tail", "county"),
            block_on("folded", "county", "birth_year"),
            block_on("head", "folded"),
        ],
        certain=[block_on("number"), block_on("folded", "birth_date", "county")],
        recall=0.97,
        training=[block_on("number"), block_on("folded", "birth_date")],
        pairs_for_u=5e6,
        more={"retain_intermediate_calculation_columns": False, "retain_matching_columns": False},
    )  # fmt: skip
    left = _prepared(pair.read("register"), "person_id")
    right = _prepared(pair.read("records"), "record_id")
    return _answered(splinking.link(left, right, setup), one_to_one=True)


def _prepared(rows: pl.DataFrame, row_id: str) -> pl.DataFrame:
    """Normal forms that an expert would make first, with the tables of names of Jingzhun."""
    keys = name_keys(rows["name"])
    facts = id_numbers.with_id_columns(
        nw.from_native(rows.select("document_number")), "document_number", on=ON, prefix="id"
    ).to_native()
    text = pl.col("id_normalised")
    number = pl.when(pl.col("id_kind") != "placeholder").then(text.str.slice(0, 17))
    known = facts.select(
        "id_normalised", "id_kind", pl.col("id_problem").is_null().alias("is_valid")
    )
    return rows.hstack(
        [*keys.select("clean", pl.col("syllable_class").alias("folded"), "phonetic"), *known]
    ).select(
        pl.col(row_id).alias("unique_id"),
        "clean",
        "folded",
        "phonetic",
        "birth_date",
        "sex",
        "is_valid",
        birth_year=pl.col("birth_date").dt.year(),
        number=number,
        tail=number.str.slice(10, 7),
        head=number.str.slice(0, 14),
        county=pl.col("area_code").str.slice(0, 6),
        prefecture=pl.col("area_code").str.slice(0, 4),
    )  # fmt: skip


def _number_levels() -> cl.CustomComparison:
    # Hamming: DuckDB takes five millionths of a second for one Damerau-Levenshtein distance of numbers.
    apart = "length(number_l) = length(number_r) and hamming(number_l, number_r) <="
    return cl.CustomComparison(
        output_column_name="number",
        comparison_levels=[
            cll.NullLevel("number"),
            cll.ExactMatchLevel("number"),
            cll.CustomLevel("is_valid_l and is_valid_r", "two valid numbers that differ"),
            cll.CustomLevel(f"{apart} 1", "one character"),
            cll.CustomLevel(f"{apart} 2", "two characters, or a swap"),
            cll.ElseLevel(),
        ],
    )


def _name_levels() -> cl.CustomComparison:
    return cl.CustomComparison(
        output_column_name="name",
        comparison_levels=[
            cll.NullLevel("clean"),
            cll.ExactMatchLevel("clean", term_frequency_adjustments=True),
            cll.ExactMatchLevel("folded"),
            cll.ExactMatchLevel("phonetic"),
            cll.CustomLevel(
                "(starts_with(clean_l, clean_r) or starts_with(clean_r, clean_l))", "prefix"
            ),
            cll.DamerauLevenshteinLevel("clean", 1),
            cll.JaroWinklerLevel("clean", 0.8),
            cll.ElseLevel(),
        ],
    )


def _birth_levels() -> cl.CustomComparison:
    shifts = (
        "abs(date_diff('day', birth_date_l, birth_date_r)) in (1, 9, 30, 59, 365, 366, 3652, 3653)"
    )
    return cl.CustomComparison(
        output_column_name="birth_date",
        comparison_levels=[
            cll.NullLevel("birth_date"),
            cll.ExactMatchLevel("birth_date"),
            cll.CustomLevel(shifts, "slip"),
            cll.ElseLevel(),
        ],
    )


def _place_levels() -> cl.CustomComparison:
    return cl.CustomComparison(
        output_column_name="county",
        comparison_levels=[
            cll.NullLevel("county"),
            cll.ExactMatchLevel("county"),
            cll.ExactMatchLevel("prefecture"),
            cll.ElseLevel(),
        ],
    )


def _answered(found: splinking.Found, *, one_to_one: bool) -> Answer:
    kept = found.links
    if one_to_one:
        kept = singled(kept)
    chosen = kept.filter(pl.col("probability") >= THRESHOLD).select(LINK)
    return Answer(chosen, found.compared, kept)


SPEC = Spec.model_validate(
    {
        "row_id": {"left": "person_id", "right": "record_id"},
        "ids": [{"column": "document_number", "kind": "gb11643"}],
        "name": "name",
        "birth_date": "birth_date",
        "sex": "sex",
        "area": "area_code",
        "one_to_one": True,
    }
)


def cascade(pair: Pair) -> Answer:
    """`jingzhun.linkage.link` with a spec that names the columns; trained on the files themselves."""
    found = link(pair.read("register"), pair.read("records"), SPEC)
    return Answer(found.sure().select(LINK), found.counts["pairs"], found.links)


def encoded(pair: Pair) -> Answer:
    """`jingzhun.linkage.private`: both files encoded, and only the encodings compared."""
    key = private.Key(bytes((i * 167 + 31) ** 2 % 251 for i in range(private.KEY_BYTES)))
    left = private.encode(pair.read("register"), key, columns=private.Columns(row_id="person_id"))
    right = private.encode(pair.read("records"), key)
    found = private.link_encoded(left, right, one_to_one=True)
    sure = found.links.filter(pl.col("band") != "review")
    return Answer(sure.select(LINK), found.compared)


CONTESTANTS: dict[str, Callable[[Pair], Answer]] = {
    "exact_id": exact_id,
    "id_then_name": id_then_name,
    "splink_default": splink_default,
    "splink_best": splink_best,
    "encoded": encoded,
    "cascade": cascade,
}
