"""Areas from a policy pack."""

from __future__ import annotations

from django.db import transaction

from jingzhun.policy.pack import Pack
from jingzhun_web.areas.models import Area, Level


@transaction.atomic
def load_areas(*, pack: Pack) -> int:
    """Make the areas those of the pack's divisions; names are updated, none is removed. Returns how many."""
    rows = [
        Area(
            code=int(division.code),
            name=division.name,
            level=Level(division.level.digits),
            parent_id=None if division.parent_code is None else int(division.parent_code),
        )
        for division in sorted(pack.divisions, key=lambda division: division.code)
    ]
    Area.objects.bulk_create(
        rows,
        batch_size=2000,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "level", "parent"],
    )
    return len(rows)
