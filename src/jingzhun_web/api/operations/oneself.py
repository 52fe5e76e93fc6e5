"""Who acts: one's own name, roles and rights, as the token leaves them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Field, Router, Schema

from jingzhun_web.access.roles import Right, Role
from jingzhun_web.api.doors import actor_of, acts
from jingzhun_web.api.listing import as_json
from jingzhun_web.api.schemas.common import AreaCode

router = Router(tags=["oneself"])


class HeldOut(Schema):
    """A role in an area."""

    role: Role
    area: AreaCode


class Oneself(Schema):
    """Whoever acts."""

    id: int
    name: str
    held: list[HeldOut]
    rights: list[Right] = Field(description="What may be done somewhere in one's areas")


@router.get("/me", response=Oneself, auth=acts())
def me(request: HttpRequest) -> HttpResponse:
    """Who you are here: your roles in your areas, and what they let you do now."""
    actor = actor_of(request)
    return as_json(
        {
            "id": actor.id,
            "name": actor.name,
            "held": [{"role": held.role.value, "area": held.area} for held in actor.held],
            "rights": sorted(right.value for right in actor.rights),
        }
    )
