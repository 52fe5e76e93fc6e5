"""A first mapping for a source, by its headers: what fits, how sure, and what is still to be done."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from jingzhun.errors import InputError, Place
from jingzhun.frames.readers import Limits, ReadOptions, Source, open_source, sheet_names
from jingzhun.quality.intake.guesses import Guess, guess_columns, guess_places
from jingzhun.quality.intake.mapping import OWN_VERSION, ColumnRule, TableMapping
from jingzhun.quality.intake.readings import reading_of
from jingzhun.quality.intake.reasons import Problem
from jingzhun.quality.intake.record_ids import MADE
from jingzhun.standard import schema

_HEADER_ROWS = 10
_SAMPLE = 1_000
_SHOWN = 5
_YEAR = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})(?![0-9])")
_SMALL_BLOCK = 1 << 20
_GOOD = 5
"""A score that no row but the header reaches."""


@dataclass(frozen=True)
class _Draft:
    """A source read under one header row and as one table."""

    source: Source
    options: ReadOptions
    table: schema.Table
    guesses: dict[str, Guess]

    @property
    def score(self) -> float:
        """How well the headers fit the table; its key counts most."""
        sure = sum(guess.score for guess in self.guesses.values())
        return sure + 3 * sum(name in self.guesses for name in self.table.key)


def suggest_mapping(path: Path, *, table: str | None = None) -> str:
    """A mapping for one file as YAML text, to be read and completed by a person.

    Cells are looked at only in columns with a code list or of yes and no, to warn of values that will
    not be read; nothing that identifies a person is shown. InputError when no header fits anything.
    """
    wanted = dict(schema.tables()) if table is None else {table: schema.table(table)}
    drafts = [draft for draft in _drafts(path, wanted) if draft.guesses]
    if not drafts:
        raise InputError(
            "No header of this file is like a column of the standard",
            where=Place(file=path.name),
            do="`jingzhun schema` lists the columns; write the mapping by hand",
        )
    lines = [
        f"# A first mapping for {path.name}, suggested by its headers. Read every line before you use it.",
        "# 根据表头自动建议的映射,使用前请逐行核对。",
        "mapping: 1",
        "tables:",
    ]
    for draft in drafts:
        lines += _lines(path, draft)
    return "\n".join(lines) + "\n"


def _drafts(path: Path, tables: dict[str, schema.Table]) -> Iterator[_Draft]:
    """The best draft of each sheet (a text or Parquet file counts as one sheet)."""
    plain = ReadOptions(limits=replace(Limits(), block_bytes=_SMALL_BLOCK, block_cells=100_000))
    sheets: Sequence[str | None] = [None]
    if path.suffix.lower() in {".xlsx", ".xlsm"} and path.is_file():
        sheets = sheet_names(path, plain.limits)
    many = len(sheets) > 1
    for sheet in sheets:
        options = replace(plain, sheet=sheet)
        found = list(_candidates(path, options, tables, tolerant=many))
        if found:
            best = max(found, key=lambda draft: draft.score)
            yield best if many else replace(best, options=replace(best.options, sheet=None))


def _candidates(
    path: Path, options: ReadOptions, tables: dict[str, schema.Table], *, tolerant: bool
) -> Iterator[_Draft]:
    for row in range(1, _HEADER_ROWS + 1):
        here = replace(options, header_row=row)
        try:
            source = open_source(path, here)
        except InputError:
            if row == 1 and not tolerant:
                # The first row may be blank; but a file that can't be opened at all says so.
                _raise_unless_header(path, here)
            continue
        drafts = [
            _Draft(source, here, table, guess_columns(source.columns, table))
            for table in tables.values()
        ]
        yield from drafts
        if source.kind == "Parquet" or max(draft.score for draft in drafts) >= _GOOD:
            return


def _raise_unless_header(path: Path, options: ReadOptions) -> None:
    try:
        open_source(path, replace(options, header_row=2))
    except InputError as error:
        if "header" not in error.what:
            raise


# -- the text --------------------------------------------------------------------------------------


def _lines(path: Path, draft: _Draft) -> Iterator[str]:
    table = draft.table
    places = [] if table.area in draft.guesses else guess_places(draft.source.columns)
    derive = _derive(draft, places)
    yield f"- table: {table.table}  # {table.label.zh}; read as {' '.join(draft.source.kind.split())}"
    yield f"  files: {_quoted(path.name)}"
    if draft.options.sheet is not None:
        yield f"  sheet: {_quoted(str(draft.options.sheet))}"
    if draft.options.header_row > 1:
        yield f"  header_row: {draft.options.header_row}"
    if "period" in table.by_name and "period" not in draft.guesses:
        yield _period(path)
    if table.is_external:
        yield from _delivery(table)
    yield "  columns:"
    sample = next(draft.source.blocks(), None)
    for column in table.columns:
        guess = draft.guesses.get(column.name)
        if guess is not None:
            rows = None if sample is None else sample.rows.head(_SAMPLE)
            codes = None if rows is None else _codes(guess.header, column, table, rows)
            remark = _remark(guess, column, table, None if codes else rows)
            yield f"    {column.name}: {_rule(guess, codes)}  # {remark}"
    if derive:
        yield "  derive:"
        yield from (f"    {name}: {origin}" for name, origin in derive.items())
    yield from _open_points(draft, derive, places)


def _derive(draft: _Draft, places: list[str]) -> dict[str, str]:
    derive = {}
    area = draft.table.area
    if area in {"village_code", "area_code"} and area not in draft.guesses and places:
        derive[area] = json.dumps(places, ensure_ascii=False)
    return derive


def _period(path: Path) -> str:
    year = _YEAR.search(path.stem)
    if year:
        return f"  period: {year.group(1)}  # from the file's name"
    return "  period:  # REQUIRED 必填: the year, or {from: header}"


def _delivery(table: schema.Table) -> Iterator[str]:
    department = _quoted(table.department.zh if table.department else "")
    yield "  delivery:"
    yield f"    source: {department}  # who delivered it 提供单位"
    yield "    legal_basis:  # REQUIRED 必填: law, agreement or order 依据"
    yield "    received:  # REQUIRED 必填: day, as in 2019-06-30 接收日期"
    yield "    # purpose 用途, from 起, until 止, covers: [area codes] 覆盖范围 (the whole area when left out)"


def _rule(guess: Guess, codes: str | None) -> str:
    if codes is not None:
        return f"{{from: {_quoted(guess.header)}, codes: {codes}}}"
    if guess.unit is None:
        return _quoted(guess.header)
    return f"{{from: {_quoted(guess.header)}, unit: {_quoted(guess.unit)}}}"


def _remark(
    guess: Guess, column: schema.Column, table: schema.Table, rows: pl.DataFrame | None
) -> str:
    parts = [guess.confidence, guess.why, column.label.zh]
    if column.unit and column.type in {"int", "decimal"} and column.unit != "year":
        parts.append(f"unit of the standard: {column.unit}")
    if rows is not None and column.type in {"code", "codes", "bool"}:
        parts += _unread(guess.header, column, table, rows)
    return "; ".join(parts)


def _codes(
    header: str, column: schema.Column, table: schema.Table, rows: pl.DataFrame
) -> str | None:
    """What `codes:` should say, where the sample has the standard's own codes; None where names are read."""
    if column.codes is None or rows[header].drop_nulls().replace("", None).is_null().all():
        return None
    by_code = ColumnRule.model_validate({"from": header, "codes": OWN_VERSION})
    return None if _bad(header, by_code, column, table, rows) else OWN_VERSION


def _bad(
    header: str, rule: ColumnRule, column: schema.Column, table: schema.Table, rows: pl.DataFrame
) -> list[str]:
    """Values of the sample that a rule does not read."""
    reading = reading_of(table, column, rule, TableMapping(table=table.table), None)
    values = rows[header].drop_nulls().unique(maintain_order=True).to_list()
    return [value for value in values if isinstance(reading.one(value), Problem)]


def _unread(
    header: str, column: schema.Column, table: schema.Table, rows: pl.DataFrame
) -> list[str]:
    """What of the sample's values could not be read by name."""
    bad = _bad(header, ColumnRule.model_validate(header), column, table, rows)
    if not bad:
        return []
    shown = ", ".join(json.dumps(value[:20], ensure_ascii=False) for value in bad[:_SHOWN])
    return [
        f"NOT READ 无法识别: {shown}{' …' if len(bad) > _SHOWN else ''} (`codes`, `values` or `missing`)"
    ]


def _open_points(draft: _Draft, derive: dict[str, str], places: list[str]) -> Iterator[str]:
    for column in draft.table.columns:
        filled = column.name in {*draft.guesses, *derive}
        if column.name == MADE and not filled and draft.table.is_external:
            yield "  # No number of the record found 无记录编号: it is made from the row's content, or"
            yield "  # derive: {record_id: [columns that tell one record from another]}"
        elif column.required and not filled and column.name != "period":
            yield f"  # REQUIRED 必填, not found: {column.name} ({column.label.zh}, {column.label.en})"
    if "document_number" in draft.guesses and not {"birth_date", "sex"} <= set(draft.guesses):
        yield "  # By ID number 可由证件号码推算: derive: {birth_date: document_number, sex: document_number}"
    used = {guess.header for guess in draft.guesses.values()} | (set(places) if derive else set())
    left = [name for name in draft.source.columns if name not in used]
    if left:
        yield "  # Columns of the source that are not mapped 未映射的列:"
        yield from (f"  #   {_quoted(name)}" for name in left)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
