"""Accounts and grants, administered down the tree."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, Query, Router, Schema
from pydantic import StringConstraints

from jingzhun_web.access import second_factor, selectors, services
from jingzhun_web.access.models import Grant, User
from jingzhun_web.access.roles import Right, Role
from jingzhun_web.api.doors import actor_of, acts
from jingzhun_web.api.listing import as_json, listed, row_of
from jingzhun_web.api.once import once
from jingzhun_web.api.schemas.common import NO_NUL, AreaCode, Cursor, Id, Listed, Text

router = Router(tags=["accounts"])
_MANAGE = acts(Right.MANAGE_ACCOUNTS)


class AccountOut(Schema):
    """An account of somebody at work."""

    id: int
    username: str
    display_name: str
    area: AreaCode = Field(description="Where the account belongs, for its administration")
    is_active: bool


class GrantOut(Schema):
    """A role that somebody holds in an area."""

    id: int
    user_id: int
    role: Role
    area: AreaCode
    until: date | None = Field(description="The last day; null: until revoked")


class AccountWhole(AccountOut):
    """An account with the roles that it holds in your areas."""

    grants: list[GrantOut]


class AccountMade(AccountOut):
    """A new account with its password, told once; it must be changed at the first sign-in."""

    password: str


class PasswordOut(Schema):
    """A temporary password, told once; it must be changed at the next sign-in."""

    password: str


class AccountIn(Schema):
    """A new account."""

    username: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._@-]{1,59}$")]
    display_name: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100, pattern=NO_NUL)
    ]
    area: AreaCode


class GrantIn(Schema):
    """A role in an area."""

    role: Role
    area: AreaCode
    until: date | None = Field(None, description="The last day; null: until revoked")


class Wanted(Schema):
    """Which accounts."""

    text: Text = Field("", description="Part of the user name or name")
    ended: bool = Field(False, description="Those that were ended")
    after: Cursor | None = Field(None, description="Cursor of the previous answer's `next`")
    size: int = Field(50, ge=1, le=200, description="Rows in the answer")


@router.get("/accounts", response=Listed[AccountOut], auth=_MANAGE)
def accounts(request: HttpRequest, wanted: Query[Wanted]) -> HttpResponse:
    """Accounts of your areas."""
    found = selectors.accounts(text=wanted.text, ended=wanted.ended)
    return listed(request, found, by=("id",), after=wanted.after, size=wanted.size, told=_rows)


@router.get("/accounts/{account_id}", response=AccountWhole, auth=_MANAGE)
def account(request: HttpRequest, account_id: Id) -> HttpResponse:  # noqa: ARG001
    """One account with its roles."""
    user = User.objects.get(pk=account_id)
    grants = selectors.grants_of([user], on=timezone.localdate()).get(user.pk, [])
    told = [row_of(grant, GrantOut) for grant in grants]
    return as_json({**row_of(user, AccountOut), "grants": told})


@router.post("/accounts", response={201: AccountMade}, auth=_MANAGE)
@once
def create_account(request: HttpRequest, given: AccountIn) -> HttpResponse:
    """Make an account in an area of yours; its password is told once."""
    password = services.temporary_password()
    user = services.create_user(
        by=actor_of(request),
        username=given.username,
        display_name=given.display_name,
        area=int(given.area),
        password=password,
    )
    return as_json({**row_of(user, AccountOut), "password": password}, status=201)


@router.post("/accounts/{account_id}/grants", response={201: GrantOut}, auth=_MANAGE)
@once
def give_grant(request: HttpRequest, account_id: Id, given: GrantIn) -> HttpResponse:
    """Let somebody hold a role in an area of yours."""
    grant = services.give_grant(
        by=actor_of(request),
        user=User.objects.get(pk=account_id),
        role=given.role,
        area=int(given.area),
        until=given.until,
    )
    return as_json(row_of(grant, GrantOut), status=201)


@router.post("/grants/{grant_id}/revoke", response={204: None}, auth=_MANAGE)
def revoke_grant(request: HttpRequest, grant_id: Id) -> HttpResponse:
    """End a grant now."""
    services.revoke_grant(by=actor_of(request), grant=Grant.objects.get(pk=grant_id))
    return HttpResponse(status=204)


@router.post("/accounts/{account_id}/end", response={204: None}, auth=_MANAGE)
def end_account(request: HttpRequest, account_id: Id) -> HttpResponse:
    """Close an account; what it did stays in the log."""
    services.end_user(by=actor_of(request), user=User.objects.get(pk=account_id))
    return HttpResponse(status=204)


def _rows(found: Sequence[User]) -> list[dict[str, Any]]:
    return [row_of(one, AccountOut) for one in found]


@router.post("/accounts/{account_id}/password", response=PasswordOut, auth=_MANAGE)
def reset_password(request: HttpRequest, account_id: Id) -> HttpResponse:
    """A new temporary password for somebody who forgot theirs; their sessions end. Not for one's own account."""
    password = services.temporary_password()
    user = User.objects.get(pk=account_id)
    services.reset_password(by=actor_of(request), user=user, password=password)
    return as_json({"password": password})


@router.post("/accounts/{account_id}/reset-second-factor", response={204: None}, auth=_MANAGE)
def reset_second_factor(request: HttpRequest, account_id: Id) -> HttpResponse:
    """Take the second factor of somebody away who lost their device. Not for one's own account."""
    second_factor.reset_device(by=actor_of(request), user=User.objects.get(pk=account_id))
    return HttpResponse(status=204)
