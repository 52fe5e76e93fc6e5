"""Accounts and their roles, ready for pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from jingzhun_web.access import selectors
from jingzhun_web.access.models import User
from jingzhun_web.access.roles import Role
from jingzhun_web.areas.selectors import ancestors


@dataclass(frozen=True)
class HeldLine:
    """A grant in words."""

    id: int
    role: str
    place: str
    until: date | None


def held_by(users: Sequence[User]) -> Mapping[int, Sequence[HeldLine]]:
    """Account -> its roles of today inside the reader's areas."""
    found = selectors.grants_of(users, on=timezone.localdate())
    names = places([grant.area for grants in found.values() for grant in grants])
    lines: dict[int, list[HeldLine]] = defaultdict(list)
    for user_id, grants in found.items():
        for grant in grants:
            role = str(Role(grant.role).label)
            lines[user_id].append(HeldLine(grant.pk, role, names[grant.area], grant.until))
    return lines


def places(codes: Sequence[int]) -> Mapping[int, str]:
    """Area code -> its name after that of the area around it; the code where there is no such area."""
    found = ancestors(codes)
    return {
        code: " ".join(area.name for area in found[code][-2:]) or f"{code:012d}" for code in codes
    }
