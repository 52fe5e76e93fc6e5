"""Journey: the traffic police hand over a file, in Chinese and in GB 18030; it is imported month by month."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from jingzhun.cli.intake import import_command
from jingzhun.errors import UserError
from jingzhun.frames.deliveries import deliveries
from jingzhun.frames.workspace import Workspace
from jingzhun.quality.intake import import_files, read_mapping

app = typer.Typer()
app.command()(import_command)

VILLAGE = "620102001001"
JUNE = f"""机动车序号,车主,身份证号码,车牌号,车辆类型,使用性质,初次登记日期,状态,行政区划
11,测试甲,,甘A00001,小型轿车,非营运,2018年3月1日,正常,{VILLAGE}
12,测试乙,62010219800501,甘A00002,三轮汽车,自用,2018/04/01,已过户,
13,测试丙,,甘A00003,飞船,非营运,2018-04-01,正常,{VILLAGE}
"""
JULY = JUNE.splitlines()[0] + f"\n11,测试甲,,甘A00001,小型轿车,非营运,2018年3月1日,注销,{VILLAGE}\n"


def jingzhun(*arguments: object) -> Result:
    """`jingzhun import ARGUMENTS`; an anticipated error comes as the result's exception."""
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "车辆2019年6月.csv").write_bytes(JUNE.encode("gb18030"))
    (tmp_path / "车辆2019年7月.csv").write_bytes(JULY.encode("gb18030"))
    return tmp_path


def mapping_for(folder: Path, month: int) -> Path:
    """The suggestion for a file, completed as a person would."""
    text = jingzhun("--suggest", folder / f"车辆2019年{month}月.csv").stdout
    text = re.sub(r"legal_basis:.*", "legal_basis: 甘政数协议〔2019〕1号(虚构)", text)
    text = re.sub(r"received:.*", f"received: 2019-0{month}-28", text)
    path = folder / f"m{month}.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def delivered(folder: Path, month: int, *more: str) -> Result:
    source, mapping = folder / f"车辆2019年{month}月.csv", mapping_for(folder, month)
    day = ["--on", f"2019-0{month}-30"]
    return jingzhun(source, "--mapping", mapping, "--to", folder / "ws", *day, *more)


def test_the_suggestion_knows_the_table_and_leaves_open_what_it_can_not_know(folder: Path) -> None:
    text = jingzhun("--suggest", folder / "车辆2019年6月.csv").stdout

    assert "- table: vehicles" in text
    assert "period: 2019" in text
    assert "legal_basis:  # REQUIRED" in text
    assert "received:  # REQUIRED" in text
    for column, header in {
        "record_id": "机动车序号",
        "name": "车主",
        "document_number": "身份证号码",
        "plate_number": "车牌号",
        "owned_on": "初次登记日期",
        "area_code": "行政区划",
    }.items():
        assert f'{column}: "{header}"' in text
    assert '"飞船"' in text.split("NOT READ")[1]


def test_a_suggestion_that_was_not_completed_says_what_to_write(folder: Path) -> None:
    source = folder / "车辆2019年6月.csv"
    (folder / "m.yaml").write_text(jingzhun("--suggest", source).stdout, encoding="utf-8")

    refused = jingzhun(source, "--mapping", folder / "m.yaml", "--to", folder / "ws")

    assert isinstance(refused.exception, UserError)
    assert "legal_basis" in refused.exception.sentence
    assert "received: 2019-06-30" in refused.exception.sentence
    assert not (folder / "ws").exists()


def test_monthly_deliveries_are_added_up_and_each_stands_in_the_ledger(folder: Path) -> None:
    # Act
    june, july = delivered(folder, 6), delivered(folder, 7)

    # Assert
    assert june.exit_code == july.exit_code == 0
    assert "3 read = 2 accepted (2 new, 0 changed, 0 unchanged) + 1 rejected" in june.stdout
    assert "1 read = 1 accepted (0 new, 1 changed, 0 unchanged)" in july.stdout
    assert "received 2019-06-28" in june.stdout
    assert "测试" not in june.stdout
    workspace = Workspace.open(folder / "ws")
    first, second = deliveries(workspace)
    rows = workspace.scan("vehicles", period=2019).to_native().collect().sort("record_id")
    assert rows.select("record_id", "status", "delivery_id").rows() == [
        ("11", "scrapped", second.id),
        ("12", "transferred", first.id),
    ]
    assert rows["owned_on"].to_list() == [date(2018, 3, 1), date(2018, 4, 1)]
    assert (first.source, first.rows, second.rows) == ("公安", 2, 1)


def test_the_same_delivery_again_changes_nothing_and_is_told_as_json(folder: Path) -> None:
    delivered(folder, 6)
    before = (folder / "ws" / "index.json").read_bytes()

    again = delivered(folder, 6, "--json")

    told = json.loads(again.stdout)
    assert told["already"] is True
    assert told["deliveries"][0]["legal_basis"].startswith("甘政数协议")
    assert (folder / "ws" / "index.json").read_bytes() == before


CHILD = """
import sys
from datetime import date
from pathlib import Path
from jingzhun.frames.workspace import Workspace
from jingzhun.quality.intake import import_files, read_mapping
folder = Path(sys.argv[1])
print("ready", flush=True)
import_files([folder / "v.csv"], read_mapping(folder / "m.yaml"), Workspace.open(folder / "ws"),
             on=date(2020, 1, 31), progress=lambda step: print(step.stage, flush=True))
print("done", flush=True)
"""
ROWS = 20_000
COUNTIES = ("620102", "620103", "620104", "620421", "620502", "")
MAPPING = """
table: vehicles
period: 2019
delivery: {source: traffic police (invented), legal_basis: agreement 1 (invented), received: 2019-06-30}
columns: {name: a, plate_number: b, area_code: c}
"""


@pytest.mark.parametrize(
    ("after", "delay"), [("ready", 0.0), ("read", 0.0), ("store", 0.0), ("store", 0.02)]
)
def test_a_killed_delivery_leaves_before_or_after_and_can_be_repeated(
    tmp_path: Path, after: str, delay: float
) -> None:
    # Arrange: no numbers of records, so that the key for them is made while the import runs.
    lines = [f"测试,甘A{n:05},{COUNTIES[n % 6]}" for n in range(ROWS)]
    (tmp_path / "v.csv").write_text("a,b,c\n" + "\n".join(lines) + "\n", encoding="utf-8")
    (tmp_path / "m.yaml").write_text(MAPPING, encoding="utf-8")
    Workspace.create(tmp_path / "ws", pack="gansu", created=date(2020, 1, 1))

    # Act
    child = [sys.executable, "-c", CHILD, str(tmp_path)]
    with subprocess.Popen(child, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith(after):
                break
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)

    # Assert
    workspace = Workspace.open(tmp_path / "ws")
    assert (len(workspace.imports), workspace.rows("vehicles")) in {(0, 0), (1, ROWS)}

    # Act: the same again ends the work, or says that it was done.
    mapping = read_mapping(tmp_path / "m.yaml")
    report = import_files([tmp_path / "v.csv"], mapping, workspace, on=date(2020, 1, 31))

    # Assert
    workspace = Workspace.open(tmp_path / "ws")
    rows = workspace.scan("vehicles", period=2019).to_native().collect()
    assert report.tables["vehicles"].accepted == rows.height == rows["record_id"].n_unique() == ROWS
    assert [one.rows for one in deliveries(workspace)] == [ROWS]
    assert not (workspace.path / ".intake").exists()
