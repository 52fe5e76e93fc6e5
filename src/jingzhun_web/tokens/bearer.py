"""Who acts with a token: its owner, held to what the token allows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from jingzhun_web.access.actors import Actor, Held
from jingzhun_web.access.roles import Right
from jingzhun_web.kit.scope import span


@dataclass(frozen=True)
class Bearer(Actor):
    """An account that acts through a token; `held` is narrowed to the token's areas already."""

    allowed: frozenset[Right] = frozenset()
    token: int = 0
    language: str = ""

    @property
    def rights(self) -> frozenset[Right]:
        """Everything that may be done somewhere."""
        return super().rights & self.allowed

    def areas_of(self, right: Right) -> list[str]:
        """The areas of the roles that give a right, which the token allows; else none."""
        return super().areas_of(right) if right in self.allowed else []


def narrowed(held: Iterable[Held], areas: Iterable[str]) -> tuple[Held, ...]:
    """Each role where it is held and the token lets it: of two areas the one inside the other."""
    pairs = ((one, area) for one in held for area in areas)
    found = ((one.role, _smaller(one.area, area)) for one, area in pairs)
    return tuple(Held(role, area) for role, area in dict.fromkeys(found) if area)


def _smaller(one: str, other: str) -> str:
    (low, high), (first, last) = span(one), span(other)
    if low <= first and last <= high:
        return other
    return one if first <= low and high <= last else ""
