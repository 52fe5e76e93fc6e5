"""Areas from a policy pack."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from jingzhun.policy.pack import Pack
from jingzhun.report.names import AreaNames
from jingzhun_web.areas.models import Area, Level


@transaction.atomic
def load_areas(*, pack: Pack) -> int:
    """Make the areas those of the pack's divisions; names are updated, none is removed. Returns how many."""
    english = AreaNames.read(pack.path).english
    rows = [
        Area(
            code=int(division.code),
            name=division.name,
            name_en=_short(division.code, english),
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
        update_fields=["name", "name_en", "level", "parent"],
    )
    return len(rows)


def _short(code: str, english: Mapping[str, str]) -> str:
    """The English name of a county or wider area; smaller ones have none."""
    return "" if code[6:].strip("0") else english.get(code[:6], "")
