"""Reading cells: the fast way agrees with the slow one; text is split as Python's csv module would."""

from __future__ import annotations

import csv
import io
import tempfile
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from jingzhun.errors import InputError
from jingzhun.frames.readers import Limits, ReadOptions, open_source
from jingzhun.frames.workspace import Workspace
from jingzhun.quality.intake import import_files, parse_mapping
from jingzhun.quality.intake.mapping import DATES, MISSING, NO, YES, ColumnRule, TableMapping
from jingzhun.quality.intake.readings import Cleaner, Reading, reading_of
from jingzhun.quality.intake.readings.numbers import NumberForm, number_reading
from jingzhun.quality.intake.reasons import Problem
from jingzhun.standard import schema

CLEAN = Cleaner(frozenset(MISSING))
DIGITS = "0123456789０１２.,，+-eE _ '％%万"

number_texts = st.one_of(
    st.text(DIGITS, max_size=12),
    st.integers(-(10**20), 10**20).map(str),
    st.floats().map(repr),
    st.integers(0, 10**12).map(lambda n: f"{n:,}"),
    st.text(max_size=6),
)
date_texts = st.one_of(
    st.dates().map(str),
    st.tuples(st.dates(), st.sampled_from(DATES)).map(
        lambda pair: (
            pair[1]
            .replace("%Y", f"{pair[0].year}")
            .replace("%m", f"{pair[0].month:02d}")
            .replace("%d", f"{pair[0].day}")
        )
    ),
    st.text("0123456789-/.年月日 :T", max_size=12),
)
words = [
    name for codes in schema.code_lists().values() for v in codes.values for name in (v.zh, v.en)
]
word_texts = st.one_of(
    st.sampled_from(
        [*words, *YES, *NO, *MISSING, "01", "1", "04", "A", "a", " 汉族 ", "ＨＡＮ", "'是"]
    ),
    st.text(max_size=8),
    st.lists(st.sampled_from(["因病", "因残", "因学", "无", "", "x"]), max_size=3).map("、".join),
)
plain_texts = st.one_of(
    st.text(max_size=20),
    st.text("0123456789Xx -'’６\u200b\x00", max_size=24),
    st.text("a\n\t\u3000\ufeff\u202e\ufffd =+-@'", max_size=8),
    st.sampled_from([*MISSING, "6.2E+17", "x" * 501, "汉" * 200, "620102199001011234"]),
)

SAMPLES = {
    "int": ("households", "debt_yuan", number_texts),
    "decimal": ("households", "cultivated_mu", number_texts),
    "year": ("households", "exit_year", number_texts),
    "date": ("persons", "birth_date", date_texts),
    "bool": ("households", "is_registered", word_texts),
    "code": ("households", "main_cause", word_texts),
    "versioned": ("persons", "ethnicity", word_texts),
    "codes": ("households", "other_causes", word_texts),
    "key": ("households", "household_id", plain_texts),
    "text": ("persons", "name", plain_texts),
    "id": ("persons", "document_number", plain_texts),
    "division": ("households", "village_code", st.text("0123456789６ .", max_size=14)),
}


def _reading(table: str, column: str, rule: dict[str, Any] | None = None) -> Reading:
    known = schema.table(table)
    mapping = TableMapping(table=table)
    built = ColumnRule.model_validate({"from": "x"} | (rule or {}))
    return reading_of(known, known.column(column), built, mapping, None)


def _agrees(reading: Reading, texts: list[str]) -> None:
    """Every value that a fast tier gives is the slow way's value."""
    raw = pl.Series("raw", texts, dtype=pl.String)
    for tier in reading.fast:
        fast = raw.to_frame().select(tier(pl.col("raw")).cast(reading.dtype)).to_series().to_list()
        for text, value in zip(texts, fast, strict=True):
            if value is not None:
                assert value == reading.one(text), text


@pytest.mark.parametrize("kind", SAMPLES)
def test_the_fast_way_of_a_column_never_contradicts_the_slow_one(kind: str) -> None:
    table, column, texts = SAMPLES[kind]
    reading = _reading(table, column)

    @settings(max_examples=60, deadline=None)
    @given(st.lists(texts, min_size=1, max_size=20))
    def check(sample: list[str]) -> None:
        _agrees(reading, sample)

    check()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(number_texts, min_size=1, max_size=20),
    st.booleans(),
    st.sampled_from([1.0, 10000.0, 0.0015, 12.0, 1 / 12]),
    st.booleans(),
    st.booleans(),
)
@example(["1.1", "0.35551", "2.5", "-0.5"], True, 10000.0, True, False)
def test_units_and_rounding_are_the_same_both_ways(
    texts: list[str], whole: bool, factor: float, rounded: bool, exponential: bool
) -> None:
    form = NumberForm(
        whole, low=-1e6, high=1e6, factor=factor, rounded=rounded, exponential=exponential
    )
    _same_numbers(number_reading(CLEAN, form), texts)


def _same_numbers(reading: Reading, texts: list[str]) -> None:
    frame = pl.DataFrame({"raw": pl.Series(texts, dtype=pl.String)})
    for tier in reading.fast:
        fast = frame.select(tier(pl.col("raw")).cast(reading.dtype)).to_series().to_list()
        for text, value in zip(texts, fast, strict=True):
            if value is not None:
                assert value == pytest.approx(reading.one(text), rel=1e-12), text


@settings(max_examples=30, deadline=None)
@given(st.lists(st.one_of(*(texts for _, _, texts in SAMPLES.values())), min_size=1, max_size=10))
def test_any_text_is_a_value_missing_or_a_problem_with_words(texts: list[str]) -> None:
    for table, column, _ in SAMPLES.values():
        for text in texts:
            result = _reading(table, column).one(text)
            assert result is None or isinstance(result, Problem | str | int | float | date | list)


# -- text into rows --------------------------------------------------------------------------------

cells = st.text(st.characters(exclude_characters="\r\x00", codec="utf-8"), max_size=6)
csv_rows = st.lists(st.lists(cells, min_size=3, max_size=3), max_size=15)


def _written(rows: list[list[str]], delimiter: str, quoting: Any) -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, quoting=quoting, lineterminator="\n")
    writer.writerows([["a", "b", "c"], *rows])
    return out.getvalue()


def _read(data: bytes, options: ReadOptions) -> list[tuple[int, tuple[str | None, ...]]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.csv"
        path.write_bytes(data)
        source = open_source(path, options)
        assert source.columns == ("a", "b", "c")
        return [
            (int(number), row)
            for block in source.blocks()
            for number, row in zip(block.numbers, block.rows.rows(), strict=True)
        ]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    csv_rows,
    st.sampled_from([",", "\t", ";"]),
    st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]),
    st.integers(1, 40),
)
def test_rows_come_out_as_they_were_written_whatever_the_block_size(
    rows: list[list[str]], delimiter: str, quoting: Any, encoding: str, block: int
) -> None:
    # Arrange
    text = _written(rows, delimiter, quoting)
    limits = Limits(block_bytes=block)
    named = "gb18030" if encoding == "gb18030" else "utf-8"

    # Act
    found = _read(text.encode(encoding), ReadOptions(named, delimiter, limits=limits))

    # Assert
    expected = [
        (number, tuple(cell or None for cell in row))
        for number, row in enumerate(rows, start=2)
        if any(row) or quoting == csv.QUOTE_ALL
    ]
    assert [(n, tuple(cell or None for cell in row)) for n, row in found] == expected


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200))
@example(b'a,b\n"x,1\n2,3\n')
@example(b"\xff\xfea\x00")
def test_any_bytes_end_in_rows_or_in_a_sentence(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for suffix in (".csv", ".xlsx", ".parquet"):
            path = Path(folder) / f"any{suffix}"
            path.write_bytes(data)
            with suppress(InputError):
                assert sum(block.rows.height for block in open_source(path).blocks()) >= 0


# -- a whole import --------------------------------------------------------------------------------

MAPPING = parse_mapping(
    """
tables:
- table: households
  files: "h*"
  period: 2019
  columns: {household_id: a, village_code: b, debt_yuan: {from: c, unit: 万元}}
"""
)
rows_of_households = st.lists(
    st.tuples(
        st.sampled_from(["H1", "H2", "H3", "", "H'4", "=1+1"]),
        st.sampled_from(["620102001001", "620421001001", "990102001001", "x"]),
        st.sampled_from(["1", "1.5", "", "x", "99999999"]),
    ),
    max_size=12,
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(rows_of_households, min_size=1, max_size=3))
def test_counts_always_add_up_and_keys_are_unique(
    batches: list[list[tuple[str, str, str]]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace.create(f"{folder}/ws", pack="gansu", created=date(2020, 1, 1))
        keys: set[str] = set()
        for number, rows in enumerate(batches):
            path = Path(folder) / f"h{number}.csv"
            path.write_text(_written([list(row) for row in rows], ",", csv.QUOTE_ALL), "utf-8")
            before = len(keys)

            report = import_files([path], MAPPING, workspace, on=date(2020, 1, 1), again=True)

            counts = report.tables["households"]
            frame = workspace.scan("households", period=2019).to_native().collect()
            keys = set(frame["household_id"])
            assert counts.read == len(rows) == counts.accepted + counts.rejected
            assert counts.accepted == counts.new + counts.changed + counts.unchanged
            assert len(keys) == frame.height == before + counts.new
