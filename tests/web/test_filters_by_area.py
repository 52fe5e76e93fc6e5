"""Lists are narrowed to an area whose name somebody types: the page offers it with its code."""

from __future__ import annotations

import re

import pytest

from jingzhun_web.access.roles import Role
from jingzhun_web.areas.models import Area
from jingzhun_web.crosscheck.models import Run

from .people import PROVINCE, SignedIn, county_of

LIST = "/households/"


def homes(page: str) -> set[str]:
    return set(re.findall(r'href="/households/([^/"]+)/2019/"', page))


def test_what_is_offered_for_a_name_narrows_the_list_like_the_code(
    sign_in: SignedIn, villages: list[int]
) -> None:
    analyst = sign_in(Role.ANALYST, int(PROVINCE))
    village = Area.objects.get(code=max(villages))

    offered = analyst.get("/accounts/areas/", {"area": village.name[:2]}).content.decode()
    choice = f"{village.digits} {village.name}"
    narrowed = analyst.get(LIST, {"area": choice}).content.decode()
    by_code = analyst.get(LIST, {"area": village.digits}).content.decode()

    assert f'value="{choice}"' in offered
    assert homes(narrowed) == homes(by_code) != set()
    assert homes(narrowed) != homes(analyst.get(LIST).content.decode())
    assert f'value="{choice}"' in narrowed


@pytest.mark.parametrize("address", [LIST, "/findings/", "/findings/rules/"])
def test_what_tells_no_area_is_said_to_tell_none(
    address: str, sign_in: SignedIn, on_file: Run, villages: list[int]
) -> None:
    officer = sign_in(Role.COUNTY, county_of(villages[0]))

    page = officer.get(address, {"area": "虚构村"}).content.decode()

    assert "您所管地区中没有该地区" in page
    assert 'list="areas"' in page
    assert '<datalist id="areas">' in page


@pytest.mark.parametrize("query", ["cause=zz", "period=1990", "group=zz", "text=" + "a" * 100])
def test_a_filter_for_what_there_is_not_lists_and_exports_nobody(
    query: str, sign_in: SignedIn, villages: list[int]
) -> None:
    client = sign_in(Role.COUNTY, county_of(villages[0]))

    page = client.get(f"/households/?{query}").content.decode()
    file = client.get(f"/households/export.csv?{query}")

    assert 'href="/households/6' not in page
    assert 'role="alert"' in page
    assert "/households/export.csv" not in page
    assert file.status_code == 409


@pytest.mark.parametrize("query", ["state=zz", "severity=zz", "period=1990"])
def test_a_filter_of_findings_for_what_there_is_not_lists_none(
    query: str, sign_in: SignedIn, villages: list[int]
) -> None:
    client = sign_in(Role.COUNTY, county_of(villages[0]))

    page = client.get(f"/findings/?{query}", headers={"Accept-Language": "en"}).content.decode()

    assert "see above in red" in page
