"""People make tokens for their programs: shown once, ended when they like, theirs alone."""

from __future__ import annotations

import re

import pytest
from django.core.exceptions import PermissionDenied

from jingzhun_web.access.actors import actor_of
from jingzhun_web.access.roles import Right, Role
from jingzhun_web.kit import scope
from jingzhun_web.tokens import services
from jingzhun_web.tokens.bearer import Bearer
from jingzhun_web.tokens.models import Token

from .people import SignedIn
from .programs import DAY, Program, account, secret_of, told

SECRET = re.compile(r"jz_[\w-]{40,}")


def made(rights: list[str], area: int, **more: object) -> dict[str, object]:
    return {"name": "invented", "rights": rights, "areas": [str(area)], "days": "30", **more}


def test_a_token_is_made_shown_once_used_and_revoked(
    sign_in: SignedIn, villages: list[int]
) -> None:
    client = sign_in(Role.VILLAGE, villages[0])

    page = client.post("/tokens/", made(["see_archives"], villages[0])).content.decode()
    found = SECRET.search(page)
    assert found is not None
    program = Program(found[0])

    assert told(program.get("me"))["rights"] == ["see_archives"]
    listed = client.get("/tokens/").content.decode()
    assert "invented" in listed
    assert not SECRET.search(listed)
    number = re.search(r"/tokens/(\d+)/revoke/", listed)
    assert number is not None
    client.post(f"/tokens/{number[1]}/revoke/")
    assert program.get("me").status_code == 401


def test_a_new_password_from_the_administrator_ends_the_tokens_of_the_account(
    undone: None, villages: list[int], sign_in: SignedIn
) -> None:
    user, other = account(Role.VILLAGE, villages[0]), account(Role.VILLAGE, villages[0], "other")
    program, unconcerned = Program(secret_of(user)), Program(secret_of(other))
    assert program.get("me").status_code == 200

    sign_in(Role.ADMINISTRATOR, villages[0]).post(f"/accounts/{user.pk}/password/")

    assert program.get("me").status_code == 401
    assert unconcerned.get("me").status_code == 200


def test_the_page_offers_only_what_one_holds(sign_in: SignedIn, villages: list[int]) -> None:
    client = sign_in(Role.VILLAGE, villages[0])

    page = client.get("/tokens/").content.decode()
    refused = client.post("/tokens/", made(["manage_accounts"], villages[0]))

    assert 'value="see_archives"' in page
    assert 'value="manage_accounts"' not in page
    assert not SECRET.search(refused.content.decode())


def test_nobody_makes_a_token_for_more_than_they_may(undone: None, villages: list[int]) -> None:
    user = account(Role.VILLAGE, villages[0])
    scope.apply(scope.Scope(actor=user.pk))
    actor = actor_of(user, on=DAY)
    elsewhere = next(v for v in villages if v != villages[0])

    for rights, area in (([Right.IMPORT], villages[0]), ([Right.SEE_ARCHIVES], elsewhere)):
        with pytest.raises(PermissionDenied):
            services.make_token(by=actor, name="x", rights=rights, areas=[area], days=1)


def test_a_token_makes_no_tokens(undone: None, villages: list[int]) -> None:
    user = account(Role.VILLAGE, villages[0])
    scope.apply(scope.Scope(actor=user.pk))
    actor = actor_of(user, on=DAY)
    bearer = Bearer(actor.id, actor.name, actor.held, actor.rights)

    with pytest.raises(PermissionDenied):
        services.make_token(
            by=bearer, name="x", rights=[Right.SEE_ARCHIVES], areas=[villages[0]], days=1
        )


def test_a_token_that_lasts_too_long_or_allows_nothing_is_not_made(
    undone: None, villages: list[int]
) -> None:
    user = account(Role.VILLAGE, villages[0])
    scope.apply(scope.Scope(actor=user.pk))
    actor = actor_of(user, on=DAY)

    for rights, days in (([Right.SEE_ARCHIVES], 367), ([], 30)):
        with pytest.raises(services.TokenError):
            services.make_token(by=actor, name="x", rights=rights, areas=[villages[0]], days=days)


def test_tokens_are_seen_by_their_owner_alone(
    sign_in: SignedIn, undone: None, villages: list[int]
) -> None:
    user = account(Role.VILLAGE, villages[0], "owner")
    secret_of(user)
    number = Token.objects.get().pk
    other = sign_in(Role.ADMINISTRATOR, villages[0])

    assert f"/tokens/{number}/" not in other.get("/tokens/").content.decode()
    assert other.post(f"/tokens/{number}/revoke/").status_code == 404
