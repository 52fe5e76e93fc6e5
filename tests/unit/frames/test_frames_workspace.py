"""A workspace opens, or says in a sentence why not; what is put in is what comes out."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from jingzhun.errors import WorkspaceError
from jingzhun.frames.workspace import Workspace
from register_support import (
    COUNTY,
    FAR,
    ON,
    OTHER,
    VILLAGE,
    YEAR,
    frame,
    household,
    person,
    workspace,
)


def made(path: Path) -> Workspace:
    homes = [household("H2"), household("H1"), household("H9", FAR)]
    people = [person("H1"), person("H2", 2), person("H2", 1), person("H9")]
    return workspace(path, {"households": homes, "persons": people})


# -- opening --------------------------------------------------------------------------------------


def test_a_new_workspace_is_empty_and_knows_its_pack(tmp_path: Path) -> None:
    ws = Workspace.create(tmp_path / "new", pack="gansu", created=ON)

    assert (ws.pack, ws.periods, ws.imports, ws.rows("households")) == ("gansu", [], (), 0)


def test_any_name_of_a_pack_is_kept(tmp_path: Path) -> None:
    name = 'C:\\packs\\"odd"\n甘肃'

    Workspace.create(tmp_path / "new", pack=name, created=ON)

    assert Workspace.open(tmp_path / "new").pack == name


def test_asking_an_empty_workspace_for_its_latest_period_says_what_to_do(tmp_path: Path) -> None:
    ws = Workspace.create(tmp_path / "new", pack="gansu", created=ON)

    with pytest.raises(WorkspaceError, match=r"holds no households yet.*jingzhun import"):
        _ = ws.latest_period


def test_a_workspace_is_not_made_over_another(tmp_path: Path) -> None:
    made(tmp_path / "ws")

    with pytest.raises(WorkspaceError, match=r"a workspace in .* already"):
        Workspace.create(tmp_path / "ws", pack="gansu", created=ON)

    assert Workspace.open(tmp_path / "ws").rows("households") == 3


def test_a_workspace_is_not_made_among_other_files(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("x")

    with pytest.raises(WorkspaceError, match="is not empty"):
        Workspace.create(tmp_path, pack="gansu", created=ON)


def test_a_workspace_is_not_made_in_place_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("x")

    with pytest.raises(WorkspaceError, match="is a file"):
        Workspace.create(tmp_path / "letter", pack="gansu", created=ON)


def test_a_workspace_below_a_file_says_why_it_can_not_be_made(tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("x")

    with pytest.raises(WorkspaceError, match="can't be written to"):
        Workspace.create(tmp_path / "letter" / "ws", pack="gansu", created=ON)


def test_making_can_be_repeated_where_it_was_killed(tmp_path: Path) -> None:
    path = tmp_path / "ws"
    Workspace.create(path, pack="gansu", created=ON)
    (path / "workspace.toml").rename(path / ".workspace.toml.1.tmp")

    ws = Workspace.create(path, pack="gansu", created=ON)

    assert ws.periods == []


def test_a_lost_description_does_not_let_the_data_be_overwritten(tmp_path: Path) -> None:
    made(tmp_path / "ws")
    (tmp_path / "ws" / "workspace.toml").unlink()

    with pytest.raises(WorkspaceError, match="is not empty"):
        Workspace.create(tmp_path / "ws", pack="gansu", created=ON)


@pytest.mark.parametrize("place", ["nowhere", "letter", "folder"])
def test_what_is_no_workspace_is_not_opened(tmp_path: Path, place: str) -> None:
    (tmp_path / "letter").write_text("x")
    (tmp_path / "folder").mkdir()

    with pytest.raises(WorkspaceError, match=r"is not a workspace\. It has no workspace.toml"):
        Workspace.open(tmp_path / place)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"format = [", "can't be read"),
        (b"\xff\xfe\x00", "can't be read"),
        (b"", "does not say its format and pack"),
        (b'format = "1"\npack = "gansu"', "does not say its format and pack"),
        (b'format = 2\npack = "gansu"', r"made by a newer engine \(format 2\)\. Update"),
    ],
)
def test_a_broken_description_is_told(tmp_path: Path, text: bytes, message: str) -> None:
    made(tmp_path / "ws")
    (tmp_path / "ws" / "workspace.toml").write_bytes(text)

    with pytest.raises(WorkspaceError, match=message):
        Workspace.open(tmp_path / "ws")


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"[]",
        b"{",
        b"\xff",
        b'{"partitions": []}',
        b'{"partitions": [{"table": "households"}], "imports": []}',
        b'{"partitions": [{"table": "households", "county": "622926", "period": 2019,'
        b' "path": "tables/../../x", "rows": 1, "sha256": ""}], "imports": []}',
    ],
)
def test_a_broken_index_is_told(tmp_path: Path, text: bytes) -> None:
    made(tmp_path / "ws")
    (tmp_path / "ws" / "index.json").write_bytes(text)

    with pytest.raises(WorkspaceError, match=r"can't be read as the index .* backup"):
        Workspace.open(tmp_path / "ws")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    ws = made(tmp_path / "ws")
    lost = ws.files("persons", YEAR, OTHER)[0].path
    (ws.path / lost).unlink()

    with pytest.raises(WorkspaceError, match=f"{lost} is missing"):
        Workspace.open(ws.path)


# -- content --------------------------------------------------------------------------------------


def test_rows_come_back_sorted(tmp_path: Path) -> None:
    ws = made(tmp_path / "ws")

    homes = ws.scan("households", period=YEAR, columns=["household_id"]).collect()
    people = ws.scan("persons", period=YEAR, county=COUNTY, columns=["person_id"]).collect()

    assert homes["household_id"].to_list() == ["H1", "H2", "H9"]
    assert people["person_id"].to_list() == ["H1-1", "H2-1", "H2-2"]


def test_counties_periods_and_rows_are_known_without_reading(tmp_path: Path) -> None:
    ws = made(tmp_path / "ws")

    assert (ws.periods, ws.latest_period, ws.counties(YEAR)) == ([YEAR], YEAR, [COUNTY, OTHER])
    assert (ws.rows("persons"), ws.rows("persons", 2018), ws.counties(2018)) == (4, 0, [])


def test_several_counties_are_read_as_one_table(tmp_path: Path) -> None:
    ws = made(tmp_path / "ws")

    rows = ws.scan("households", period=YEAR, county=(COUNTY, OTHER), columns=["household_id"])

    assert len(rows.collect()) == 3


def test_a_column_that_no_file_has_comes_as_null_of_its_type(tmp_path: Path) -> None:
    ws = Workspace.create(tmp_path / "ws", pack="gansu", created=ON)
    with ws.writing() as batch:
        few = pl.DataFrame({"household_id": ["H1"], "village_code": [VILLAGE]})
        batch.put("households", COUNTY, YEAR, few)
    columns = ["household_id", "debt_yuan", "has_safe_water", "other_causes", "identified_date"]

    rows = ws.scan("households", period=YEAR, columns=columns).collect().to_native()

    assert rows.row(0) == ("H1", None, None, None, None)
    assert rows.dtypes[1:] == [pl.Int64, pl.Boolean, pl.List(pl.String), pl.Date]


@pytest.mark.parametrize("first", [COUNTY, OTHER])
def test_a_column_that_one_county_lacks_is_kept_of_the_others(tmp_path: Path, first: str) -> None:
    # Left to itself, the data-frame engine takes the columns of the first file for those of all.
    ws = Workspace.create(tmp_path / "ws", pack="gansu", created=ON)
    second = {COUNTY: OTHER, OTHER: COUNTY}[first]
    with ws.writing() as batch:
        batch.put("households", first, YEAR, pl.DataFrame({"household_id": ["H1"]}))
        full = pl.DataFrame({"household_id": ["H2"], "debt_yuan": [7], "own_column": [True]})
        batch.put("households", second, YEAR, full)

    some = ws.scan("households", period=YEAR, columns=["household_id", "debt_yuan", "own_column"])
    all_ = ws.scan("households", period=YEAR).collect()

    wanted = [("H1", None, None), ("H2", 7, True)]
    assert sorted(some.collect().rows()) == wanted
    assert sorted(all_.select("household_id", "debt_yuan", "own_column").rows()) == wanted


def test_a_table_without_rows_keeps_its_types(tmp_path: Path) -> None:
    ws = Workspace.create(tmp_path / "ws", pack="gansu", created=ON)

    rows = ws.scan("persons", period=YEAR, columns=["household_key", "work_months", "name"])

    assert rows.collect().to_native().dtypes == [pl.Int64, pl.Int64, pl.String]


def test_columns_are_stored_in_the_types_and_order_of_the_standard(tmp_path: Path) -> None:
    ws = Workspace.create(tmp_path / "ws", pack="gansu", created=ON)
    odd = pl.DataFrame(
        {
            "zz_own": [1],
            "debt_yuan": pl.Series([5], dtype=pl.Int16),
            "main_cause": pl.Series(["01"], dtype=pl.Categorical),
            "has_safe_water": pl.Series([None], dtype=pl.Null),
            "household_id": ["H1"],
        }
    )

    with ws.writing() as batch:
        batch.put("households", COUNTY, YEAR, odd)

    stored = pl.read_parquet_schema(ws.path / ws.files("households")[0].path)
    assert dict(stored) == {
        "household_id": pl.String,
        "main_cause": pl.String,
        "has_safe_water": pl.Boolean,
        "debt_yuan": pl.Int64,
        "zz_own": pl.Int64,
        "household_key": pl.Int64,
    }


def test_texts_in_place_of_numbers_are_a_mistake_of_the_program(tmp_path: Path) -> None:
    ws = Workspace.create(tmp_path / "ws", pack="gansu", created=ON)
    wrong = pl.DataFrame({"household_id": ["H1"], "debt_yuan": ["5"]})

    with (
        pytest.raises(TypeError, match="households: debt_yuan is String and should be Int64"),
        ws.writing() as batch,
    ):
        batch.put("households", COUNTY, YEAR, wrong)


# -- identity of data -----------------------------------------------------------------------------


def test_equal_data_have_equal_bytes_and_hash_whatever_the_order(tmp_path: Path) -> None:
    homes = [household(f"H{n}", FAR if n % 3 else VILLAGE, wage=n) for n in range(20)]
    people = [person(f"H{n}", i) for n in range(20) for i in range(3)]
    one = workspace(tmp_path / "one", {"households": homes, "persons": people})
    other = Workspace.create(tmp_path / "other", pack="gansu", created=date(2020, 5, 5))

    for county in (
        OTHER,
        COUNTY,
    ):  # in another order, in two batches, rows and columns turned round
        with other.writing() as batch:
            own = [h for h in homes[::-1] if h["village_code"].startswith(county)]
            ids = {h["household_id"] for h in own}
            turned = frame("households", own)
            batch.put("households", county, YEAR, turned.select(turned.columns[::-1]))
            batch.put(
                "persons",
                county,
                YEAR,
                frame("persons", [p for p in people[::-1] if p["household_id"] in ids]),
            )

    assert one.data_hash() == other.data_hash()
    assert [p.path for p in one.files_all()] == [p.path for p in other.files_all()]
    for part in one.files_all():
        assert (one.path / part.path).read_bytes() == (other.path / part.path).read_bytes()


def test_the_hash_changes_with_any_value_and_knows_periods(tmp_path: Path) -> None:
    ws = made(tmp_path / "ws")
    before, of_year = ws.data_hash(), ws.data_hash(YEAR)

    with ws.writing() as batch:
        batch.put("households", COUNTY, 2018, frame("households", [household("H1")]))

    assert ws.data_hash() != before
    assert ws.data_hash(YEAR) == of_year

    with ws.writing() as batch:
        batch.put("households", OTHER, YEAR, frame("households", [household("H9", FAR, wage=1)]))

    assert ws.data_hash(YEAR) != of_year


def test_the_ledger_keeps_its_order(tmp_path: Path) -> None:
    ws = made(tmp_path / "ws")

    for number in (1, 2):
        with ws.writing() as batch:
            batch.record({"source": f"甘肃 {number}.csv", "read": number})

    assert [entry["read"] for entry in Workspace.open(ws.path).imports] == [1, 2]
    assert json.loads((ws.path / "index.json").read_text())["imports"][0]["source"] == "甘肃 1.csv"


# -- chunks ---------------------------------------------------------------------------------------


def with_counties(path: Path, sizes: list[int]) -> Workspace:
    ws = Workspace.create(path, pack="gansu", created=ON)
    with ws.writing() as batch:
        for number, size in enumerate(sizes):
            ids = [f"H{number}-{n}" for n in range(size)]
            batch.put("households", f"{620000 + number}", YEAR, pl.DataFrame({"household_id": ids}))
    return ws


@pytest.mark.parametrize(
    ("sizes", "groups"),
    [
        ([], []),
        ([3], [1]),
        ([1, 1, 1, 1], [3, 1]),
        ([3, 1, 2, 3], [1, 2, 1]),
        ([9, 1, 9], [1, 1, 1]),
    ],
)
def test_small_counties_go_together_and_large_ones_alone(
    tmp_path: Path, sizes: list[int], groups: list[int]
) -> None:
    ws = with_counties(tmp_path / "ws", sizes)

    chunks = ws.chunks(YEAR, households=3)

    assert [len(chunk) for chunk in chunks] == groups
    assert [county for chunk in chunks for county in chunk] == ws.counties(YEAR)
