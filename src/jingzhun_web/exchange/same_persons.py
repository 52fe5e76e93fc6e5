"""One person under two numbers: put on file by hand, and delivered later with the number of a file's own.

Whoever is put on file by hand gets a number of ours; the file that brings them later knows only its own. Without
this they would stand in the household twice.
"""

from __future__ import annotations

import polars as pl

from jingzhun.quality.intake.keys import NOWHERE, KeyIndex, keys_of
from jingzhun_web.registry.identifiers import document_form

KEY = ("person_id", "period")
NUMBER_IN_FILE = "number_in_file"
"""Column of persons: the file's own number of somebody who stays on file under another; else null."""


def same_persons(
    on_file: pl.DataFrame, after: pl.DataFrame, index: KeyIndex | None
) -> pl.DataFrame:
    """Persons of one household whom the files bring under another number: `person_id` on file, NUMBER_IN_FILE.

    The same: one household, one document number, the number on file not in the files and theirs not on file, and
    nobody else there with that document. One row per person; direct identifiers stay here.
    """
    if index is None or not on_file.height:
        return pl.DataFrame(schema={"person_id": pl.String, NUMBER_IN_FILE: pl.String})
    came = after.join(on_file.select(KEY), on=KEY, how="anti")
    silent = on_file.filter(pl.Series(index.find(keys_of(on_file.select(KEY), KEY)) == NOWHERE))
    silent = silent.join(came, on="household_id", how="semi")
    came = came.join(silent, on="household_id", how="semi")
    ours = _document(silent, "person_id")
    theirs = _document(came, NUMBER_IN_FILE)
    return ours.join(theirs, on=("household_id", "document")).select("person_id", NUMBER_IN_FILE)


def _document(persons: pl.DataFrame, number: str) -> pl.DataFrame:
    """Household and document of each person whose document nobody shares there; their number as `number`."""
    forms = [None if text is None else document_form(text) for text in persons["document_number"]]
    found = persons.select(
        "household_id",
        pl.col("person_id").alias(number),
        pl.Series("document", forms, dtype=pl.String),
    ).drop_nulls()
    return found.unique(("household_id", "document"), keep="none")


def under_number_on_file(persons: pl.DataFrame, same: pl.DataFrame) -> pl.DataFrame:
    """Rows after an import with each such person once: the file's values under the number on file."""
    left = persons.join(same, on="person_id", how="anti")
    ours = same.rename({"person_id": "ours", NUMBER_IN_FILE: "person_id"})
    named = left.join(ours, on="person_id", how="left", maintain_order="left")
    is_theirs = pl.col("ours").is_not_null()
    number = pl.when(is_theirs).then(pl.col("person_id"))
    kept = pl.coalesce("ours", "person_id")
    return named.with_columns(number.alias(NUMBER_IN_FILE), kept.alias("person_id")).drop("ours")
