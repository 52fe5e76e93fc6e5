"""A register linked to other departments' records: kept, repeated, reviewed, held against the truth."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from typer.testing import CliRunner

from jingzhun.cli.app import app
from jingzhun.errors import InputError, WorkspaceError
from jingzhun.frames.workspace import Workspace
from jingzhun.linkage import link, review
from jingzhun.linkage import workspace as linking

ON = date(2020, 1, 15)
TABLE = "medical_insurance"


@pytest.fixture(scope="module")
def linked_path(sample_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("linked") / "register"
    shutil.copytree(sample_path, path)
    ws = Workspace.open(path)
    linking.link_source(ws, TABLE, period=ws.latest_period)
    return path


@pytest.fixture
def linked(linked_path: Path, tmp_path: Path) -> Workspace:
    """A linked register that the test may change."""
    shutil.copytree(linked_path, tmp_path / "register")
    return Workspace.open(tmp_path / "register")


def told(ws: Workspace, *words: str) -> dict[str, Any]:
    done = CliRunner().invoke(app, ["link", *words, "--json"])
    assert done.exit_code == 0, done.output
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_every_link_names_a_person_and_a_record_that_are_there(linked: Workspace) -> None:
    period = linked.latest_period
    links = linking.links(linked, TABLE, period)

    people = linked.scan("persons", period=period, columns=["person_id", "household_id"])
    records = linked.scan(TABLE, period=period, columns=["record_id"])

    assert links.height > 100
    assert links.join(
        people.to_native().collect(), on=["person_id", "household_id"], how="anti"
    ).is_empty()
    assert links.join(records.to_native().collect(), on="record_id", how="anti").is_empty()


def test_where_a_person_has_one_record_at_most_nobody_is_linked_to_two(linked: Workspace) -> None:
    links = linking.links(linked, TABLE, linked.latest_period).filter(pl.col("band") != "review")

    assert links["person_id"].is_unique().all()
    assert links["record_id"].is_unique().all()


def test_linking_again_changes_nothing(linked: Workspace) -> None:
    before = [part.sha256 for part in linked.files_all()]

    again = linking.link_source(linked, TABLE, period=linked.latest_period)

    assert not again.is_new
    assert [part.sha256 for part in Workspace.open(linked.path).files_all()] == before


def test_training_anew_on_the_same_records_gives_the_same_links(linked: Workspace) -> None:
    period = linked.latest_period
    before = linking.links(linked, TABLE, period)

    again = linking.link_source(linked, TABLE, period=period, retrain=True)

    assert again.is_new
    assert linking.links(Workspace.open(linked.path), TABLE, period).equals(before)


def test_a_link_tells_what_was_compared_and_no_value(linked: Workspace) -> None:
    links = linking.links(linked, TABLE, linked.latest_period)
    people = linking.register_people(linked, linked.latest_period)

    evidence = [json.loads(text) for text in links["evidence"].head(50)]

    assert all({"field", "level", "weight"} == set(part) for parts in evidence for part in parts)
    written = "".join(links["evidence"])
    assert not any(name in written for name in people["name"].drop_nulls().head(200))


def test_links_are_held_against_the_truth_by_people(linked: Workspace) -> None:
    found = told(linked, "evaluate", str(linked.path), TABLE)

    assert found["all"][0]["f1"] > 0.98
    assert sum(row["true"] for row in found["ethnicity"]) == found["all"][0]["true"]


def test_a_table_without_records_is_said_in_words(linked: Workspace) -> None:
    with pytest.raises(WorkspaceError, match="holds no records of vehicles for 1999"):
        linking.link_source(linked, "vehicles", period=1999)


def test_the_sheet_for_clerks_masks_numbers(linked: Workspace, tmp_path: Path) -> None:
    period = linked.latest_period
    links = linking.links(linked, TABLE, period).with_columns(band=pl.lit("review"))
    people = linking.register_people(linked, period)
    rows = review.sheet(links, people, linking.records(linked, TABLE, period), most=20)

    review.write_sheet(rows, tmp_path / "sheet.csv")
    review.write_sheet(rows, tmp_path / "sheet.html")

    for name in ("sheet.csv", "sheet.html"):
        text = (tmp_path / name).read_text(encoding="utf-8-sig")
        assert (tmp_path / name).stat().st_mode & 0o777 == 0o600
        assert rows["record_id"][0] in text
        assert not any(number in text for number in people["document_number"].drop_nulls())


def test_answers_come_back_as_labels_once(linked: Workspace, tmp_path: Path) -> None:
    period = linked.latest_period
    links = linking.links(linked, TABLE, period).head(3)
    answers = ["是", "no", "perhaps"]
    pairs = links.select("person_id", "record_id").with_columns(answer=pl.Series(answers))
    pairs.write_csv(tmp_path / "answers.csv")

    given, rejected = review.import_labels(
        linked, TABLE, tmp_path / "answers.csv", period=period, on=ON, by="clerk 1"
    )
    first = [part.sha256 for part in linked.files_all()]
    review.import_labels(
        linked, TABLE, tmp_path / "answers.csv", period=period, on=ON, by="clerk 1"
    )

    said = review.labels(linked, TABLE, period)
    assert (given, rejected) == (2, ["row 4: the answer is neither yes nor no"])
    assert [part.sha256 for part in linked.files_all()] == first
    decided = review.with_labels(links, said)
    assert decided["record_id"].to_list() == [links["record_id"][0], links["record_id"][2]]
    assert decided["band"][0] == "certain"


def test_a_file_that_is_no_sheet_is_said_in_words(linked: Workspace, tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text("a,b\n1,2\n", encoding="utf-8")

    with pytest.raises(InputError, match="lack the columns answer, person_id, record_id"):
        review.import_labels(
            linked, TABLE, tmp_path / "other.csv", period=linked.latest_period, on=ON, by="clerk 1"
        )


def test_of_a_later_delivery_only_changed_records_are_compared(linked: Workspace) -> None:
    period = linked.latest_period
    county = linked.counties(period, TABLE)[0]
    rows = linked.read(TABLE, county, period)
    assert rows is not None
    moved = rows.with_row_index("at").with_columns(
        name=pl.when(pl.col("at") == 0).then(pl.lit("样例新名")).otherwise("name")
    )
    with linked.writing() as batch:
        batch.put(TABLE, county, period, moved.drop("at"))
    model = linking.known_model(linked, TABLE)
    whole = link(
        linking.comparable_people(linking.register_people(linked, period)),
        linking.records(linked, TABLE, period),
        linking.spec_of(TABLE),
        model=model,
    )

    again = linking.link_source(Workspace.open(linked.path), TABLE, period=period)

    found = linking.links(Workspace.open(linked.path), TABLE, period)
    pairs = found.select("person_id", "record_id", "band").sort("person_id", "record_id")
    expected = whole.links.select(person_id="left_id", record_id="right_id", band="band")
    assert again.is_new
    assert again.counts["pairs"] < whole.counts["pairs"] / 10
    assert pairs.equals(expected.sort("person_id", "record_id"))


def test_what_a_clerk_denied_is_no_link_when_it_is_linked_again(
    linked: Workspace, tmp_path: Path
) -> None:
    period = linked.latest_period
    before = linking.links(linked, TABLE, period)
    denied = before.select("person_id", "record_id").head(1).with_columns(answer=pl.lit("否"))
    denied.write_csv(tmp_path / "answers.csv")
    review.import_labels(
        linked, TABLE, tmp_path / "answers.csv", period=period, on=ON, by="clerk 1"
    )

    again = linking.link_source(Workspace.open(linked.path), TABLE, period=period)

    after = linking.links(Workspace.open(linked.path), TABLE, period)
    assert again.is_new
    assert again.counts["links"] == after.height == before.height - 1
    assert after.join(denied, on=["person_id", "record_id"], how="semi").is_empty()
