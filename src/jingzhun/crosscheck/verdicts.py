"""Verdicts: what officers decided on findings, read from a file, with a reason for every row refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
from polars.datatypes import DataType, DataTypeClass

from jingzhun.crosscheck import store
from jingzhun.crosscheck.findings import empty
from jingzhun.crosscheck.history import typed
from jingzhun.errors import InputError, Place
from jingzhun.frames.files import content_hash
from jingzhun.frames.readers import open_source, plain_header
from jingzhun.frames.workspace import Workspace
from jingzhun.standard.labels import Label

TABLE = "verdicts"
VERDICTS: Mapping[str, Label] = {
    "true": Label(en="true", zh="属实"),
    "lawful_exception": Label(en="lawful exception", zh="合理例外"),
    "not_true": Label(en="not true", zh="不属实"),
    "data_error": Label(en="data error", zh="数据有误"),
}
"""true: it is so, and has to be acted on. lawful_exception: it is so and allowed. not_true: it is not so.
data_error: the record, or its link to the person, is wrong."""

VERDICT: Mapping[str, DataTypeClass | DataType] = {
    "finding_id": pl.String(),
    "verdict": pl.String(),
    "reason": pl.String(),
    "decided_on": pl.Date(),
    "decided_by": pl.String(),
}
"""One row per decision; of several on one finding the latest counts. `reason` is null where none was given."""

_HEADERS: Mapping[str, tuple[str, ...]] = {
    "finding_id": ("finding_id", "finding", "疑点编号", "疑点号"),
    "verdict": ("verdict", "认定", "认定结果", "核查结果"),
    "reason": ("reason", "理由", "原因", "说明"),
    "decided_on": ("decided_on", "date", "认定日期", "日期"),
    "decided_by": ("decided_by", "by", "认定人", "核查人"),
}
_WORDS: Mapping[str, str] = {
    **{word: word for word in VERDICTS},
    **{label.zh: word for word, label in VERDICTS.items()},
    **{label.en: word for word, label in VERDICTS.items()},
    "confirmed": "true",
    "lawful": "lawful_exception",
    "exception": "lawful_exception",
    "合理解释": "lawful_exception",
    "合法例外": "lawful_exception",
    "信息错误": "data_error",
}
_DATES = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y年%m月%d日", "%Y-%m-%d %H:%M:%S")

REASONS: Mapping[str, Label] = {
    "ragged": Label(
        en="The row has more or fewer cells than the header", zh="该行单元格数与表头不一致"
    ),
    "no_finding": Label(en="No finding has this number", zh="没有此编号的疑点"),
    "no_verdict": Label(
        en="The verdict must be one of true, lawful_exception, not_true, data_error",
        zh="认定结果须为：属实、合理例外、不属实、数据有误",
    ),
    "no_date": Label(
        en="The day of the decision is missing or no date", zh="认定日期缺失或无法识别"
    ),
    "too_late": Label(en="The day of the decision is still to come", zh="认定日期晚于导入日期"),
    "too_early": Label(en="The decision is older than the finding", zh="认定日期早于疑点产生日期"),
    "no_reason": Label(en="A lawful exception needs its reason", zh="认定为合理例外须写明理由"),
    "two_verdicts": Label(
        en="The file has another verdict of the same day on this finding",
        zh="文件中同一疑点同一天有不同认定",
    ),
}
"""Why a row is refused, in words for the officer who sent it."""


@dataclass(frozen=True)
class Read:
    """The rows of a verdict file: taken (VERDICT), and refused with row number, reason code and words."""

    taken: pl.DataFrame
    refused: pl.DataFrame


@dataclass(frozen=True)
class Imported:
    """What an import of verdicts did. `known` rows were in the workspace before."""

    read: int
    new: int
    known: int
    refused: int
    refused_path: Path | None


def read_verdicts(path: Path, findings: pl.DataFrame, *, on: date) -> Read:
    """The verdicts in a CSV, XLSX or Parquet file, by its headers (English or Chinese), checked one by one.

    `findings` are the stored ones (finding_id, first_on). Columns that are not asked for are left alone.
    InputError when a column is missing or the file can't be read.
    """
    rows = _texts(path)
    known = findings.group_by("finding_id").agg(pl.col("first_on").min())
    joined = rows.join(known, on="finding_id", how="left", maintain_order="left")
    words = {word.lower(): verdict for word, verdict in _WORDS.items()}
    plain = pl.col("verdict").str.to_lowercase()
    day = pl.coalesce(
        pl.col("decided_on").str.to_date(form, strict=False, exact=True) for form in _DATES
    )
    valued = joined.with_columns(
        verdict=plain.replace_strict(words, default=None, return_dtype=pl.String), decided_on=day
    )
    judged = valued.with_columns(fault=_fault(on))
    judged = _contradictions(judged)
    taken = judged.filter(pl.col("fault").is_null()).select(*VERDICT).unique(maintain_order=True)
    refused = judged.filter(pl.col("fault").is_not_null()).select(
        "source_row",
        "finding_id",
        reason_code="fault",
        reason_en=_in_words("en"),
        reason_zh=_in_words("zh"),
    )
    return Read(taken, refused)


def import_verdicts(ws: Workspace, path: Path, *, period: int, on: date) -> Imported:
    """Take the verdicts of a file into the workspace; the same file again changes nothing.

    Refused rows stand in `rejects/verdicts-<hash>.csv`. InputError when the file is no verdict file.
    """
    findings = store.findings(ws, period)
    read = read_verdicts(path, findings, on=on)
    digest = content_hash(path)
    refused_path = _write_refused(ws, read.refused, digest)
    counties = findings.select("finding_id", "county_code").unique("finding_id", keep="first")
    placed = read.taken.join(counties, on="finding_id", how="left")
    new = 0
    with ws.writing() as batch:
        for (county,), rows in placed.partition_by("county_code", as_dict=True).items():
            before = typed(ws.read(TABLE, str(county), period), VERDICT)
            fresh = rows.select(*VERDICT).join(
                before, on=list(VERDICT), how="anti", nulls_equal=True
            )
            if fresh.height:
                new += fresh.height
                both = pl.concat([before, fresh]).sort("finding_id", "decided_on", "verdict")
                batch.put(TABLE, str(county), period, both)
        if new:
            batch.record(_entry(path, digest, read, on))
    return Imported(
        read.taken.height + read.refused.height,
        new,
        read.taken.height - new,
        read.refused.height,
        refused_path,
    )


def verdicts(ws: Workspace, period: int) -> pl.DataFrame:
    """The verdict that counts on each finding: the latest. Columns as VERDICT."""
    parts = [pl.read_parquet(ws.path / p.path) for p in ws.files(TABLE, period)]
    rows = pl.concat([empty(VERDICT), *(typed(part, VERDICT) for part in parts)])
    return rows.sort("finding_id", "decided_on").unique(
        "finding_id", keep="last", maintain_order=True
    )


def _texts(path: Path) -> pl.DataFrame:
    """The columns of a verdict file as text, blanks as null, with the row numbers of the file."""
    source = open_source(path)
    plain = {plain_header(name): name for name in source.columns}
    headers = {
        column: next((plain[name] for name in names if name in plain), None)
        for column, names in _HEADERS.items()
    }
    absent = [name for name in ("finding_id", "verdict", "decided_on") if headers[name] is None]
    if absent:
        raise InputError(
            f"The file has no column for {', '.join(absent)}",
            where=Place(file=path.name),
            why=f"Its columns: {', '.join(source.columns)}",
            do="Name the columns finding_id, verdict, reason, decided_on, decided_by",
        )
    cells = [_cell(headers[column], column) for column in _HEADERS]
    shape = {n: pl.String() for n in _HEADERS} | {"source_row": pl.Int64(), "ragged": pl.Boolean()}
    parts = [pl.DataFrame(schema=shape)]
    for block in source.blocks():
        numbers = pl.Series(block.numbers, dtype=pl.Int64)
        parts.append(block.rows.select(*cells).with_columns(source_row=numbers, ragged=False))
        odd = [{"source_row": row.number, "ragged": True} for row in block.ragged]
        parts.append(pl.DataFrame(odd, schema=shape))
    return pl.concat(parts)


def _cell(header: str | None, column: str) -> pl.Expr:
    if header is None:
        return pl.lit(None, dtype=pl.String).alias(column)
    text = pl.col(header).cast(pl.String).str.strip_chars()
    return pl.when(text != "").then(text).alias(column)


def _fault(on: date) -> pl.Expr:
    """The first thing that is wrong with a row; null when nothing is."""
    return (
        pl.when(pl.col("ragged"))
        .then(pl.lit("ragged"))
        .when(pl.col("first_on").is_null())
        .then(pl.lit("no_finding"))
        .when(pl.col("verdict").is_null())
        .then(pl.lit("no_verdict"))
        .when(pl.col("decided_on").is_null())
        .then(pl.lit("no_date"))
        .when(pl.col("decided_on") > pl.lit(on))
        .then(pl.lit("too_late"))
        .when(pl.col("decided_on") < pl.col("first_on"))
        .then(pl.lit("too_early"))
        .when((pl.col("verdict") == "lawful_exception") & pl.col("reason").is_null())
        .then(pl.lit("no_reason"))
    )


def _contradictions(judged: pl.DataFrame) -> pl.DataFrame:
    """Rows that decide the same finding on the same day in two ways: nobody knows which counts."""
    valid = pl.col("fault").is_null()
    several = pl.col("verdict").filter(valid).n_unique().over("finding_id", "decided_on") > 1
    return judged.with_columns(
        fault=pl.when(valid & several).then(pl.lit("two_verdicts")).otherwise(pl.col("fault"))
    )


def _in_words(language: str) -> pl.Expr:
    words = {code: label.text(language) for code, label in REASONS.items()}
    return pl.col("fault").replace_strict(words, return_dtype=pl.String)


def _write_refused(ws: Workspace, refused: pl.DataFrame, digest: str) -> Path | None:
    if not refused.height:
        return None
    ws.rejects_dir.mkdir(exist_ok=True, mode=0o700)
    path = ws.rejects_dir / f"verdicts-{digest[:12]}.csv"
    refused.write_csv(path, include_bom=True)
    return path


def _entry(path: Path, digest: str, read: Read, on: date) -> dict[str, Any]:
    return {
        "table": TABLE,
        "source": path.name,
        "sha256": digest,
        "read": read.taken.height + read.refused.height,
        "accepted": read.taken.height,
        "rejected": read.refused.height,
        "on": on.isoformat(),
    }
