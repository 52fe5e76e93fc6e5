"""Dashboards in a browser: charts are drawn, the map leads on, the keyboard and the phone are enough."""

from __future__ import annotations

from jingzhun_web.access.roles import Role

from .conftest import DESKTOP, PHONE, Opens, Window


def test_every_chart_of_a_dashboard_is_drawn(window: Opens) -> None:
    seen = window(Role.ANALYST)
    figures = seen.page.locator("figure[data-chart]")

    seen.page.wait_for_function(
        "[...document.querySelectorAll('figure[data-chart]')].every(f => f.querySelector('svg'))"
    )

    assert figures.count() >= 4
    for figure in figures.all():
        assert figure.locator("svg path").count() > 0
        name = figure.get_attribute("aria-label") or figure.get_attribute("aria-labelledby")
        assert name


def test_lists_load_no_script_of_charts(window: Opens) -> None:
    seen = window(Role.COUNTY)
    asked: list[str] = []
    seen.page.on("request", lambda request: asked.append(request.url))

    seen.open("/households/")

    assert any(url.endswith("main.js") for url in asked)
    assert not any("charts" in url for url in asked)


def has_left(window: Window, address: str) -> bool:
    """Whether a click led away; beside the province's shape it leads nowhere."""
    for _ in range(20):
        window.page.wait_for_timeout(100)
        if window.page.url != address:
            return True
    return False


def test_the_map_leads_from_the_province_to_a_county(window: Opens) -> None:
    seen = window(Role.ANALYST)
    seen.page.wait_for_selector("figure[data-map] svg path", state="attached")
    box = seen.page.locator("figure[data-map]").bounding_box()
    assert box is not None
    start = seen.page.url
    inside = [(0.72, 0.6), (0.65, 0.55), (0.6, 0.5), (0.7, 0.5), (0.75, 0.65), (0.5, 0.4)]

    for x, y in inside:
        seen.page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])
        seen.page.mouse.click(box["x"] + x * box["width"], box["y"] + y * box["height"])
        if has_left(seen, start):
            break

    seen.page.wait_for_load_state("networkidle")
    assert "area=62" in seen.page.url
    assert seen.page.locator(".breadcrumb li").count() >= 3


def test_one_drills_down_by_the_table_to_a_village_and_its_list(window: Opens) -> None:
    seen = window(Role.COUNTY)
    for _level in ("township", "village"):
        below = seen.page.locator("section[aria-labelledby=below-title] tbody th a")
        seen.follow(below.first.click)
    link = seen.page.locator(".card-sm a").first
    registered = int(link.inner_text().replace(",", ""))

    seen.follow(link.click)

    assert "group=registered" in seen.page.url
    assert seen.page.locator("main tbody tr a[href*='/households/']").count() >= min(registered, 1)


def test_a_tooltip_names_the_area_and_breaks_no_policy(window: Opens) -> None:
    seen = window(Role.ANALYST)
    seen.page.wait_for_selector("figure[data-chart=causes-option] svg path", state="attached")
    seen.page.locator("figure[data-chart=causes-option]").scroll_into_view_if_needed()
    box = seen.page.locator("figure[data-chart=causes-option]").bounding_box()
    assert box is not None

    seen.page.mouse.move(box["x"] + box["width"] * 0.45, box["y"] + 14)

    seen.page.wait_for_selector("figure[data-chart=causes-option] div strong")


def test_the_keyboard_reaches_the_content_first(window: Opens) -> None:
    seen = window(Role.COUNTY)
    seen.page.keyboard.press("Tab")
    assert seen.page.evaluate("document.activeElement.className") == "skip"

    seen.page.keyboard.press("Enter")

    assert seen.page.evaluate("document.activeElement.id") == "main"


def test_the_menu_opens_on_a_phone(window: Opens) -> None:
    seen = window(Role.VILLAGE, PHONE)
    toggler = seen.page.locator("button[data-opens=menu]")
    assert not seen.page.locator("header nav").is_visible()

    toggler.click()

    assert seen.page.locator("header nav").is_visible()
    assert toggler.get_attribute("aria-expanded") == "true"


def test_the_language_is_switched_where_one_stands(window: Opens) -> None:
    seen = window(Role.COUNTY, DESKTOP, "en")
    before = seen.page.url

    seen.follow(seen.page.get_by_role("button", name="中文").click)

    assert seen.page.url == before
    assert seen.page.locator("html").get_attribute("lang") == "zh-hans"
    assert "建档立卡" in seen.page.inner_text("main")


def test_the_wall_renews_itself_and_draws_again(window: Opens) -> None:
    seen = window(Role.ANALYST)
    seen.open("/screen/")
    seen.page.wait_for_selector(".wall figure svg", state="attached")

    seen.page.evaluate("htmx.trigger(document.querySelector('[hx-get]'), 'every')")
    seen.page.wait_for_load_state("networkidle")

    seen.page.wait_for_function(
        "[...document.querySelectorAll('figure[data-chart]')].every(f => f.querySelector('svg'))"
    )


def test_stillness_is_kept_where_it_is_asked_for(window: Opens) -> None:
    seen = window(Role.ANALYST)
    seen.page.emulate_media(reduced_motion="reduce")
    seen.open("/")
    seen.page.wait_for_selector("figure[data-chart=trend-option] svg path", state="attached")

    drawn = seen.page.locator("figure[data-chart=trend-option]").inner_html()
    seen.page.wait_for_timeout(200)

    assert seen.page.locator("figure[data-chart=trend-option]").inner_html() == drawn
