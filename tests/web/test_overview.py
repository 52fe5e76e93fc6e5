"""Figures equal the lists behind them, whoever looks, before and after changes."""

from __future__ import annotations

import re
from datetime import date
from html.parser import HTMLParser

import psycopg
import pytest
from django.db.models import Sum
from django.http import QueryDict
from django.utils import timezone

from jingzhun.frames.workspace import Workspace
from jingzhun_web.access.actors import NOBODY
from jingzhun_web.access.roles import Role
from jingzhun_web.console.archives.forms import FilterForm
from jingzhun_web.console.findings.forms import FilterForm as QueueForm
from jingzhun_web.crosscheck import selectors as crosscheck
from jingzhun_web.crosscheck.models import Finding
from jingzhun_web.crosscheck.states import State
from jingzhun_web.kit import scope
from jingzhun_web.registry import figures
from jingzhun_web.registry.models import Household
from jingzhun_web.registry.narrowing import (
    GROUPS,
    INCOME_GROUPS,
    KEY_FIELDS,
    income_items,
)
from jingzhun_web.registry.selectors import Filters, households

from .outcomes import areas_of, keep_outcomes
from .people import PROVINCE, SignedIn, county_of

SCRIPT = re.compile(r"<script[^>]*>")

REGISTERED = {"group": "registered"}
LISTS: dict[str, dict[str, str]] = {
    "on_file": {},
    **{name: {"group": name} for name in GROUPS},
    **{f"status_{code}": {**REGISTERED, "status": code} for code in figures.STATUSES},
    **{f"cause_{code}": {**REGISTERED, "cause": code} for code in figures.CAUSES},
    **{f"unknown_{name}": {**REGISTERED, "unknown": name} for name in KEY_FIELDS},
    **{f"known_{name}": {**REGISTERED, "known": name} for name in INCOME_GROUPS},
}


@pytest.fixture
def everywhere(undone: None) -> None:
    scope.apply(scope.Scope.of_areas([PROVINCE]))


def counted(area: str, period: int) -> dict[str, int]:
    return {
        name: households(Filters(period=period, area=area, **narrowed)).count()  # type: ignore[arg-type]
        for name, narrowed in LISTS.items()
    }


def figured(area: str, period: int) -> dict[str, int]:
    """The same by whatever parts it is asked for: those of villages and those of townships are kept apart."""
    sums = [figures.total(figures.sums_below(area, period, n).values()) for n in (2, 4, 6, 9, 12)]
    found = [{name: of[name] for name in LISTS} for of in sums]
    assert all(one == found[-1] for one in found)
    return found[-1]


def test_every_figure_of_every_level_equals_the_count_of_its_list(
    everywhere: None, villages: list[int], province: Workspace
) -> None:
    for area in areas_of(villages[0]):
        assert figured(area, province.latest_period) == counted(area, province.latest_period)


def test_figures_follow_changes_within_their_transaction(
    everywhere: None, villages: list[int], province: Workspace
) -> None:
    period, here, there = province.latest_period, villages[0], villages[1]
    before = figured(PROVINCE, period)
    homes = Household.objects.filter(period=period, area=here)
    first, second, third = homes.order_by("household_id")[:3]

    homes.filter(pk=first.pk).update(exit_status="returned", main_cause=None, is_registered=True)
    homes.filter(pk=second.pk).update(area=there, village_code=str(there), is_registered=False)
    homes.filter(pk=third.pk).update(exit_status="exited", exit_year=period, wage_other_yuan=1)

    assert figured(PROVINCE, period) == counted(PROVINCE, period) != before
    for village in (here, there):
        assert figured(str(village), period) == counted(str(village), period)


def test_figures_follow_deletions(
    owner: psycopg.Connection, villages: list[int], province: Workspace
) -> None:
    row = "SELECT on_file FROM registry_village_figures WHERE area = %s AND period = %s"
    which = [villages[0], province.latest_period]
    owner.execute("DELETE FROM registry_household WHERE area = %s AND period = %s", which)

    assert owner.execute(row, which).fetchone() == (0,)


def test_income_rests_on_households_whose_income_is_known(
    everywhere: None, province: Workspace
) -> None:
    sums = figures.total(figures.sums_below(PROVINCE, province.latest_period, 6).values())
    for group in INCOME_GROUPS:
        listed = households(Filters(period=province.latest_period, group="registered", known=group))
        items = listed.aggregate(**{item: Sum(item) for item in income_items(group)})
        assert sums[f"yuan_{group}"] == sum(amount or 0 for amount in items.values())
        assert 0 < sums[f"known_{group}"] == listed.count()


def test_figures_of_other_areas_are_not_seen(
    undone: None, villages: list[int], province: Workspace
) -> None:
    scope.apply(scope.Scope.of_areas([str(villages[0])]))

    assert list(figures.sums_below(PROVINCE, province.latest_period, 12)) == [villages[0]]


@pytest.mark.parametrize("size", [2, 6, 9, 12])
def test_figures_of_whoever_sees_a_part_are_the_lists_of_that_part(
    size: int, undone: None, villages: list[int], province: Workspace
) -> None:
    period = province.latest_period
    scope.apply(scope.Scope.of_areas([str(villages[0])[:size], f"{villages[1]:012d}"]))

    for area in areas_of(villages[0]):
        assert figured(area, period) == counted(area, period)
        assert figures.history(area).trend[period]["on_file"] == counted(area, period)["on_file"]
    assert figures.periods()[0] == period


@pytest.mark.parametrize("level", ["village", "township"])
def test_the_application_can_write_no_figure(level: str, raw: psycopg.Connection) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        raw.execute(f"UPDATE registry_{level}_figures SET on_file = 1")  # noqa: S608


class Links(HTMLParser):
    """Every link of a page with its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self._open = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.found.append((dict(attrs).get("href") or "", ""))
            self._open = True

    def handle_endtag(self, tag: str) -> None:
        self._open = self._open and tag != "a"

    def handle_data(self, data: str) -> None:
        if self._open:
            href, text = self.found[-1]
            self.found[-1] = (href, (text + data).strip())

    def figures(self, path: str) -> list[tuple[str, int]]:
        """The query of each link to a list whose text is a number, with that number."""
        numbers = [(href, text.replace(",", "")) for href, text in self.found]
        return [
            (href.split("?", 1)[1], int(text))
            for href, text in numbers
            if href.startswith(f"{path}?") and text.isdigit()
        ]


def length_of_list(query: str) -> int:
    form = FilterForm(QueryDict(query), periods=figures.periods())
    found = form.filters(figures.periods())
    assert form.is_valid(), form.errors
    return households(found).count()


def length_of_queue(query: str) -> int:
    form = QueueForm(QueryDict(query), periods=[2018, 2019], rules=[])
    found = form.filters(period=int(QueryDict(query)["period"]), on=timezone.localdate(), by=NOBODY)
    assert form.is_valid(), form.errors
    return crosscheck.findings(found).count()


@pytest.fixture
def judged(everywhere: None, villages: list[int], province: Workspace) -> None:
    keep_outcomes(province.latest_period)


@pytest.mark.parametrize("size", [2, 4, 6, 9, 12])
def test_every_figure_of_a_page_is_the_length_of_the_list_it_leads_to(
    size: int, judged: None, sign_in: SignedIn, villages: list[int]
) -> None:
    area = int(str(villages[0])[:size].ljust(12, "0"))
    client = sign_in(Role.ANALYST, area)
    page = client.get("/").content.decode()
    work = client.get(f"/overview/work/?area={area}").content.decode()
    scope.apply(scope.Scope.of_areas([str(area)]))

    found = Links(page).figures("/households/")
    told = Links(work).figures("/households/")

    assert len(found) >= 30
    assert len(told) == 9
    assert sum(number for _query, number in told) > 0
    for query, number in [*found, *told]:
        assert number == length_of_list(query), query


def test_every_figure_of_findings_is_the_length_of_their_queue(
    everywhere: None, sign_in: SignedIn, villages: list[int], province: Workspace
) -> None:
    made_findings(villages[:3], province.latest_period)
    county = county_of(villages[0])
    client = sign_in(Role.COUNTY, county)
    work = client.get(f"/overview/work/?area={county}").content.decode()
    scope.apply(scope.Scope.of_areas([str(county)]))

    found = Links(work).figures("/findings/")

    assert sum(number for _query, number in found) > 0
    for query, number in found:
        assert number == length_of_queue(query), query


def made_findings(places: list[int], period: int) -> None:
    states = [State.FOUND, State.DISPATCHED, State.CLOSED]
    Finding.objects.bulk_create(
        Finding(
            finding_id=f"invented {place} {turn}",
            period=period,
            area=place,
            rule="X1",
            kind="vehicle",
            severity=("high", "medium", "low")[turn % 3],
            rank=turn,
            record_ids=[],
            compared="{}",
            deadline=date(2019, 12, 31),
            due=date(2019, 12, 31),
            parameter_date=date(2019, 12, 31),
            first_on=date(2019, 12, 31),
            last_on=date(2019, 12, 31),
            state=states[turn % 3],
        )
        for place in places
        for turn in range(7)
    )


@pytest.mark.parametrize(
    "address", ["/", "/overview/work/", "/screen/", "/screen/figures/", "/map/62.json"]
)
def test_pages_of_figures_show_no_other_area(
    address: str, sign_in: SignedIn, villages: list[int]
) -> None:
    client = sign_in(Role.VILLAGE, villages[0])
    other = next(v for v in villages if str(v)[:6] != str(villages[0])[:6])

    assert client.get(address).status_code == 200
    assert str(other) not in client.get(address).content.decode()
    if "map" not in address:
        assert client.get(f"{address}?area={other}").status_code == 404
        assert client.get(f"{address}?area=62").status_code == 404


@pytest.mark.parametrize("asked", ["area=x", "area=1", "area=" + "9" * 13, "area=99", "area=²2"])
def test_an_area_that_is_none_is_not_there(
    asked: str, sign_in: SignedIn, villages: list[int]
) -> None:
    assert sign_in(Role.ANALYST, int(PROVINCE)).get(f"/?{asked}").status_code == 404


def test_the_page_for_a_wall_leads_to_no_list_and_names_nobody(
    sign_in: SignedIn, villages: list[int]
) -> None:
    page = sign_in(Role.ANALYST, int(PROVINCE)).get("/screen/").content.decode()

    assert "/households/" not in page
    assert "every 180s" in page


def test_pages_carry_no_script_or_style_of_their_own(
    sign_in: SignedIn, villages: list[int]
) -> None:
    client = sign_in(Role.COUNTY, county_of(villages[0]))
    for address in ("/", "/screen/", "/overview/work/"):
        page = client.get(address).content.decode()
        assert " style=" not in page
        assert "<style" not in page
        assert all(
            'type="application/json"' in tag or " src=" in tag for tag in SCRIPT.findall(page)
        )
