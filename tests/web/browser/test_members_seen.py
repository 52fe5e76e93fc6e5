"""Putting members on file and taking them off, by hand in a browser, at the width of a phone and of a desk."""

from __future__ import annotations

from datetime import date

import pytest

from jingzhun.standard.id_numbers import make_id
from jingzhun_web.access.roles import Role

from .conftest import DESKTOP, PHONE, Opens, Window
from .test_looks import violations

NUMBER = make_id("620102", date(2016, 3, 9), 994)


def forms_of_some_archive(window: Window) -> list[str]:
    """Addresses of the two forms, from a household's page."""
    window.open("/households/")
    link = window.page.locator('main a[href^="/households/6"]').first.get_attribute("href")
    window.open(str(link))
    return [
        str(window.page.locator(f'a[href*="/{part}/"]').first.get_attribute("href"))
        for part in ("add-member", "take-off")
    ]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_both_forms_are_usable_by_everybody(
    window: Opens, size: tuple[int, int], language: str
) -> None:
    cadre = window(Role.VILLAGE, size, language)
    for address in forms_of_some_archive(cadre):
        cadre.open(address)
        assert violations(cadre) == []
        assert not cadre.page.evaluate("document.documentElement.scrollWidth > innerWidth + 1")


def test_a_cadre_puts_a_child_on_file_with_the_phone(window: Opens) -> None:
    cadre = window(Role.VILLAGE, PHONE, "zh-hans")
    address, _leaving = forms_of_some_archive(cadre)
    cadre.open(address)
    page = cadre.page
    page.fill("[name=name]", "虚构娃")
    page.fill("[name=document_number]", NUMBER)
    page.fill("[name=change_date]", "2016-03-09")
    for name, code in (
        ("sex", "2"),
        ("document_type", "identity"),
        ("relation", "04"),
        ("change_reason", "newborn"),
    ):
        page.select_option(f"[name={name}]", code)
    page.fill("[name=reason]", "虚构：核对户口簿")

    page.locator("main form button.btn-primary").last.click()
    page.wait_for_url("**/changes/*/")

    assert "虚构娃" in page.locator("main").inner_text()
    assert violations(cadre) == []
