"""Names of areas in both languages, as far as the pack knows them."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from jingzhun.report.texts import Both

FILE = "names_en.csv"


@dataclass(frozen=True)
class AreaNames:
    """English names and short Chinese ones by six-digit code; an area without one keeps its own name."""

    english: Mapping[str, str]
    short_chinese: Mapping[str, str]

    @classmethod
    def read(cls, pack_dir: Path) -> AreaNames:
        """The names in the pack's `names_en.csv` (code, name_en, short_zh); none when there is no such file."""
        file = pack_dir / FILE
        if not file.is_file():
            return cls({}, {})
        with file.open(encoding="utf-8", newline="") as text:
            rows = list(csv.DictReader(text))
        return cls(
            {row["code"][:6]: row["name_en"] for row in rows},
            {row["code"][:6]: row["short_zh"] for row in rows if row["short_zh"]},
        )

    def of(self, code: str, name: str | None) -> Both:
        """How an area is called in each language."""
        own = name or code
        return Both(self.english.get(code[:6], own) if len(code.rstrip("0")) <= 6 else own, own)

    def short(self, code: str, name: str | None) -> Both:
        """How an area is called on the map, without its kind."""
        whole = self.of(code, name)
        return Both(whole.en, self.short_chinese.get(code[:6], whole.zh))
