"""Acts on accounts: made, granted, revoked, ended. Administered down the tree: only inside one's own areas."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jingzhun.errors import UserError
from jingzhun_web.access import selectors
from jingzhun_web.access.actors import Actor
from jingzhun_web.access.models import Grant, User
from jingzhun_web.access.roles import Right, Role, are_compatible
from jingzhun_web.audit import services as audit
from jingzhun_web.kit.environment import environment
from jingzhun_web.kit.spoken import random_code

PASSWORD_GROUPS = 4


class AccessError(UserError):
    """An act on an account that the rules of accounts forbid."""


def temporary_password() -> str:
    """A new random password that can be read out: four groups of four."""
    return random_code(PASSWORD_GROUPS)


@transaction.atomic
def create_user(*, by: Actor, username: str, display_name: str, area: int, password: str) -> User:
    """Make an account that belongs to an area; its password must be changed at the first sign-in, within days."""
    by.must(Right.MANAGE_ACCOUNTS, area)
    name = username.strip().lower()
    user = User(
        username=name,
        display_name=display_name.strip(),
        area=area,
        created_by=by.id,
        must_change_password=True,
        temporary_until=_deadline(),
    )
    validate_password(password, user)
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as error:
        raise AccessError(
            _("There is an account with this user name already"),
            why=_("It may belong to an area that you do not administer"),
            do=_("Choose another user name"),
        ) from error
    audit.record(by=by.id, act="create_user", kind="user", object_id=user.pk, area=area)
    return user


@transaction.atomic
def give_grant(*, by: Actor, user: User, role: Role, area: int, until: date | None) -> Grant:
    """Let somebody hold a role in an area; the same one given again replaces the former end.

    AccessError when it does not go with a role they hold, wherever that is, or its last day is past.
    """
    by.must(Right.MANAGE_ACCOUNTS, area)
    _must_administer(by, user)
    if not user.is_active:
        raise AccessError(_("This account has been ended"))
    today = timezone.localdate()
    if until is not None and until < today:
        raise AccessError(_("The last day of the role is past"), do=_("Give a later day"))
    for held in selectors.held_anywhere(user, on=today):
        if not are_compatible(held.role, role):
            raise AccessError(
                _("The role %(one)s does not go with the role %(other)s")
                % {"one": role.label, "other": held.role.label},
                do=_("Revoke the other one first, or make a second account for another person"),
            )
    same = Grant.objects.filter(user=user, role=role, area=area, revoked_at=None)
    same.update(revoked_at=timezone.now())
    grant = Grant.objects.create(user=user, role=role, area=area, until=until, given_by=by.id)
    audit.record(
        by=by.id, act="give_grant", kind="user", object_id=user.pk, area=area, role=role.value
    )
    return grant


@transaction.atomic
def revoke_grant(*, by: Actor, grant: Grant) -> None:
    """End a grant now."""
    by.must(Right.MANAGE_ACCOUNTS, grant.area)
    if grant.user_id == by.id:
        raise PermissionDenied("own account")
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
    """Close an account, and with it every session of it; what it did stays in the log."""
    _must_administer(by, user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    audit.record(by=by.id, act="end_user", kind="user", object_id=user.pk, area=user.area)


@transaction.atomic
def reset_password(*, by: Actor, user: User, password: str) -> None:
    """Give an account a new password, to be changed at the next sign-in; sessions and the lock end.

    AccessError when the account holds a role outside the administrator's areas: it would be taken over.
    """
    _must_administer(by, user)
    must_lie_inside(user)
    validate_password(password, user)
    user.set_password(password)
    user.must_change_password, user.temporary_until = True, _deadline()
    user.failures, user.locked_until = 0, None
    user.save(
        update_fields=[
            "password",
            "must_change_password",
            "temporary_until",
            "failures",
            "locked_until",
        ]
    )
    audit.record(by=by.id, act="reset_password", kind="user", object_id=user.pk, area=user.area)


@transaction.atomic
def change_password(*, user: User, old: str, new: str) -> None:
    """Somebody changes their own password.

    AccessError when the present one is wrong, or a temporary one whose time has passed: a session that is still
    open would make it good for ever.
    """
    if not user.check_password(old):
        raise AccessError(_("The present password is not right"))
    if user.is_password_over(at=timezone.now()):
        raise AccessError(
            _("Your temporary password is over"),
            why=_("It opened the account for some days only"),
            do=_("Ask your account administrator for a new one"),
        )
    if old == new:
        raise AccessError(_("The new password is the present one"))
    validate_password(new, user)
    user.set_password(new)
    user.must_change_password, user.temporary_until = False, None
    user.save(update_fields=["password", "must_change_password", "temporary_until"])
    audit.record(by=user.pk, act="change_password", kind="user", object_id=user.pk, area=user.area)


@transaction.atomic
def choose_language(*, by: Actor, language: str) -> None:
    """Remember the language of one's own account."""
    User.objects.filter(pk=by.id).update(language=language)


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


def must_lie_inside(user: User) -> None:
    """AccessError when an account holds a role outside one's areas."""
    if any(held.is_outside for held in selectors.held_anywhere(user, on=timezone.localdate())):
        raise AccessError(
            _("This account also holds a role outside your areas"),
            do=_("Ask an administrator of both areas"),
        )


def _deadline() -> datetime:
    """When a password that is given now stops opening the account."""
    return timezone.now() + timedelta(days=environment().temporary_password_days)


def _must_administer(by: Actor, user: User) -> None:
    by.must(Right.MANAGE_ACCOUNTS, user.area)
    if user.pk == by.id:
        raise PermissionDenied("own account")
