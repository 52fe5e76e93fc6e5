"""Links that a clerk must look at: a sheet with both sides beside each other, and the clerk's answers read back.

The sheet is for the clerk alone: it shows names, so it is written for its owner only; numbers are masked. Answers
become labels (`labels_<table>`): they override the band of their pair, and tell how good the probabilities are.
"""

from __future__ import annotations

import csv
import os
from datetime import date
from html import escape
from pathlib import Path

import polars as pl

from jingzhun.errors import InputError, Place, WorkspaceError
from jingzhun.frames.workspace import UNPLACED, Workspace
from jingzhun.linkage.linked import REVIEW

LABELS = "labels_"
ANSWERS = {
    "yes": True,
    "y": True,
    "1": True,
    "是": True,
    "same": True,
    "no": False,
    "n": False,
    "0": False,
    "否": False,
    "different": False,
}
HEAD = (
    "person_id",
    "record_id",
    "probability",
    "name_register",
    "name_record",
    "number_register",
    "number_record",
    "born_register",
    "born_record",
    "area_register",
    "area_record",
    "answer",
)
KEPT_FIRST, KEPT_LAST = 6, 4


def sheet(
    links: pl.DataFrame, people: pl.DataFrame, records: pl.DataFrame, *, most: int = 500
) -> pl.DataFrame:
    """The pairs left to review, the most doubtful first (probability nearest to a half); columns as HEAD."""
    left = people.select(
        "person_id",
        name_register="name",
        number_register=_masked("document_number"),
        born_register="birth_date",
        area_register="village_code",
    )
    right = records.select(
        "record_id",
        name_record="name",
        number_record=_masked("document_number"),
        born_record="birth_date",
        area_record="area_code",
    )
    return (
        links.filter(pl.col("band") == REVIEW)
        .select("person_id", "record_id", "probability")
        .join(left, on="person_id", how="left")
        .join(right, on="record_id", how="left")
        .with_columns(answer=pl.lit(""), doubt=(pl.col("probability") - 0.5).abs())
        .sort("doubt", "person_id", "record_id")
        .head(most)
        .select(HEAD)
    )


def write_sheet(rows: pl.DataFrame, path: Path) -> None:
    """Write the sheet as CSV, or as a page to read when the file ends in .html; only its owner can read it."""
    text = _page(rows) if path.suffix == ".html" else _csv(rows)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(
        descriptor, "w", encoding="utf-8-sig" if path.suffix != ".html" else "utf-8"
    ) as file:
        file.write(text)


def import_labels(
    ws: Workspace, table: str, path: Path, *, period: int, on: date, by: str
) -> tuple[int, list[str]]:
    """Read a clerk's answers and keep them; returned are how many, and what was set aside, in words.

    A file with person_id, record_id and answer (yes, no, 是, 否 ...). Empty answers are not yet given. The last
    answer about a pair counts; the same file again changes nothing.
    """
    rows, rejected = _answers(path)
    before = ws.read(LABELS + table, UNPLACED, period)
    given = pl.DataFrame(
        [{**row, "on": on, "by": by} for row in rows],
        schema={
            "person_id": pl.String,
            "record_id": pl.String,
            "is_same": pl.Boolean,
            "on": pl.Date,
            "by": pl.String,
        },
    )
    kept = given if before is None else pl.concat([before, given])
    kept = kept.unique(["person_id", "record_id"], keep="last", maintain_order=True).sort(
        "person_id", "record_id"
    )
    if given.height and not (before is not None and _same(before, kept)):
        with ws.writing() as batch:
            batch.put(LABELS + table, UNPLACED, period, kept)
    return given.height, rejected


def labels(ws: Workspace, table: str, period: int) -> pl.DataFrame:
    """What clerks said: person_id, record_id, is_same, on, by. WorkspaceError when nothing was imported."""
    found = ws.read(LABELS + table, UNPLACED, period)
    if found is None:
        raise WorkspaceError(f"No answers about {table} were imported for {period}")
    return found


def with_labels(links: pl.DataFrame, said: pl.DataFrame) -> pl.DataFrame:
    """Links as clerks decided: what they confirmed is certain, what they denied is gone."""
    answered = links.join(
        said.select("person_id", "record_id", "is_same"), on=["person_id", "record_id"], how="left"
    )
    kept = answered.filter(pl.col("is_same").fill_null(True))
    band = (
        pl.when(pl.col("is_same").fill_null(False))
        .then(pl.lit("certain"))
        .otherwise(pl.col("band"))
    )
    return kept.with_columns(band=band).drop("is_same")


def calibration(links: pl.DataFrame, said: pl.DataFrame) -> pl.DataFrame:
    """By tenth of probability: pairs that clerks answered, and the share they called the same."""
    joined = links.join(said, on=["person_id", "record_id"], how="inner")
    tenth = (pl.col("probability") * 10).floor().clip(0, 9) / 10
    return (
        joined.group_by(probability_from=tenth)
        .agg(answered=pl.len(), share_same=pl.col("is_same").mean())
        .sort("probability_from")
    )


def _same(before: pl.DataFrame, after: pl.DataFrame) -> bool:
    columns = ["person_id", "record_id", "is_same"]
    return before.select(columns).equals(after.select(columns))


def _answers(path: Path) -> tuple[list[dict[str, object]], list[str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            read = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            "The answers can't be read",
            where=Place(file=path.name),
            do="Save the sheet as CSV, UTF-8",
        ) from error
    absent = {"person_id", "record_id", "answer"} - set(read[0] if read else ())
    if absent:
        raise InputError(
            f"The answers lack the columns {', '.join(sorted(absent))}",
            where=Place(file=path.name),
            do="Use the sheet that `jingzhun link review` wrote",
        )
    rows, rejected = [], []
    for number, row in enumerate(read, start=2):
        answer = (row["answer"] or "").strip().lower()
        if not answer:
            continue
        if answer not in ANSWERS:
            rejected.append(f"row {number}: the answer is neither yes nor no")
        elif not row["person_id"] or not row["record_id"]:
            rejected.append(f"row {number}: person_id or record_id is empty")
        else:
            rows.append(
                {
                    "person_id": row["person_id"],
                    "record_id": row["record_id"],
                    "is_same": ANSWERS[answer],
                }
            )
    return rows, rejected


def _masked(column: str) -> pl.Expr:
    text = pl.col(column)
    hidden = (text.str.len_chars().cast(pl.Int64) - KEPT_FIRST - KEPT_LAST).clip(0)
    stars = pl.lit("*").repeat_by(hidden).list.join("")
    long = pl.concat_str(text.str.head(KEPT_FIRST), stars, text.str.tail(KEPT_LAST))
    return pl.when(hidden > 0).then(long).when(text.is_not_null()).then(pl.lit("***"))


def _csv(rows: pl.DataFrame) -> str:
    return rows.write_csv(None)


def _page(rows: pl.DataFrame) -> str:
    head = "".join(f"<th scope=col>{escape(name)}</th>" for name in HEAD)
    body = "".join(
        "<tr>"
        + "".join(f"<td>{escape('' if cell is None else str(cell))}</td>" for cell in row)
        + "</tr>"
        for row in rows.iter_rows()
    )
    style = "body{font-family:sans-serif}table{border-collapse:collapse}td,th{border:1px solid #999;padding:.3em}"
    return (
        "<!doctype html><html lang=zh-Hans><meta charset=utf-8><title>待审核的匹配 Links to review</title>"
        f"<style>{style}</style><h1>待审核的匹配 Links to review</h1>"
        "<p>同一人填“是”，不是同一人填“否”。 Write yes for one person, no for two.</p>"
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></html>"
    )
