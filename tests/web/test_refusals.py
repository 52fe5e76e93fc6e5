"""Who is refused people's numbers, or a search, is in the log; what they typed is not."""

from __future__ import annotations

import pytest
from django.test import Client

from jingzhun_web.access.models import User
from jingzhun_web.access.roles import Role
from jingzhun_web.audit import services as audit
from jingzhun_web.audit.models import Entry
from jingzhun_web.kit import scope
from jingzhun_web.registry.models import Household

from .accounts_support import Places, everywhere
from .intake_support import PERIOD
from .people import SignedIn
from .programs import program

WHY = {"reason": "invented: to see it refused"}
TYPED = "虚构名"


def refused(act: str) -> list[Entry]:
    everywhere()
    return list(Entry.objects.filter(act=act))


def test_who_may_not_see_numbers_in_full_is_in_the_log_with_the_household(
    house: Household, sign_in: SignedIn, places: Places
) -> None:
    client = sign_in(Role.AUDITOR, places.county)

    page = client.post(f"/households/{house.household_id}/{PERIOD}/reveal/", WHY)

    (entry,) = refused("reveal_refused")
    assert page.status_code == 403
    assert (entry.object_id, entry.area) == (house.household_id, house.area)
    assert entry.actor == User.objects.get(area=places.county, username__startswith="auditor").pk
    assert "reason" not in entry.detail
    assert audit.first_break() is None


def test_of_a_household_outside_ones_areas_the_log_tells_the_attempt_and_no_number(
    house: Household, sign_in: SignedIn, places: Places
) -> None:
    client = sign_in(Role.COUNTY, places.beside)

    page = client.post(f"/households/{house.household_id}/{PERIOD}/reveal/", WHY)

    (entry,) = refused("reveal_refused")
    assert page.status_code == 404
    assert (entry.object_id, entry.area) == ("", places.beside)


@pytest.mark.parametrize("address", ["/households/", "/households/export.csv"])
def test_a_refused_search_is_in_the_log_without_what_was_looked_for(
    address: str, sign_in: SignedIn, places: Places
) -> None:
    client = sign_in(Role.ADMINISTRATOR, places.county)

    page = client.get(address, {"text": TYPED})
    client.get(address)

    (entry,) = refused("search_refused")
    assert page.status_code == 403
    assert entry.area == places.county
    assert TYPED not in f"{entry.object_id}{entry.detail}"


def test_a_program_is_told_in_the_log_too_though_its_request_was_undone(
    house: Household, places: Places
) -> None:
    asking = program(Role.ANALYST, places.county)
    stranger = program(Role.ADMINISTRATOR, places.county)

    one = asking.post(f"households/{house.household_id}/{PERIOD}/reveal", WHY)
    other = stranger.get(f"households?text={TYPED}")

    assert (one.status_code, other.status_code) == (403, 403)
    (seen,) = refused("reveal_refused")
    assert (seen.object_id, seen.area) == (house.household_id, house.area)
    assert len(refused("search_refused")) == 1


def test_the_session_of_a_page_that_calls_the_api_is_told_once(
    house: Household, sign_in: SignedIn, places: Places
) -> None:
    client: Client = sign_in(Role.ANALYST, places.county)
    scope.apply(scope.NOTHING)

    answer = client.post(
        f"/api/households/{house.household_id}/{PERIOD}/reveal",
        WHY,
        content_type="application/json",
    )

    assert answer.status_code == 403
    assert len(refused("reveal_refused")) == 1


def test_what_is_allowed_is_no_refusal(house: Household, sign_in: SignedIn, places: Places) -> None:
    client = sign_in(Role.COUNTY, places.county)

    client.post(f"/households/{house.household_id}/{PERIOD}/reveal/", WHY)
    client.get("/households/", {"text": TYPED})
    client.get("/households/nowhere/2019/")

    assert refused("reveal_refused") == refused("search_refused") == []
