"""Every page of the menu is usable by everybody: axe finds nothing serious, nothing is asked from outside."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from jingzhun_web.access.roles import Role

from .conftest import DESKTOP, PHONE, Opens, Window

AXE = Path(__file__).parents[3] / "frontend/platform/node_modules/axe-core/axe.min.js"
GRAVE = ("serious", "critical")
LANGUAGES = ("en", "zh-hans")
FINGER = 44
"""Pixels that a finger hits."""
VIEWS = [
    *(
        (role, size, tongue)
        for role in (Role.VILLAGE, Role.COUNTY)
        for size in (DESKTOP, PHONE)
        for tongue in LANGUAGES
    ),
    (Role.AUDITOR, DESKTOP, "zh-hans"),
    (Role.ADMINISTRATOR, PHONE, "zh-hans"),
]


def violations(window: Window) -> list[str]:
    """What axe calls serious or critical, with the elements."""
    if not AXE.is_file():
        pytest.skip("axe-core is not installed: make setup installs it with the pages")
    window.page.evaluate(AXE.read_text(encoding="utf-8"))
    found: dict[str, Any] = window.page.evaluate("axe.run(document)")
    return [
        f"{one['id']}: {one['help']}: {node['html'][:160]}"
        for one in found["violations"]
        if one["impact"] in GRAVE
        for node in one["nodes"][:3]
    ]


def addresses_of_menu(window: Window) -> list[str]:
    """Where the menu leads."""
    links = window.page.locator("header nav a").all()
    return [str(link.get_attribute("href")) for link in links]


@pytest.mark.parametrize(("role", "size", "language"), VIEWS)
def test_every_page_of_the_menu_is_usable_by_everybody(
    window: Opens, role: Role, size: tuple[int, int], language: str
) -> None:
    seen = window(role, size, language)
    grave, wide = {}, []

    for address in ["/", *addresses_of_menu(seen)]:
        seen.open(address)
        grave[address] = violations(seen)
        if seen.page.evaluate("document.documentElement.scrollWidth > innerWidth + 1"):
            wide.append(address)
        assert seen.page.locator("h1").count() == 1, address

    assert {address: found for address, found in grave.items() if found} == {}
    assert wide == [], "pages that must be pushed sideways"


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_the_page_for_a_wall_and_the_door_are_usable_by_everybody(
    window: Opens, size: tuple[int, int]
) -> None:
    outside = window(None, size, "zh-hans")
    outside.open("/sign-in/")
    assert violations(outside) == []
    inside = window(Role.ANALYST, size)
    inside.open("/screen/")
    assert violations(inside) == []


@pytest.mark.parametrize("role", [Role.VILLAGE, Role.AUDITOR])
@pytest.mark.parametrize("language", LANGUAGES)
def test_on_a_phone_each_part_of_a_household_in_the_list_has_the_whole_width(
    window: Opens, role: Role, language: str
) -> None:
    seen = window(role, PHONE, language)
    seen.open("/households/")

    row = seen.page.locator("main tbody tr").first
    widths = [cell.bounding_box()["width"] for cell in row.locator("td").all()]  # type: ignore[index]
    link = row.locator("a").bounding_box()

    assert min(widths) > PHONE[0] * 0.8
    assert link is not None
    assert link["height"] >= FINGER


def test_the_door_is_chinese_for_who_reads_chinese(window: Opens) -> None:
    seen = window(None, PHONE, "zh-hans")
    seen.open("/sign-in/")

    assert seen.page.get_by_label("用户名").count() == 1
    assert seen.page.get_by_text("Username").count() == 0
