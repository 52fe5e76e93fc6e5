"""Households: lists, archives, and identifiers in full for a reason."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema
from pydantic import StringConstraints

from jingzhun_web.access.roles import Right
from jingzhun_web.api import masking
from jingzhun_web.api.doors import actor_of, acts
from jingzhun_web.api.limits import PerMinute
from jingzhun_web.api.listing import as_json, listed
from jingzhun_web.api.schemas.common import NO_NUL, Cursor, HouseholdId, Listed, Year
from jingzhun_web.api.schemas.narrowed import Narrowed, filters
from jingzhun_web.api.schemas.register import Archive, HouseholdRow
from jingzhun_web.crosscheck import households as households_by
from jingzhun_web.kit.caching import ASKED_AGAIN
from jingzhun_web.kit.reasons import SHORTEST_REASON
from jingzhun_web.registry import rows, services
from jingzhun_web.registry import selectors as registry

router = Router(tags=["households"])
REVEALS_A_MINUTE = 60
"""DEFAULT: our own; by account and worker process."""


class Wanted(Narrowed):
    """What the list is narrowed to; what is left out does not narrow."""

    after: Cursor | None = Field(None, description="Cursor of the previous answer's `next`")
    size: int = Field(50, ge=1, le=200, description="Rows in the answer")


@router.get("/households", response=Listed[HouseholdRow], auth=acts(Right.SEE_ARCHIVES))
def households(request: HttpRequest, wanted: Query[Wanted]) -> HttpResponse:
    """Households of a year in your areas, by area and number."""
    actor = actor_of(request)
    found = households_by.households(filters(wanted, actor), wanted.finding)
    shown = masking.masked(actor)
    return listed(
        request,
        registry.as_listed(found),
        by=registry.LIST_ORDER,
        after=wanted.after,
        size=wanted.size,
        told=lambda found: _told(found, shown),
    )


def _told(found: Sequence[Any], shown: masking.Shown) -> Iterable[dict[str, Any]]:
    names = registry.opened(home.head_name for home in found)
    for home, name in zip(found, names, strict=True):
        row: dict[str, Any] = {field: getattr(home, field) for field in HouseholdRow.model_fields}
        yield {
            **row,
            "area": f"{home.area:012d}",
            "head_name": name and shown("head_name", name),
        }


@router.get("/households/{household_id}/{period}", response=Archive, auth=acts(Right.SEE_ARCHIVES))
def archive(request: HttpRequest, household_id: HouseholdId, period: Year) -> HttpResponse:
    """One household: income, living conditions, members, outcomes with their reasons. Identifiers are masked.

    Carries an ETag; with `If-None-Match` what has not changed is answered with 304.
    """
    content = _archive(household_id, period, masking.masked(actor_of(request)))
    response = as_json(content)
    tag = f'"{hashlib.blake2b(response.content, digest_size=12).hexdigest()}"'
    if request.META.get("HTTP_IF_NONE_MATCH") == tag:
        response = HttpResponse(status=304)
    response["ETag"], response["Cache-Control"] = tag, ASKED_AGAIN
    return response


class RevealReason(Schema):
    """Why somebody must see identifiers in full."""

    reason: Annotated[
        str,
        StringConstraints(
            strip_whitespace=True, min_length=SHORTEST_REASON, max_length=200, pattern=NO_NUL
        ),
    ] = Field(description="Kept in the log for the auditors")


@router.post(
    "/households/{household_id}/{period}/reveal",
    response=Archive,
    auth=acts(Right.REVEAL_IDENTIFIERS),
    throttle=[PerMinute(REVEALS_A_MINUTE)],
)
def reveal(
    request: HttpRequest, household_id: HouseholdId, period: Year, reason: RevealReason
) -> HttpResponse:
    """The archive with identifiers in full, for a reason that is kept in the log."""
    content = _archive(household_id, period, masking.in_full)
    services.note_reveal(
        by=actor_of(request),
        household_id=household_id,
        area=int(content["household"]["area"]),
        reason=reason.reason,
    )
    return as_json(content)


def _archive(household_id: str, period: int, shown: masking.Shown) -> dict[str, Any]:
    home, members, verdicts = rows.archive(household_id, period)
    periods = home.pop("periods")
    return {
        "household": masking.household(home, shown),
        "members": masking.members(members, shown),
        "verdicts": verdicts,
        "periods": periods,
    }
