"""Journey: a county officer suggests a mapping, imports the register, corrects rejects, imports again."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from jingzhun.cli.intake import import_command
from jingzhun.errors import UserError
from jingzhun.frames.workspace import Workspace

app = typer.Typer()
app.command()(import_command)

VILLAGE = "620102001001"
HOUSEHOLDS = f"""户编号,行政区划代码,年度,主要致贫原因,联系电话
H1,{VILLAGE},2019,因病,13900000000
H2,{VILLAGE},2019,没有,13900000001
"""
PERSONS = """人口编号,户编号,年度,姓名,民族
P1,H1,2019,测试甲,东乡族
P2,H2,2019,测试乙,回族
"""


def jingzhun(*arguments: object) -> Result:
    """`jingzhun import ARGUMENTS`; an anticipated error comes as the result's exception."""
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "户2019.csv").write_bytes(HOUSEHOLDS.encode("gb18030"))
    (tmp_path / "人2019.csv").write_text(PERSONS, encoding="utf-8-sig")
    return tmp_path


@pytest.fixture
def mapping(folder: Path) -> Path:
    """The suggestions for both files, put together as a person would."""
    path = folder / "mapping.yaml"
    parts = [jingzhun("--suggest", folder / f"{name}2019.csv").stdout for name in "户人"]
    tables = [part.split("tables:\n")[1] for part in parts]
    path.write_text("mapping: 1\ntables:\n" + "".join(tables), encoding="utf-8")
    return path


def test_from_suggestion_to_a_workspace_and_back_through_the_rejects(
    folder: Path, mapping: Path
) -> None:
    sources = [folder / "户2019.csv", folder / "人2019.csv"]

    first = jingzhun(*sources, "--mapping", mapping, "--to", folder / "ws", "--on", "2020-01-31")

    assert first.exit_code == 0
    assert "2 read = 1 accepted (1 new, 0 changed, 0 unchanged) + 1 rejected" in first.stdout
    assert "unknown_name in main_cause" in first.stdout
    assert "household_unknown" in first.stdout
    assert "测试" not in first.output
    assert "1390000" not in first.output
    workspace = Workspace.open(folder / "ws")
    assert (workspace.rows("households"), workspace.rows("persons")) == (1, 1)
    assert workspace.meta["created"] == "2020-01-31"

    rejected = next((folder / "ws" / "rejects").iterdir())
    corrected = []
    for name, table in (("户", "households"), ("人", "persons")):
        text = (rejected / f"{table}.csv").read_text(encoding="utf-8-sig")
        path = folder / f"{name}2019.csv"
        path.write_text(text.replace(",没有,1390", ",缺技术,1390"), encoding="utf-8")
        corrected.append(path)
    second = jingzhun(*corrected, "--mapping", mapping, "--to", folder / "ws", "--json")

    assert second.exit_code == 0
    assert json.loads(second.stdout)["tables"]["persons"]["new"] == 1
    workspace = Workspace.open(folder / "ws")
    assert (workspace.rows("households"), workspace.rows("persons")) == (2, 2)


def test_a_repeated_import_says_when_it_was_done(folder: Path, mapping: Path) -> None:
    command = [folder / "户2019.csv", "--mapping", mapping, "--to", folder / "ws"]
    jingzhun(*command, "--on", "2020-01-31")
    again = jingzhun(*command, "--on", "2021-05-05")
    assert again.exit_code == 0
    assert "Already imported on 2020-01-31" in again.stdout
    assert len(Workspace.open(folder / "ws").imports) == 1


def test_strict_ends_with_one_when_a_row_is_rejected(folder: Path, mapping: Path) -> None:
    command = [folder / "户2019.csv", "--mapping", mapping, "--to", folder / "ws", "--strict"]
    assert jingzhun(*command).exit_code == 1
    assert Workspace.open(folder / "ws").rows("households") == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["none.csv", "--mapping", "mapping.yaml", "--to", "ws"], "does not exist"),
        (["户2019.csv", "--mapping", "none.yaml", "--to", "ws"], "can't be opened"),
        (["户2019.csv", "--mapping", "mapping.yaml"], "needs --mapping and --to"),
        (["户2019.csv", "--mapping", "mapping.yaml", "--to", "."], "is not empty"),
        (
            ["户2019.csv", "--mapping", "mapping.yaml", "--to", "ws", "--pack", "none"],
            "no policy pack",
        ),
        (["户2019.csv", "--mapping", "mapping.yaml", "--to", "ws", "--on", "x"], "not a date"),
        (["户2019.csv", "--mapping", "mapping.yaml", "--to", "mapping.yaml"], "is a file"),
        (["户2019.csv", "./户2019.csv", "--mapping", "mapping.yaml", "--to", "ws"], "given twice"),
        (["户2019.csv", "人2019.csv", "--suggest"], "one file at a time"),
        (["户2019.csv", "--suggest", "--table", "none"], "no table 'none'"),
    ],
)
def test_what_the_user_got_wrong_is_told(
    folder: Path, mapping: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], words: str
) -> None:
    monkeypatch.chdir(folder)
    result = jingzhun(*arguments)
    assert isinstance(result.exception, UserError)
    assert words in result.exception.sentence
    assert result.exception.exit_code == 2


def test_another_pack_than_the_workspaces_own_is_refused(folder: Path, mapping: Path) -> None:
    Workspace.create(folder / "ws", pack="gansu", created=date(2020, 1, 1))
    command = [folder / "户2019.csv", "--mapping", mapping, "--to", folder / "ws"]
    result = jingzhun(*command, "--pack", "vietnam-1998")
    assert isinstance(result.exception, UserError)
    assert "was made for the pack 'gansu'" in result.exception.sentence


SURVEY = Path("/work/shared/data/vietnam-1998/households.csv")


@pytest.mark.skipif(not SURVEY.exists(), reason="the survey lies beside the repository only")
def test_the_real_survey_is_imported_without_a_reject(tmp_path: Path) -> None:
    pack = Path(sys.modules["jingzhun"].__file__ or "").parent / "policy/packs/vietnam-1998"
    command = [
        "--mapping",
        pack / "mapping.yaml",
        "--to",
        tmp_path / "ws",
        "--pack",
        "vietnam-1998",
    ]
    result = jingzhun(SURVEY, *command, "--json")
    counts: dict[str, Any] = json.loads(result.stdout)["tables"]["households"]
    assert (counts["read"], counts["accepted"], counts["rejected"]) == (5999, 5999, 0)
