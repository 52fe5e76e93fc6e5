"""People who work on archives, for their tests; all invented."""

from __future__ import annotations

import pytest

from jingzhun_web.access.actors import Actor, Held
from jingzhun_web.access.roles import Role
from jingzhun_web.registry.models import Household, Person

from .accounts_support import Places, everywhere
from .intake_support import PERIOD
from .people import county_of, township_of

JPEG = b"\xff\xd8\xff\xe0invented\xff\xd9"
PDF = b"%PDF-1.4 invented %%EOF\n"


def somebody(number: int, role: Role, area: int) -> Actor:
    return Actor(number, f"invented {number}", (Held(role, f"{area:012d}"),))


class Office:
    """A village cadre, a township reviewer and a county officer of one village."""

    def __init__(self, village: int) -> None:
        self.village = somebody(9001, Role.VILLAGE, village)
        self.other_village = somebody(9002, Role.VILLAGE, village)
        self.township = somebody(9003, Role.TOWNSHIP, township_of(village))
        self.county = somebody(9004, Role.COUNTY, county_of(village))
        self.other_county = somebody(9005, Role.COUNTY, county_of(village))


def home_of(village: int, period: int) -> Household:
    found = Household.objects.filter(area=village, period=period).order_by("household_id").first()
    assert found is not None
    return found


@pytest.fixture
def house(undone: None, places: Places) -> Household:
    """A household of the village of `places`."""
    everywhere()
    return home_of(places.village, PERIOD)


def again(home: Household) -> Household:
    return Household.objects.get(pk=home.pk)


def member_of(home: Household) -> Person:
    found = Person.objects.filter(household_id=home.household_id, period=home.period)
    head = found.filter(relation="01").first()
    assert head is not None
    return head
