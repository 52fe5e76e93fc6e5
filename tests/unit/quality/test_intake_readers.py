"""Source files: what is read, with which row numbers, and how hostile ones end."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from jingzhun.errors import InputError
from jingzhun.frames.readers import Limits, ReadOptions, Source, open_source

XLSX: Any = openpyxl  # it has no types


def rows_of(source: Source) -> list[tuple[int, tuple[str | None, ...]]]:
    return [
        (int(number), row)
        for block in source.blocks()
        for number, row in zip(block.numbers, block.rows.rows(), strict=True)
    ]


def written(tmp_path: Path, content: bytes | str, name: str = "a.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def refused(path: Path, options: ReadOptions | None = None) -> str:
    """The sentence in which opening and reading a file ends."""

    def everything() -> None:
        for _ in open_source(path, options).blocks():
            pass

    with pytest.raises(InputError) as caught:
        everything()
    return caught.value.sentence


# -- text ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_the_usual_encodings_of_chinese_text_are_found(tmp_path: Path, encoding: str) -> None:
    path = written(tmp_path, "姓名,村\n测试甲,一村\n".encode(encoding))
    source = open_source(path)
    assert source.columns == ("姓名", "村")
    assert rows_of(source) == [(2, ("测试甲", "一村"))]


def test_chinese_that_begins_after_a_long_ascii_part_is_found_too(tmp_path: Path) -> None:
    text = "a,b\n" + "1,2\n" * 200_000 + "3,藏族乡\n"
    path = written(tmp_path, text.encode("gb18030"))
    source = open_source(path, ReadOptions(limits=Limits(block_bytes=1 << 16)))
    assert rows_of(source)[-1] == (200_002, ("3", "藏族乡"))


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_the_delimiter_is_found_in_the_header(tmp_path: Path, delimiter: str) -> None:
    path = written(tmp_path, f"a{delimiter}b{delimiter}c\n1{delimiter}2{delimiter}3\n")
    assert rows_of(open_source(path)) == [(2, ("1", "2", "3"))]


def test_row_numbers_are_those_of_a_spreadsheet(tmp_path: Path) -> None:
    path = written(tmp_path, 'a,b\r\n1,"two\r\nlines"\r\n\r\n,\r\n3,4')
    source = open_source(path)
    assert rows_of(source) == [(2, ("1", "two\nlines")), (5, ("3", "4"))]
    assert sum(block.blank for block in source.blocks()) == 2


def test_a_title_above_the_header_is_skipped_by_header_row(tmp_path: Path) -> None:
    path = written(tmp_path, "登记表\n\na,b\n1,2\n")
    source = open_source(path, ReadOptions(header_row=3))
    assert source.columns == ("a", "b")
    assert rows_of(source) == [(4, ("1", "2"))]


def test_old_line_ends_are_read(tmp_path: Path) -> None:
    assert rows_of(open_source(written(tmp_path, "a,b\r1,2\r"))) == [(2, ("1", "2"))]


def test_ragged_rows_are_set_aside_one_by_one(tmp_path: Path) -> None:
    path = written(tmp_path, "a,b\n1,2\n1,2,3\n4\n5,6\n")
    block = next(open_source(path).blocks())
    assert [(r.number, r.cells, r.text) for r in block.ragged] == [(3, 3, "1,2,3"), (4, 1, "4")]
    assert block.numbers.tolist() == [2, 5]


def test_an_undecodable_byte_is_told_with_its_place(tmp_path: Path) -> None:
    text = "姓名,村\n" + "测试甲,一村\n" * 50
    sentence = refused(written(tmp_path, text.encode() + b"\xff\xff,x\n"))
    assert f"byte {len(text.encode())}" in sentence


def test_another_encoding_is_named(tmp_path: Path) -> None:
    text = "имя,село\n" + "Тестовый человек из деревни,Первая деревня у реки\n" * 40
    path = written(tmp_path, text.encode("cp1251"))
    assert "it looks like" in refused(path, ReadOptions(encoding="utf-8"))


def test_another_encoding_is_not_read_as_rare_chinese_characters(tmp_path: Path) -> None:
    text = "姓名,村\n測試甲,貧困村\n測試乙,臺灣鄉臺灣鄉\n"
    path = written(tmp_path, text.encode("big5"))
    assert "likely GB18030" in refused(path)


def test_a_giant_row_is_refused_whether_or_not_it_fits_into_a_block(tmp_path: Path) -> None:
    path = written(tmp_path, b"a,b\n1,2\n1," + b"x" * (2 << 20) + b"\n")
    assert "row 3: The row does not end within" in refused(path)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("a,b\n1,2\n".encode("utf-16"), "UTF-16"),
        (b"\x00" * 100, "NUL"),
        (b"", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"\n\n\n", "no header row"),
        (b",,\n1,2,3\n", "no header row"),
        (b'a,b\n1,"2\n3,4\n', "quotation mark"),
        (b'a,b\n1,2"3"\n3,4\n', "row 2: A quotation mark"),
        (b'a,b\n1,"2"x\n', "quotation mark"),
        (b"PK\x03\x04aaaa", "zip"),
        (b"PAR1aaaa", "Parquet"),
        (b"\xd0\xcf\x11\xe0aaaa", "old Excel"),
        (b"\x1f\x8baaaa", "gzip"),
        (",".join(f"c{n}" for n in range(10_000)).encode() + b"\n", "10000 columns"),
        (b"a,b\n1," + b"x" * (2 << 20) + b"\n", "does not end within"),
        (b"a,b\n1," + b"x" * (2 << 20), "does not end within"),
        (b'a,b\n1,"' + b"x\n" * (1 << 20), "does not end within"),
    ],
)
def test_text_that_is_no_table_ends_in_a_sentence(
    tmp_path: Path, content: bytes, words: str
) -> None:
    assert words in refused(
        written(tmp_path, content), ReadOptions(limits=Limits(block_bytes=1 << 18))
    )


def test_quotation_marks_can_be_declared_ordinary(tmp_path: Path) -> None:
    path = written(tmp_path, 'a,b\n5" pipe,2\n6",3\n')
    assert rows_of(open_source(path, ReadOptions(quote=False)))[0] == (2, ('5" pipe', "2"))


def test_a_header_alone_is_a_table_without_rows(tmp_path: Path) -> None:
    assert rows_of(open_source(written(tmp_path, "a,b"))) == []


def test_folders_missing_files_and_unknown_endings_are_told(tmp_path: Path) -> None:
    assert "is a folder" in refused(tmp_path)
    assert "does not exist" in refused(tmp_path / "none.csv")
    assert "ending '.doc'" in refused(written(tmp_path, "a", "a.doc"))


# -- workbooks -------------------------------------------------------------------------------------


def workbook(tmp_path: Path, *rows: list[object]) -> Path:
    book = XLSX.Workbook()
    for row in rows:
        book.active.append(row)
    path = tmp_path / "a.xlsx"
    book.save(path)
    return path


def changed(path: Path, edit: Callable[[str, bytes], bytes]) -> Path:
    """The workbook with its members rewritten."""
    target = path.with_name("changed.xlsx")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, edit(name, old.read(name)))
    return target


def test_cells_of_a_workbook_come_as_the_text_they_stand_for(tmp_path: Path) -> None:
    row: list[object] = [1, 2.5, True, datetime(2019, 1, 5), date(2019, 1, 6), 620102199001011234]
    path = workbook(tmp_path, ["a", "b", "c", "d", "e", "f"], row, [None] * 6, ["x"])
    found = rows_of(open_source(path))
    texts = ("1", "2.5", "true", "2019-01-05", "2019-01-06", "6.201021990010112e+17")
    assert found == [(2, texts), (4, ("x", *[None] * 5))]


def test_a_formula_gives_its_stored_value_and_is_never_run(tmp_path: Path) -> None:
    path = workbook(tmp_path, ["a", "b"], ["=1+1", "x"])
    assert rows_of(open_source(path)) == [(2, (None, "x"))]


def test_cells_beyond_the_header_are_kept(tmp_path: Path) -> None:
    path = workbook(tmp_path, ["a"], ["1", "more"])
    block = next(open_source(path).blocks())
    assert block.rows.columns == ["a", "column 2"]


def test_a_sheet_is_found_by_name_or_number(tmp_path: Path) -> None:
    path = workbook(tmp_path, ["a"], ["1"])
    book = XLSX.load_workbook(path)
    book.create_sheet("户").append(["b"])
    book.save(path)
    assert open_source(path, ReadOptions(sheet="户")).columns == ("b",)
    assert open_source(path, ReadOptions(sheet=2)).columns == ("b",)
    assert "Its sheets are: Sheet, 户" in refused(path, ReadOptions(sheet="none"))


def test_a_sheet_that_begins_as_spreadsheet_programs_write_it_is_read(tmp_path: Path) -> None:
    """Excel declares a namespace called `r` in every sheet: it is no reference of a cell."""
    namespace = b' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    path = changed(
        workbook(tmp_path, ["户编号"], ["H1"]),
        lambda name, data: (
            data.replace(b"<worksheet", b"<worksheet" + namespace, 1)
            if name.startswith("xl/worksheets/")
            else data
        ),
    )

    assert rows_of(open_source(path, ReadOptions())) == [(2, ("H1",))]


def in_sheet(cell: bytes) -> Callable[[str, bytes], bytes]:
    def edit(name: str, data: bytes) -> bytes:
        is_sheet = name.startswith("xl/worksheets/")
        return data.replace(b"</sheetData>", cell + b"</sheetData>") if is_sheet else data

    return edit


@pytest.mark.parametrize(
    "cell",
    [
        b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        b"<row><c r = 'XFD1048576'><v>1</v></c></row>",
        b'<row r="&#49;048576"><c r="&#88;FD1048576"><v>1</v></c></row>',
        b'<row r="1048576"/><row><c r' + b" " * 99 + b'="XFD9"><v>1</v></c></row>',
        b'<row><c r="AAAAAAA1"><v>1</v></c></row>',
    ],
)
def test_a_cell_in_the_far_corner_does_not_blow_up_the_memory(tmp_path: Path, cell: bytes) -> None:
    path = changed(workbook(tmp_path, ["a"], ["1"]), in_sheet(cell))
    assert refused(path)


def test_a_zip_bomb_is_refused_by_its_directory(tmp_path: Path) -> None:
    path = workbook(tmp_path, ["a"], ["1"])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/media/zero.bin", b"\0" * (64 << 20))
    assert "times its size" in refused(path)


def test_a_zip_bomb_is_refused_even_when_its_directory_lies(tmp_path: Path) -> None:
    path = workbook(tmp_path, ["a"], ["1"])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/media/zero.bin", b"\0" * (64 << 20))
    data = bytearray(path.read_bytes())
    entry = data.rfind(b"PK\x01\x02")
    data[entry + 24 : entry + 28] = struct.pack("<I", 1000)
    path.write_bytes(data)
    assert "longer than the archive says" in refused(path)


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[: len(data) // 2],
        lambda data: data[:300] + b"\0" * 300 + data[600:],
        lambda data: data[:4] + b"x" * 100,
    ],
)
def test_a_broken_workbook_ends_in_a_sentence(
    tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    path = workbook(tmp_path, ["a"], ["1"])
    path.write_bytes(damage(path.read_bytes()))
    assert refused(path)


def test_text_called_a_workbook_is_told(tmp_path: Path) -> None:
    assert "but the content is text" in refused(written(tmp_path, "a,b\n", "a.xlsx"))


def test_an_empty_sheet_has_no_header(tmp_path: Path) -> None:
    assert "no header row" in refused(workbook(tmp_path))


# -- Parquet ---------------------------------------------------------------------------------------


def test_typed_columns_come_as_text(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pl.DataFrame(
        {
            "a": [1, None],
            "b": [1.0, 2.5],
            "c": [True, None],
            "d": [date(2019, 1, 5), None],
            "e": [["x", "y"], []],
            "f": [datetime(2019, 1, 5), datetime(2019, 1, 5, 3)],
        }
    ).write_parquet(path)
    assert rows_of(open_source(path)) == [
        (1, ("1", "1", "true", "2019-01-05", "x;y", "2019-01-05")),
        (2, (None, "2.5", None, None, "", "2019-01-05 03:00:00")),
    ]


def test_a_type_that_is_no_cell_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pl.DataFrame({"a": [{"x": 1}]}).write_parquet(path)
    assert "field a: The column has the type" in refused(path)


def test_a_broken_parquet_file_is_told(tmp_path: Path) -> None:
    whole = tmp_path / "a.parquet"
    pl.DataFrame({"a": list(range(10_000))}).write_parquet(whole)
    data = whole.read_bytes()
    assert refused(written(tmp_path, data[: len(data) // 2], "b.parquet"))
    assert refused(written(tmp_path, data[:100] + b"\0" * 2000 + data[2100:], "c.parquet"))


def test_many_equal_values_in_few_bytes_are_refused_before_they_are_decoded(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    rows = pl.select(pl.repeat("x", 100_000).alias("a"))
    rows.write_parquet(path, row_group_size=100_000)
    assert "100,000 in one row group" in refused(
        path, ReadOptions(limits=Limits(group_cells=99_999))
    )
    assert "at most 99,999 rows" in refused(path, ReadOptions(limits=Limits(parquet_rows=99_999)))


def test_row_groups_are_read_in_order(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pl.DataFrame({"a": [str(n) for n in range(1000)]}).write_parquet(path, row_group_size=7)
    source = open_source(path, ReadOptions(limits=Limits(block_cells=13)))
    assert rows_of(source) == [(n + 1, (str(n),)) for n in range(1000)]
