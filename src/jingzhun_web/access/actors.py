"""Who acts in a request or a job: the account, what it may do, and on which areas."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied

from jingzhun_web.access.models import Grant, User
from jingzhun_web.access.roles import RIGHTS, Right, Role
from jingzhun_web.kit.scope import Scope, span


@dataclass(frozen=True)
class Held:
    """One role in one area."""

    role: Role
    area: str


@dataclass(frozen=True)
class Actor:
    """Somebody who acts, as of one day."""

    id: int
    name: str
    held: tuple[Held, ...] = ()

    @property
    def rights(self) -> frozenset[Right]:
        """Everything that may be done somewhere."""
        return frozenset(right for held in self.held for right in RIGHTS[held.role])

    @property
    def scope(self) -> Scope:
        """All areas in which some role is held."""
        return Scope.of_areas((held.area for held in self.held), actor=self.id)

    def scope_of(self, right: Right) -> Scope:
        """The areas in which a right is held: smaller than `scope` for who holds several roles."""
        return Scope.of_areas(self.areas_of(right), actor=self.id)

    def areas_of(self, right: Right) -> list[str]:
        """The areas of the roles that give a right."""
        return [held.area for held in self.held if right in RIGHTS[held.role]]

    def may(self, right: Right, area: int | None = None) -> bool:
        """Whether a right is held at all, or in an area."""
        return any(area is None or _is_in(area, outer) for outer in self.areas_of(right))

    def must(self, right: Right, area: int | None = None) -> None:
        """PermissionDenied unless the right is held."""
        if not self.may(right, area):
            raise PermissionDenied(right.value)

    def must_one(self, *rights: Right) -> None:
        """PermissionDenied unless one of some rights is held somewhere."""
        if not any(self.may(right) for right in rights):
            raise PermissionDenied(", ".join(right.value for right in rights))


NOBODY = Actor(0, "")


def actor_of(user: User, *, on: date) -> Actor:
    """The actor that an account is on a day; reads its grants, in its own scope of nothing."""
    grants = Grant.objects.filter(user=user, revoked_at=None)
    held = tuple(
        Held(Role(grant.role), f"{grant.area:012d}") for grant in grants if grant.holds_on(on)
    )
    return Actor(user.pk, user.display_name, held)


def _is_in(area: int, outer: str) -> bool:
    first, last = span(outer)
    return first <= area <= last
