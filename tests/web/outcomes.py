"""Outcomes as an evaluation leaves them, without one."""

from __future__ import annotations

from jingzhun_web.registry.models import Household, Verdict

PROFILES = ("stricter", "paper-weighted", "gansu-2018")
OUTCOMES = ("passed", "failed", "not_assessable")


def keep_outcomes(period: int) -> None:
    """Some outcomes by profile and the stricter one, of the first households in the scope."""
    homes = Household.objects.filter(period=period).order_by("area", "household_id")[:90]
    Verdict.objects.bulk_create(
        Verdict(
            household_id=home.household_id,
            period=period,
            area=home.area,
            profile=profile,
            run_id="invented",
            outcome=OUTCOMES[place % 3],
            detail={},
        )
        for place, home in enumerate(homes)
        for profile in PROFILES
    )


def areas_of(village: int) -> list[str]:
    """A village, and the areas that contain it, the widest first."""
    digits = str(village)
    return [digits[:size].ljust(12, "0") for size in (2, 4, 6, 9, 12)]
