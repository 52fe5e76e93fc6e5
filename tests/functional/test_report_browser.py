"""The report in a real browser: no network, both languages, drill-down, and no small figure anywhere.

Needs Chromium (named in JINGZHUN_CHROMIUM or found on the path) and Playwright; skipped with the reason otherwise.
"""

from __future__ import annotations

import os
import re
import runpy
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from jingzhun.report import write_report
from jingzhun.report.page import scripts_of_page

sync = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
CHROMIUM = os.environ.get("JINGZHUN_CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
UNIT = Path(__file__).parents[1] / "unit/report"
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium found: set JINGZHUN_CHROMIUM"),
]


@dataclass
class Opened:
    """A page with everything it said and asked for since it was opened."""

    page: Any
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(UNIT)
        made = runpy.run_path(str(UNIT / "invented_summary.py"))
    out = tmp_path_factory.mktemp("report") / "report.html"
    return write_report(made["make_summary"](40_000), pack_dir=made["PACK_DIR"], out=out)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync.sync_playwright() as play:
        running = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture
def opened(browser: Any, report: Path, request: pytest.FixtureRequest) -> Iterator[Opened]:
    """The report at desk width in English, unless the test asks otherwise."""
    options = {"viewport": DESK, "locale": "en-GB", **getattr(request, "param", {})}
    context = browser.new_context(**options)
    found = Opened(context.new_page())
    found.page.on("console", lambda message: found.said.append(message.text))
    found.page.on("pageerror", lambda error: found.said.append(str(error)))
    found.page.on("request", lambda asked: found.asked.append(asked.url))
    found.page.goto(report.as_uri())
    yield found
    context.close()


@pytest.mark.parametrize(
    "opened", [{}, {"viewport": PHONE}, {"color_scheme": "dark"}], indirect=True
)
def test_the_report_opens_without_errors_and_without_a_network(opened: Opened) -> None:
    opened.page.wait_for_timeout(300)
    assert opened.said == []
    assert [url for url in opened.asked if not url.startswith(("file:", "data:"))] == []
    width = opened.page.evaluate("document.documentElement.scrollWidth")
    assert width <= opened.page.viewport_size["width"]


def test_the_browsers_language_is_taken_and_the_switch_is_remembered(opened: Opened) -> None:
    page = opened.page
    assert page.locator("h1").inner_text() == "Who is poor, why, and who is lifted out"
    page.get_by_text("中文").click()
    assert page.locator("h1").inner_text() == "谁贫困、为何贫困、谁已脱贫"
    assert page.locator("html").get_attribute("lang") == "zh-Hans"
    page.reload()
    assert page.locator("h1").inner_text() == "谁贫困、为何贫困、谁已脱贫"


@pytest.mark.parametrize("opened", [{"java_script_enabled": False}], indirect=True)
def test_without_scripts_the_switch_works_and_tables_stand_open(opened: Opened) -> None:
    page = opened.page
    assert page.locator("h1").inner_text() == "谁贫困、为何贫困、谁已脱贫"
    page.get_by_text("English").click()
    assert page.locator("h1").inner_text() == "Who is poor, why, and who is lifted out"
    assert page.get_by_role("columnheader", name="Prefecture").first.is_visible()


def test_a_county_of_the_list_opens_with_its_townships(opened: Opened) -> None:
    page = opened.page
    page.get_by_role("searchbox").fill("lintao")
    page.get_by_role("button", name="Lintao").first.click()
    assert page.locator("#county-panel h3").inner_text() == "Lintao"
    assert page.locator("#townships h3").inner_text() == "Townships of Lintao"
    assert "洮阳镇" in page.locator("#townships tbody").inner_text()
    assert "area=621124" in page.url


def test_a_county_of_the_map_opens_with_a_click_and_by_keyboard(opened: Opened) -> None:
    page = opened.page
    page.locator('#map path[data-code="620921"]').click()
    assert page.locator("#county-panel h3").inner_text() == "Jinta"
    page.locator('#map path[data-code="620921"]').focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    assert page.locator("#county-panel h3").inner_text() not in {"", "Jinta"}


def test_another_measure_colours_the_map_anew(opened: Opened) -> None:
    page = opened.page
    tones = (
        "[...document.querySelectorAll('#map .shapes path')].map(p => p.className.baseVal).join()"
    )
    before = page.evaluate(tones)
    page.locator("#measures").get_by_text("Poor persons").click()
    assert page.evaluate(tones) != before
    assert page.locator("#map-unit").inner_text() == "persons"


def test_a_table_of_townships_is_sorted_by_its_heads(opened: Opened) -> None:
    page = opened.page
    page.evaluate("location.hash = 'lang=en&area=621124'")
    page.locator("#townships").get_by_role("button", name="Households", exact=True).click()
    cells = page.locator("#townships tbody tr td:nth-child(2)").all_inner_texts()
    shown = [int(text.replace(",", "")) for text in cells if text[0].isdigit()]
    assert shown == sorted(shown, reverse=True)


@pytest.mark.skipif(
    len(scripts_of_page()) < 2, reason="charts not built: python frontend/charts/build.py"
)
def test_charts_are_drawn_and_their_tables_close(opened: Opened) -> None:
    page = opened.page
    for chart in page.locator(".chart").all():
        assert chart.locator("svg").count() == 1
    assert page.locator("#why > details.figures").get_attribute("open") is None


def test_no_small_figure_of_a_township_is_visible(opened: Opened) -> None:
    page = opened.page
    shown: list[str] = []
    for code in ("620102", "620981", "621124", "622921", "623001"):
        page.evaluate(f"location.hash = 'lang=en&area={code}'")
        page.wait_for_function(
            f"document.querySelector('#county-panel').innerText.includes('{code}')"
        )
        shown += page.locator("#townships tbody td").all_inner_texts()
    assert any("·" in text for text in shown)
    assert [text for text in shown if re.fullmatch("[1-4]", text.strip())] == []
