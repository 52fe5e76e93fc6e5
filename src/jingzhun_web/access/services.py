"""Acts on accounts: made, granted, revoked, ended. Administered down the tree: only inside one's own areas."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jingzhun.errors import UserError
from jingzhun_web.access.actors import Actor
from jingzhun_web.access.models import Grant, User
from jingzhun_web.access.roles import Right, Role, are_compatible
from jingzhun_web.audit import services as audit


class AccessError(UserError):
    """An act on an account that the rules of accounts forbid."""


@transaction.atomic
def create_user(*, by: Actor, username: str, display_name: str, area: int, password: str) -> User:
    """Make an account that belongs to an area; its password must be changed at the first sign-in."""
    by.must(Right.MANAGE_ACCOUNTS, area)
    name = username.strip().lower()
    user = User(
        username=name,
        display_name=display_name.strip(),
        area=area,
        created_by=by.id,
        must_change_password=True,
    )
    validate_password(password, user)
    user.set_password(password)
    user.save()
    audit.record(by=by.id, act="create_user", kind="user", object_id=user.pk, area=area)
    return user


@transaction.atomic
def give_grant(*, by: Actor, user: User, role: Role, area: int, until: date | None) -> Grant:
    """Let somebody hold a role in an area. AccessError when it does not go with a role they hold."""
    by.must(Right.MANAGE_ACCOUNTS, area)
    if user.pk == by.id:
        raise PermissionDenied("own account")
    for held in Grant.objects.filter(user=user, revoked_at=None):
        if not are_compatible(Role(held.role), role):
            raise AccessError(
                _("The role %(one)s does not go with the role %(other)s")
                % {"one": role.label, "other": Role(held.role).label},
                do=_("Revoke the other one first, or make a second account for another person"),
            )
    grant = Grant.objects.create(user=user, role=role, area=area, until=until, given_by=by.id)
    audit.record(
        by=by.id, act="give_grant", kind="user", object_id=user.pk, area=area, role=role.value
    )
    return grant


@transaction.atomic
def revoke_grant(*, by: Actor, grant: Grant) -> None:
    """End a grant now."""
    by.must(Right.MANAGE_ACCOUNTS, grant.area)
    Grant.objects.filter(pk=grant.pk, revoked_at=None).update(revoked_at=timezone.now())
    audit.record(
        by=by.id,
        act="revoke_grant",
        kind="user",
        object_id=grant.user_id,
        area=grant.area,
        role=grant.role,
    )


@transaction.atomic
def end_user(*, by: Actor, user: User) -> None:
    """Close an account; what it did stays in the log."""
    by.must(Right.MANAGE_ACCOUNTS, user.area)
    User.objects.filter(pk=user.pk).update(is_active=False)
    audit.record(by=by.id, act="end_user", kind="user", object_id=user.pk, area=user.area)


@transaction.atomic
def change_password(*, user: User, old: str, new: str) -> None:
    """Somebody changes their own password."""
    if not user.check_password(old):
        raise AccessError(_("The present password is not right"))
    validate_password(new, user)
    user.set_password(new)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    audit.record(by=user.pk, act="change_password", kind="user", object_id=user.pk)


@transaction.atomic
def first_administrator(*, username: str, area: int, password: str) -> User:
    """Make an account administrator from the machine itself, where nobody can grant it yet."""
    name = username.strip().lower()
    user = User(username=name, display_name=name, area=area)
    validate_password(password, user)
    user.set_password(password)
    user.save()
    Grant.objects.create(user=user, role=Role.ADMINISTRATOR, area=area, given_by=0)
    audit.record(by=0, act="create_user", kind="user", object_id=user.pk, area=area)
    return user
