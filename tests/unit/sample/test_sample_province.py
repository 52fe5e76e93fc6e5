"""The whole sample as a workspace, and the command that makes it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from jingzhun.cli.sample import make_sample as command
from jingzhun.errors import InputError, WorkspaceError
from jingzhun.frames.workspace import Workspace
from jingzhun.sample import make_sample, parse_periods
from jingzhun.standard.divisions import Divisions


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, divisions: Divisions) -> Path:
    out = tmp_path_factory.mktemp("sample") / "small"
    make_sample(out, households=60, seed=5, divisions=divisions)
    return out


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_same_seed_gives_the_same_bytes(
    small: Path, tmp_path: Path, divisions: Divisions
) -> None:
    make_sample(tmp_path / "again", households=60, seed=5, divisions=divisions)

    assert files(small) == files(tmp_path / "again")


def test_the_workspace_opens_and_holds_the_households_asked_for(small: Path) -> None:
    workspace = Workspace.open(small)

    assert workspace.pack == "gansu"
    assert workspace.periods == [2019]
    rows = workspace.scan("households", period=2019, columns=["is_registered"]).collect()
    assert rows["is_registered"].sum() == 60
    assert len(workspace.counties(2019, "counties")) == 86


def test_the_manifest_tells_the_parameters_and_the_rows(small: Path) -> None:
    manifest = json.loads((small / "sample.json").read_text(encoding="utf-8"))

    assert (manifest["households"], manifest["seed"], manifest["periods"]) == (60, 5, [2019])
    assert manifest["registered_households"] == 60
    assert manifest["rows"]["households"] == Workspace.open(small).rows("households")
    assert manifest["parameters"]["registry"]["remaining"]["2019"] == 0.0317
    assert set(manifest["parameter_files_sha256"]) >= {"counties.yaml", "names.yaml"}


def test_an_existing_workspace_is_not_overwritten(small: Path, divisions: Divisions) -> None:
    with pytest.raises(WorkspaceError, match="workspace"):
        make_sample(small, households=60, seed=5, divisions=divisions)


@pytest.mark.parametrize(
    ("text", "years"),
    [("2019", (2019,)), ("2014..2016", (2014, 2015, 2016)), ("2019, 2014", (2014, 2019))],
)
def test_periods_are_years_ranges_or_lists(text: str, years: tuple[int, ...]) -> None:
    assert parse_periods(text) == years


@pytest.mark.parametrize("text", ["", "last", "2013", "2019..2031", "2019..2014"])
def test_periods_that_the_sample_does_not_know_are_refused(text: str) -> None:
    with pytest.raises(InputError, match="years"):
        parse_periods(text)


def test_the_command_prints_a_summary_and_the_next_step(tmp_path: Path) -> None:
    app = typer.Typer()
    app.command()(command)

    result = CliRunner().invoke(
        app, [str(tmp_path / "out"), "--households", "5", "--seed", "3", "--periods", "2019"]
    )

    assert result.exit_code == 0, result.output
    assert "5 registered households in 2019" in result.stdout
    assert "jingzhun run" in result.stdout
