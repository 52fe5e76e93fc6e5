"""Recovery codes: for the day on which the device of the second factor is away."""

from __future__ import annotations

import re
from datetime import timedelta

from django.test import Client
from django.utils import timezone

from jingzhun_web.access.backend import acting
from jingzhun_web.access.models import Authenticator, RecoveryCode
from jingzhun_web.access.roles import Role
from jingzhun_web.kit import scope

from .accounts_support import Places, account, acts_of, code_of, everywhere, signed_in
from .people import PASSWORD, SignedIn

CODES = re.compile(r"<li><code[^>]*>([a-z2-9]{4}(?:-[a-z2-9]{4}){2})</code>")


def with_codes(client: Client, name: str) -> list[str]:
    """Set the second factor up; the recovery codes that were shown."""
    client.get("/account/second-factor/")
    everywhere()
    device = Authenticator.objects.get(user__username=name)
    page = client.post("/account/second-factor/", {"code": code_of(device)})
    return CODES.findall(page.content.decode())


def gone_by(client: Client, code: str) -> bool:
    """Whether a recovery code opened the way."""
    client.post("/sign-in/code/", {"recovery": code})
    return bool(client.get("/households/").status_code == 200)


def patient() -> None:
    """As if the wait after failures were over."""
    user = account("invented.cadre")
    acting(user.pk)
    long_ago = timezone.now() - timedelta(hours=1)
    Authenticator.objects.filter(user=user).update(throttling_failure_timestamp=long_ago)


def test_ten_recovery_codes_are_shown_once_and_kept_as_digests(
    sign_in: SignedIn, places: Places
) -> None:
    client = sign_in(Role.VILLAGE, places.village, name="invented.cadre")

    codes = with_codes(client, "invented.cadre")

    assert len(set(codes)) == 10
    assert codes[0] not in client.get("/account/").content.decode()
    scope.apply(scope.Scope((), actor=account("invented.cadre").pk))
    kept = [bytes(row.digest) for row in RecoveryCode.objects.all()]
    assert len(set(kept)) == 10
    assert {len(digest) for digest in kept} == {32}


def test_a_recovery_code_opens_once_and_is_in_the_log(sign_in: SignedIn, places: Places) -> None:
    codes = with_codes(
        sign_in(Role.VILLAGE, places.village, name="invented.cadre"), "invented.cadre"
    )

    assert gone_by(signed_in("invented.cadre"), codes[3].upper().replace("-", " "))
    assert not gone_by(signed_in("invented.cadre"), codes[3])
    patient()
    shown = signed_in("invented.cadre")
    assert gone_by(shown, codes[4])

    assert acts_of(account("invented.cadre")).count("use_recovery_code") == 2
    assert acts_of(account("invented.cadre")).count("recovery_code_failed") == 1
    assert "：8个" in shown.get("/account/").content.decode().split("/second-factor/codes/")[0]


def test_wrong_recovery_codes_make_wait(sign_in: SignedIn, places: Places) -> None:
    codes = with_codes(
        sign_in(Role.VILLAGE, places.village, name="invented.cadre"), "invented.cadre"
    )
    again = signed_in("invented.cadre")

    assert not gone_by(again, "abcd-efgh-jkmn")
    assert not gone_by(again, codes[0])
    patient()

    assert gone_by(again, codes[0])


def test_new_recovery_codes_end_the_former_and_need_the_password(
    sign_in: SignedIn, places: Places
) -> None:
    client = sign_in(Role.VILLAGE, places.village, name="invented.cadre")
    former = with_codes(client, "invented.cadre")

    refused = client.post("/account/second-factor/codes/", {"password": "wrong"})
    page = client.post("/account/second-factor/codes/", {"password": PASSWORD})
    anew = CODES.findall(page.content.decode())

    assert refused.status_code == 302
    assert len(set(anew) - set(former)) == 10
    assert not gone_by(signed_in("invented.cadre"), former[0])
    patient()
    assert gone_by(signed_in("invented.cadre"), anew[0])


def test_recovery_codes_of_somebody_else_or_of_a_former_device_open_nothing(
    sign_in: SignedIn, places: Places
) -> None:
    client = sign_in(Role.VILLAGE, places.village, name="invented.cadre")
    former = with_codes(client, "invented.cadre")
    others = with_codes(sign_in(Role.VILLAGE, places.village, name="another"), "another")
    client.post("/account/second-factor/remove/", {"password": PASSWORD})
    assert with_codes(client, "invented.cadre")

    for code in (former[0], others[0]):
        assert not gone_by(signed_in("invented.cadre"), code)
        patient()


def test_nobody_makes_recovery_codes_without_a_second_factor(
    sign_in: SignedIn, places: Places
) -> None:
    client = sign_in(Role.VILLAGE, places.village, name="invented.cadre")

    answer = client.post("/account/second-factor/codes/", {"password": PASSWORD})

    assert answer.headers["Location"] == "/account/"
    assert "make_recovery_codes" not in acts_of(account("invented.cadre"))
