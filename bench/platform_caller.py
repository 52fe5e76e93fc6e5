"""For `bench.platform_requests`, in a process of its own: who asks, and whom they ask for."""

from __future__ import annotations

import os
import random
from pathlib import Path
from typing import Any

import django
from django.test import Client
from django.utils import timezone

from bench import measuring

ASKED, SEED = 500, 2019


def caller() -> dict[str, Any]:
    """Token and session of the demo's county officer, session of the province's analyst, and households of the
    county in a random order."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "jingzhun_web.settings"
    django.setup()
    # Django's models exist only now.
    from jingzhun_web.access.actors import actor_of  # noqa: PLC0415
    from jingzhun_web.access.models import User  # noqa: PLC0415
    from jingzhun_web.access.roles import Right  # noqa: PLC0415
    from jingzhun_web.kit import scope  # noqa: PLC0415
    from jingzhun_web.kit.scope import span  # noqa: PLC0415
    from jingzhun_web.registry import rows  # noqa: PLC0415
    from jingzhun_web.registry.models import Household, Person  # noqa: PLC0415
    from jingzhun_web.tokens.models import Token  # noqa: PLC0415
    from jingzhun_web.tokens.services import make_token  # noqa: PLC0415

    session, province = _signed_in("county"), _signed_in("analyst")
    with scope.entered(scope.Scope.of_areas(["62"])):
        on_file = Household.objects.count()
        user = User.objects.get(username="county")
    with scope.entered(scope.Scope(actor=user.pk)):
        Token.objects.update(revoked_at=timezone.now())
        actor = actor_of(user, on=timezone.localdate())
    area = actor.held[0].area
    low, high = span(area)
    with scope.entered(actor.scope):
        rights = [Right.SEE_ARCHIVES, Right.SEE_NAMES, Right.SEE_FIGURES]
        made = make_token(by=actor, name="bench", rights=rights, areas=[int(area)], days=1)
        homes = list(Household.objects.values_list("household_id", flat=True)[:20_000])
        areas = Household.objects.order_by("area").values_list("area", flat=True)
        villages = list(areas.distinct()[:ASKED])
        heads = Person.objects.filter(relation="01")[:2000]
        names = _pinyin(heads)
    random.Random(SEED).shuffle(homes)
    return {
        "token": made.secret,
        "session": session,
        "province_session": province,
        "low": low,
        "high": high,
        "homes": homes[:ASKED],
        "villages": villages,
        "names": names,
        "on_file": on_file,
        "household_columns": ", ".join(rows.HOUSEHOLD),
        "person_columns": ", ".join(rows.PERSON),
    }


def _signed_in(name: str) -> str:
    accounts = Path(os.environ["JINGZHUN_HOME"], "accounts.txt").read_text(encoding="utf-8")
    password = next(
        line.split()[1] for line in accounts.splitlines() if line.startswith(f"{name} ")
    )
    client = Client(SERVER_NAME="localhost")
    client.post("/sign-in/", {"username": name, "password": password})
    return client.cookies["sessionid"].value


def _pinyin(heads: Any) -> dict[str, str]:
    """Reading of a name -> its blind index, for some of the names that are there."""
    import polars as pl  # noqa: PLC0415

    from jingzhun.linkage.names import name_keys  # noqa: PLC0415
    from jingzhun_web.kit.keys import seals  # noqa: PLC0415

    plain = [seals().open(bytes(head.name)) for head in heads if head.name]
    distinct = pl.Series(sorted(set(plain))[:200])
    readings = ["".join((r or "").split()) for r in name_keys(distinct)["pinyin"]]
    known = [reading for reading in readings if reading.isascii() and reading]
    return {reading: seals().index(f"pinyin {reading}").hex() for reading in known[:100]}


def main() -> None:
    measuring.told({"seconds": [0], "result": caller()})


if __name__ == "__main__":
    main()
