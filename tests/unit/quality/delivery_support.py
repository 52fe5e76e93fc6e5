"""What the tests of deliveries share: a mapping for invented vehicles, and their import."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl

from jingzhun.frames.workspace import Workspace
from jingzhun.quality.intake import ImportReport, import_files, parse_mapping
from jingzhun.standard.id_numbers import make_id

ON = date(2020, 1, 31)
VILLAGE, ELSEWHERE, ABROAD = "620102001001", "620421001001", "110101000000"
PERSON = make_id("620102", date(1980, 5, 1), 1)
MAPPING = """
table: vehicles
delivery:
  source: traffic police (invented)
  legal_basis: agreement 1 (invented)
  received: {received}
  {covers}
period: {{from: 年度, optional: true, missing: [无]}}
columns:
  record_id: {{from: 序号, optional: true}}
  name: 姓名
  document_number: 身份证号
  plate_number: 车牌
  kind: 车型
  owned_on: 登记日期
  area_code: {{from: 区划, optional: true}}
{more}
"""
HEADER = "序号,年度,姓名,身份证号,车牌,车型,登记日期,区划\n"


def mapping(received: str = "2019-06-30", covers: str = "", more: str = "") -> str:
    return MAPPING.format(received=received, covers=covers, more=more)


class Vehicles:
    """A workspace to which vehicles are delivered: `vehicles.run("1,2019,...", ...)`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.workspace = Workspace.create(folder / "ws", pack="gansu", created=ON)

    def run(
        self,
        *rows: str,
        rules: str | None = None,
        header: str = HEADER,
        into: Workspace | None = None,
    ) -> ImportReport:
        """Import rows."""
        path = self.folder / "v.csv"
        path.write_text(header + "\n".join(rows) + "\n", encoding="utf-8")
        read = parse_mapping(mapping() if rules is None else rules)
        return import_files([path], read, into or self.workspace, on=ON)


def held(workspace: Workspace, period: int = 2019) -> pl.DataFrame:
    return workspace.scan("vehicles", period=period).to_native().collect().sort("record_id")


CAR = f"1,2019,测试甲,{PERSON},甘A00001,轿车,2018-03-01,{VILLAGE}"
VAN = f"2,2019,测试乙,,甘A00002,面包车,2018-04-01,{VILLAGE}"
