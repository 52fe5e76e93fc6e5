"""People's numbers: what is shown of them tells no more; all is shown for a reason, to few at a time."""

from __future__ import annotations

from datetime import date

import pytest

from jingzhun.standard.id_numbers import make_id
from jingzhun_web.access.roles import Role
from jingzhun_web.audit.models import Entry
from jingzhun_web.kit.environment import Environment
from jingzhun_web.kit.reasons import ReasonError, must_hold_no_number
from jingzhun_web.registry import identifiers, services
from jingzhun_web.registry.models import Household

from .accounts_support import Places, everywhere
from .intake_support import PERIOD
from .people import SignedIn

WHY = {"reason": "invented: the card is lost"}
BORN = date(1954, 11, 20)


def shown_in_full() -> int:
    everywhere()
    return Entry.objects.filter(act="reveal_identifiers").count()


def test_with_the_birth_date_beside_it_a_masked_number_may_be_anybodys_of_that_day() -> None:
    numbers = [make_id("620525", BORN, sequence) for sequence in range(1, 1000)]

    shown = {identifiers.masked("document_number", number) for number in numbers}

    assert shown == {"620525************"}


@pytest.mark.parametrize(
    ("column", "value", "shown"),
    [
        ("phone", "10008649513", "*******9513"),
        ("bank_account", "6200001234567890", "************7890"),
        ("document_number", "620525541120001", "620525*********"),
        ("document_number", "E12345678", "*********"),
    ],
)
def test_of_other_numbers_the_end_is_shown_and_of_short_documents_nothing(
    column: str, value: str, shown: str
) -> None:
    assert identifiers.masked(column, value) == shown


def test_nobody_sees_the_numbers_of_many_households_within_an_hour(
    house: Household, sign_in: SignedIn, places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "environment", lambda: Environment(reveals_per_hour=2))
    client = sign_in(Role.VILLAGE, places.village)
    address = f"/households/{house.household_id}/{PERIOD}/reveal/"

    answers = [client.post(address, WHY).status_code for _ in range(3)]

    assert answers == [200, 200, 409]
    assert shown_in_full() == 2
    assert Entry.objects.filter(act="reveal_refused").count() == 1


def test_a_reason_with_somebodys_number_is_refused_and_kept_nowhere(
    house: Household, sign_in: SignedIn, places: Places
) -> None:
    client = sign_in(Role.VILLAGE, places.village)
    number = make_id("620525", BORN, 7)
    address = f"/households/{house.household_id}/{PERIOD}/reveal/"

    page = client.post(
        address, {"reason": f"核对{number}"}, follow=True, headers={"Accept-Language": "en"}
    )

    assert "The reason holds somebody" in page.content.decode()
    assert number not in page.content.decode()
    assert shown_in_full() == 0


@pytest.mark.parametrize(
    "text",
    [
        "to compare 620525195411200016",
        "手机13812345678打不通",
        "620525 19541120 001X",
        "card 6228-4800-1234-5678-901",
    ],
)
def test_identity_telephone_and_account_numbers_are_known_in_a_text(text: str) -> None:
    with pytest.raises(ReasonError):
        must_hold_no_number(text)


@pytest.mark.parametrize(
    "text",
    ["搬家", "the same as 6205250000001", "村620525100213", "2019-12-31至2020-06-30", "3,500元"],
)
def test_numbers_of_households_and_areas_dates_and_amounts_are_not_taken_for_a_persons(
    text: str,
) -> None:
    must_hold_no_number(text)
