"""Accounts: administered down the tree, a password of one's own, a second factor, sessions that can be ended."""

from __future__ import annotations

from datetime import timedelta
from itertools import combinations

import pytest
from django.test import Client
from django.utils import timezone

from jingzhun_web.access import backend
from jingzhun_web.access.models import Grant, SignIn, User
from jingzhun_web.access.roles import RIGHTS, Right, Role, are_compatible
from jingzhun_web.access.sign_ins import short_agent
from jingzhun_web.audit.models import Entry

from .accounts_support import NEW, Places, account, acts_of, everywhere, make, signed_in
from .people import PASSWORD, PROVINCE, SignedIn

# -- administration down the tree -----------------------------------------------------------------


def test_a_county_administrator_makes_an_account_and_gives_it_a_role(
    sign_in: SignedIn, places: Places
) -> None:
    owner = sign_in(Role.ADMINISTRATOR, places.county)

    password = make(owner, places.village)
    made = account("invented.cadre")
    given = {"role": "village", "area": f"{places.village:012d}", "until": ""}
    owner.post(f"/accounts/{made.pk}/roles/", given)

    assert password
    everywhere()
    held = list(Grant.objects.filter(user=made).values_list("role", "area"))
    assert held == [("village", places.village)]
    assert acts_of(made) == ["create_user", "give_grant"]
    assert signed_in("invented.cadre", password).get("/households/").status_code == 302


def test_a_stranger_can_neither_see_nor_change_an_account_of_the_county_beside(
    sign_in: SignedIn, places: Places
) -> None:
    stranger = sign_in(Role.ADMINISTRATOR, places.beside)
    sign_in(Role.VILLAGE, places.village, name="invented.cadre")
    other = account("invented.cadre")
    grant = Grant.objects.get(user=other)

    assert "invented.cadre" not in stranger.get("/accounts/").content.decode()
    assert stranger.get(f"/accounts/{other.pk}/").status_code == 404
    for act in ("roles", f"roles/{grant.pk}/revoke", "end", "password", "second-factor/remove"):
        assert stranger.post(f"/accounts/{other.pk}/{act}/").status_code == 404
    assert make(stranger, places.village, "another.cadre") == ""
    assert account("invented.cadre").is_active


def test_a_colleague_of_the_same_county_administers_the_same_accounts(
    sign_in: SignedIn, places: Places
) -> None:
    owner = sign_in(Role.ADMINISTRATOR, places.county, name="owner")
    colleague = sign_in(Role.ADMINISTRATOR, places.county, name="colleague")
    make(owner, places.village)
    made = account("invented.cadre")

    colleague.post(f"/accounts/{made.pk}/end/")

    assert not account("invented.cadre").is_active


def test_nobody_administers_their_own_account(sign_in: SignedIn, places: Places) -> None:
    client = sign_in(Role.ADMINISTRATOR, places.county, name="owner")
    own = account("owner")
    grant = Grant.objects.get(user=own)

    answers = [
        client.post(f"/accounts/{own.pk}/{act}/").status_code
        for act in ("roles", f"roles/{grant.pk}/revoke", "end", "password")
    ]

    assert answers == [403] * 4


def test_an_area_outside_is_neither_offered_nor_taken(sign_in: SignedIn, places: Places) -> None:
    client = sign_in(Role.ADMINISTRATOR, places.county)

    inside = client.get("/accounts/areas/", {"area": f"{places.county:012d}"[:6]})
    outside = client.get("/accounts/areas/", {"area": f"{places.beside:012d}"[:6]})

    assert f"{places.county:012d}" in inside.content.decode()
    assert "<option" not in outside.content.decode()
    assert make(client, places.beside) == ""
    assert make(client, int(PROVINCE)) == ""


def test_a_role_held_outside_decides_without_being_shown(sign_in: SignedIn, places: Places) -> None:
    county = sign_in(Role.ADMINISTRATOR, places.county)
    sign_in(Role.VILLAGE, places.village, name="invented.cadre")
    other = account("invented.cadre")
    Grant.objects.filter(user=other).update(role=Role.AUDITOR, area=int(PROVINCE))

    given = {"role": "village", "area": f"{places.village:012d}"}
    refused = county.post(f"/accounts/{other.pk}/roles/", given)
    taken = county.post(f"/accounts/{other.pk}/password/")

    assert refused.status_code == taken.status_code == 409
    assert account("invented.cadre").check_password(PASSWORD)


def test_a_role_ends_with_its_last_day_and_can_be_given_again(
    sign_in: SignedIn, places: Places
) -> None:
    owner = sign_in(Role.ADMINISTRATOR, places.county)
    client = sign_in(Role.VILLAGE, places.village, name="invented.cadre")
    other = account("invented.cadre")
    today = timezone.localdate()
    Grant.objects.filter(user=other).update(until=today - timedelta(days=1))

    assert client.get("/households/").status_code == 403
    given = {"role": "village", "area": f"{places.village:012d}", "until": today.isoformat()}
    owner.post(f"/accounts/{other.pk}/roles/", given)
    assert client.get("/households/").status_code == 200


def test_a_user_name_that_is_taken_elsewhere_is_refused_with_what_to_do(
    sign_in: SignedIn, places: Places
) -> None:
    sign_in(Role.VILLAGE, places.beside, name="invented.cadre")
    client = sign_in(Role.ADMINISTRATOR, places.county)

    given = {"username": "Invented.Cadre", "display_name": "x", "area": f"{places.village:012d}"}

    assert client.post("/accounts/new/", given).status_code == 409


# -- passwords ------------------------------------------------------------------------------------


def test_a_temporary_password_opens_nothing_but_the_page_that_changes_it(
    sign_in: SignedIn, places: Places
) -> None:
    password = make(sign_in(Role.ADMINISTRATOR, places.county), places.village)
    client = signed_in("invented.cadre", password)

    first = client.get("/households/")
    part = client.get("/households/", headers={"HX-Request": "true"})
    assert first.headers["Location"].startswith("/account/password/?next=")
    assert part.headers["HX-Redirect"] == "/account/password/"
    assert client.get("/api/v1/anything", headers={"Accept": "application/json"}).status_code in (
        403,
        404,
    )

    page = client.get("/account/password/").content.decode()
    assert page.count("<li>") >= 4
    given = {"old": password, "new": NEW, "again": NEW, "next": "/account/"}
    done = client.post("/account/password/", given)
    assert done.headers["Location"] == "/account/"
    assert client.get("/account/").status_code == 200
    assert not account("invented.cadre").must_change_password


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"old": "not the one", "new": NEW, "again": NEW}, "old"),
        ({"old": PASSWORD, "new": "12345678901234", "again": "12345678901234"}, "new"),
        ({"old": PASSWORD, "new": NEW, "again": NEW + "x"}, "again"),
    ],
)
def test_a_password_that_breaks_a_rule_is_not_taken(
    given: dict[str, str], wrong: str, sign_in: SignedIn, places: Places
) -> None:
    client = sign_in(Role.VILLAGE, places.village, name="invented.cadre")

    page = client.post("/account/password/", given).content.decode()

    alone = page.split(f'name="{wrong}"')[1].split("<input")[0]
    assert page.count('role="alert"') == alone.count('role="alert"') == 1
    assert account("invented.cadre").check_password(PASSWORD)


def test_a_page_asked_for_elsewhere_is_not_gone_on_to(sign_in: SignedIn, places: Places) -> None:
    client = sign_in(Role.VILLAGE, places.village, name="invented.cadre")
    User.objects.filter(username="invented.cadre").update(must_change_password=True)

    given = {"old": PASSWORD, "new": NEW, "again": NEW, "next": "https://elsewhere.invalid/"}

    assert client.post("/account/password/", given).headers["Location"] == "/"


# -- sessions -------------------------------------------------------------------------------------


def test_one_sees_ones_own_sessions_and_signs_the_others_out(
    sign_in: SignedIn, places: Places
) -> None:
    here = sign_in(Role.VILLAGE, places.village, name="invented.cadre")
    there, third = signed_in("invented.cadre"), signed_in("invented.cadre")

    assert here.get("/account/").content.decode().count("/account/sessions/") == 3
    row = SignIn.objects.filter(key=third.session.session_key).get()
    here.post(f"/account/sessions/{row.pk}/end/")
    assert third.get("/account/").status_code == 302
    here.post("/account/sessions/end/")

    assert there.get("/account/").status_code == 302
    assert here.get("/account/").status_code == 200
    everywhere()
    ended = Entry.objects.filter(act="end_sign_in").values_list("area", flat=True)
    assert list(ended) == [places.village] * 2


def test_a_session_of_somebody_else_can_not_be_ended(sign_in: SignedIn, places: Places) -> None:
    other = sign_in(Role.VILLAGE, places.village, name="other")
    row = SignIn.objects.get(key=other.session.session_key)
    client = sign_in(Role.VILLAGE, places.village, name="invented.cadre")

    assert client.post(f"/account/sessions/{row.pk}/end/").status_code == 404
    assert other.get("/account/").status_code == 200


@pytest.mark.parametrize("act", ["end", "password"])
def test_a_session_ends_with_the_account_and_with_the_password(
    act: str, sign_in: SignedIn, places: Places
) -> None:
    owner = sign_in(Role.ADMINISTRATOR, places.county)
    client = sign_in(Role.VILLAGE, places.village, name="invented.cadre")
    other = account("invented.cadre")
    assert client.get("/account/").status_code == 200

    owner.post(f"/accounts/{other.pk}/{act}/")

    assert client.get("/account/").headers["Location"].startswith("/sign-in/")


def test_a_changed_password_ends_the_other_sessions_only(sign_in: SignedIn, places: Places) -> None:
    here = sign_in(Role.VILLAGE, places.village, name="invented.cadre")
    there = signed_in("invented.cadre")

    here.post("/account/password/", {"old": PASSWORD, "new": NEW, "again": NEW})

    assert there.get("/account/").status_code == 302
    shown = here.get("/account/")
    assert shown.status_code == 200
    assert shown.content.decode().count("/account/sessions/") == 1


def test_signing_in_out_and_failing_are_in_the_log(sign_in: SignedIn, places: Places) -> None:
    client = sign_in(Role.VILLAGE, places.village, name="invented.cadre")
    client.post("/sign-out/")
    for _ in range(5):
        signed_in("invented.cadre", "wrong")

    locked = signed_in("invented.cadre")

    assert locked.get("/account/").status_code == 302
    found = acts_of(account("invented.cadre"))
    assert found == ["sign_in", "sign_out", *["sign_in_failed"] * 4, "lock_user"]


def test_an_unknown_a_locked_and_an_ended_account_take_as_long_as_any_other(
    sign_in: SignedIn, places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("locked", "ended", "right"):
        sign_in(Role.VILLAGE, places.village, name=name)
    everywhere()
    User.objects.filter(username="ended").update(is_active=False)
    later = timezone.now() + timedelta(minutes=5)
    User.objects.filter(username="locked").update(locked_until=later)
    worked: list[str] = []
    monkeypatch.setattr(backend, "make_password", worked.append)
    monkeypatch.setattr(backend, "check_password", lambda password, _: worked.append(password))

    for name in ("unknown", "locked", "ended", "right"):
        signed_in(name, name)

    assert worked == ["unknown", "locked", "ended", "right"]


def test_of_a_browser_only_two_words_are_kept() -> None:
    told = "Mozilla/5.0 (Linux; Android 14; X) AppleWebKit/537 Chrome/130 Mobile Safari/537"

    assert short_agent(told) == "Chrome, Android"
    assert short_agent("") == "?, ?"


def test_the_language_stays_with_the_account(sign_in: SignedIn, places: Places) -> None:
    client = sign_in(Role.VILLAGE, places.village, name="invented.cadre")

    client.post("/i18n/setlang/", {"language": "en", "next": "/account/"})

    again = signed_in("invented.cadre").get("/account/")
    assert '<html lang="en"' in again.content.decode()


def test_roles_that_go_together_see_names_alike() -> None:
    """Names and searches are allowed for somebody as a whole; that holds only while this does."""
    seeing = [role for role in Role if Right.SEE_ARCHIVES in RIGHTS[role]]
    for one, other in combinations(seeing, 2):
        sees = {Right.SEE_NAMES in RIGHTS[role] for role in (one, other)}
        assert len(sees) == 1 or not are_compatible(one, other), (one, other)


def test_the_sign_in_page_shows_the_way_to_the_public_lists(undone: None) -> None:
    page = Client(SERVER_NAME="localhost").get("/sign-in/").content.decode()

    assert 'href="/public/"' in page
