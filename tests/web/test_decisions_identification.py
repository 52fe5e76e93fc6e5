"""From application to announcement: a visit by two, a vote, two publicities, township and county."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from jingzhun.standard.id_numbers import make_id
from jingzhun_web.dialogue.models import Case
from jingzhun_web.dialogue.processes import State

from .decided import LATER, TODAY, do, office, on_day, other_household, see_everything
from .people import SignedIn

pytestmark = pytest.mark.usefixtures("same_day")


def test_a_household_is_identified_step_by_step(
    sign_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = other_household()
    people = office(sign_in, home.area)
    given = {"household_id": home.household_id, "reason": "Illness has taken all savings"}
    people.village.post("/decisions/apply/", given)
    see_everything()
    case = Case.objects.get()

    do(people.village, case, "visit", note="One room, leaking", statement="We owe the clinic")
    do(people.village, case, "sign")
    assert case.state == State.ENTERED
    do(people.neighbour, case, "sign")
    assert case.state == State.CHECKED
    vote = {"meeting_on": TODAY, "present": 20, "votes_against": 3}
    do(people.village, case, "appraise", **vote, votes_for=9)
    assert case.state == State.CHECKED
    do(people.village, case, "appraise", **vote, votes_for=17)
    do(people.village, case, "publish")
    assert case.state == State.PUBLISHED
    do(people.township, case, "review")
    assert case.state == State.PUBLISHED
    on_day(monkeypatch, LATER)
    do(people.township, case, "review")
    do(people.township, case, "publish")
    assert case.state == State.PUBLISHED_AGAIN
    on_day(monkeypatch, LATER + timedelta(days=7))
    do(people.county, case, "recognise")

    home.refresh_from_db()
    assert case.state == State.ANNOUNCED
    assert home.is_registered is True  # type: ignore[attr-defined]
    assert home.identified_date == LATER + timedelta(days=7)  # type: ignore[attr-defined]


def test_a_household_that_is_not_on_file_is_told_by_number_before_it_is_recognised(
    sign_in: SignedIn,
) -> None:
    home = other_household()
    people = office(sign_in, home.area)
    given = {
        "village": f"{home.area:012d}",
        "head_name": "王测试",
        "document_number": make_id("620102", date(1970, 1, 1), 1),
        "persons": 3,
        "reason": "Came back with two children",
    }
    people.village.post("/decisions/apply/", given)
    people.neighbour.post("/decisions/apply/", given)
    see_everything()
    case = Case.objects.get()

    do(people.village, case, "file", household_id="no such number")
    assert case.household_id == ""
    do(people.village, case, "file", household_id=home.household_id)
    assert case.household_id == home.household_id
