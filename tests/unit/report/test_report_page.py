"""The report as a file: complete in both languages, closed to the network, safe against its data."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from invented_summary import PACK_DIR, make_summary

from jingzhun.errors import InputError
from jingzhun.report import page, write_report
from jingzhun.report.texts import FILES

EVIL = "</script><script>alert(1)</script><img src=x onerror=alert(2)>"
MAX_BYTES = 3_000_000


class Page(HTMLParser):
    """The parts of a page the tests ask about."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.scripts: list[tuple[dict[str, str | None], str]] = []
        self.tags: list[str] = []
        self.links: list[str] = []
        self.policy = ""
        self._in_script = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append(tag)
        self.links += [str(given[key]) for key in ("src", "href") if given.get(key)]
        if given.get("http-equiv") == "Content-Security-Policy":
            self.policy = str(given["content"])
        self._in_script = tag == "script"
        if self._in_script:
            self.scripts.append((given, ""))

    def handle_endtag(self, tag: str) -> None:
        self._in_script = self._in_script and tag != "script"

    def handle_data(self, data: str) -> None:
        if self._in_script:
            given, text = self.scripts[-1]
            self.scripts[-1] = (given, text + data)

    @property
    def data(self) -> Any:
        """What the scripts get."""
        return json.loads(next(t for g, t in self.scripts if g.get("type") == "application/json"))


@cache
def rendered(households: int = 20_000) -> str:
    return page.render(make_summary(households), pack_dir=PACK_DIR)


def test_the_report_is_one_file_of_modest_size(tmp_path: Path) -> None:
    out = write_report(make_summary(), pack_dir=PACK_DIR, out=tmp_path / "report.html")
    assert [file.name for file in tmp_path.iterdir()] == ["report.html"]
    assert 200_000 < out.stat().st_size < MAX_BYTES


def test_the_same_summary_gives_the_same_bytes() -> None:
    assert page.render(make_summary(900), pack_dir=PACK_DIR) == rendered(900)


def test_nothing_in_the_page_points_to_a_network() -> None:
    assert {link for link in Page(rendered()).links if not link.startswith("#")} == {"data:,"}


def test_the_policy_allows_these_scripts_and_no_network() -> None:
    found = Page(rendered())
    hashes = {
        "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"
        for given, text in found.scripts
        if "type" not in given
    }
    rules = dict(rule.strip().split(" ", 1) for rule in found.policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert set(rules["script-src"].split()) == hashes


def test_names_from_data_stay_text() -> None:
    summary = make_summary(900)
    summary["by_county"][0]["name"] = EVIL
    summary["by_township"][0]["name"] = EVIL
    summary["causes"][0]["label"] = {"en": EVIL, "zh": EVIL}
    summary["imports"][0]["source"] = EVIL
    summary["findings"]["by_rule"][0]["rule"] = EVIL
    found, clean = (Page(page.render(s, pack_dir=PACK_DIR)) for s in (summary, make_summary(900)))
    assert len(found.scripts) == len(clean.scripts)
    assert "img" not in found.tags
    assert EVIL in [row[0] for rows in found.data["townships"].values() for row in rows]


def numbers(node: Any) -> Iterator[Any]:
    if isinstance(node, dict | list):
        for child in node.values() if isinstance(node, dict) else node:
            yield from numbers(child)
    else:
        yield node


@pytest.mark.parametrize("households", [900, 20_000])
def test_no_small_count_stands_in_the_data_of_the_page(households: int) -> None:
    data = Page(rendered(households)).data
    for county in data["counties"].values():
        county.pop("villages")
    counts = [*numbers(data["counties"]), *numbers(data["townships"])]
    counts += [*numbers(data["charts"].get("causes")), *numbers(data["charts"]["funnel"])]
    counts += [row["n"] for chart in data["charts"]["scores"].values() for row in chart["rows"]]
    counts += [*numbers([m["values"] for m in data["measures"] if m["id"] == "poor"])]
    assert [n for n in counts if isinstance(n, int) and 0 < n < 5] == []
    assert "hidden" in counts


def test_small_counts_do_not_stand_in_the_tables_either() -> None:
    cells = re.findall(r'<td class="n">([1-4])</td>', rendered())
    villages = re.findall(r"villages-2019.xlsx.*?</tr>", rendered(), flags=re.S)[0]
    assert len(cells) == len(re.findall(r'<td class="n">[1-4]</td>', villages)) + _ranks()


def _ranks() -> int:
    """Numbers 1 to 4 of the ranking in "where first"."""
    return 4


def test_every_text_stands_in_both_languages_and_is_used() -> None:
    package = files("jingzhun.report")
    sources = "\n".join(
        path.read_text(encoding="utf-8")
        for path in sorted(Path(str(package)).rglob("*"))
        if path.suffix in {".py", ".j2", ".js"} and path.name != page.CHARTS
    )
    prefixes = ("nav_", "m_", "severity_", "group_", "finding_", "table_", "stage_", "confidence_",
                "dropped_", "kind_", "who_", "band_", "verdict_",
                "change_", "unit_", "source_", "card_", "def_", "run_")  # fmt: skip
    endings = ("_title", "_lead")
    for name in FILES:
        for key, text in tomllib.loads(
            package.joinpath(f"texts/{name}.toml").read_text("utf-8")
        ).items():
            assert text["en"].strip(), key
            words = re.sub(r"\{\w+\}|MiB", "", text["zh"])
            assert re.search("[\u4e00-\u9fff]", words) or not re.search("[A-Za-z]", words), key
            assert key in sources or key.startswith(prefixes) or key.endswith(endings), key


def test_defaults_of_our_own_are_marked() -> None:
    text = rendered()
    assert text.count('class="mark-default"') >= 2
    assert "names and weights of its items" in text


def test_the_trap_of_points_is_explained() -> None:
    assert "a household that fails only compulsory education still scores 85 of 100" in rendered()
    assert "仅“义务教育”一项不达标的农户仍可得85分" in rendered()


def test_without_the_built_charts_the_page_is_complete(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "CHARTS", "not-built.js")
    found = Page(page.render(make_summary(900), pack_dir=PACK_DIR))
    assert len(found.scripts) == 2
    assert found.tags.count("table") > 15


def test_a_pack_without_a_map_gets_a_report_without_one(tmp_path: Path) -> None:
    text = page.render(make_summary(900), pack_dir=tmp_path)
    assert 'id="map"' not in text
    assert "城关区" in text


def test_a_broken_map_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "counties.geojson").write_text('{"features": [{"geometry": null}]}')
    with pytest.raises(InputError, match="map can't be read"):
        page.render(make_summary(900), pack_dir=tmp_path)


@pytest.mark.parametrize(
    "parts",
    [
        ("findings",),
        ("headcount_rate", "by_county", "by_township", "persons", "households", "causes", "income"),
        (
            "outcomes",
            "by_county",
            "profiles",
            "funnel",
            "stricter",
            "exit_check",
            "not_met",
            "missing",
        ),
    ],
    ids=["check", "identify", "evaluate"],
)
def test_a_run_that_did_only_a_part_gets_a_report_of_that_part(parts: tuple[str, ...]) -> None:
    whole = make_summary(900)
    head = (
        "format",
        "engine_version",
        "pack",
        "on",
        "period",
        "run_id",
        "data_hash",
        "line",
        "welfare",
    )
    kept = {
        key: whole[key]
        for key in (*head, "suppression_limit", "seconds", "peak_memory_mib", *parts)
    }
    assert "</html>" in page.render(kept, pack_dir=PACK_DIR)
