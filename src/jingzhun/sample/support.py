"""Help: helpers and the kinds of measures a household receives."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from jingzhun.sample.causes import Causes
from jingzhun.sample.columns import NULL, UNKNOWN, Columns, positions
from jingzhun.sample.living import House
from jingzhun.sample.registration import Standing
from jingzhun.sample.streams import Array, pick
from jingzhun.sample.welfare import Welfare
from jingzhun.sample.year import Year


def helpers(year: Year, now: Standing, identified: Array) -> Columns:
    """Number, unit and start of the paired helpers; null for households that are not registered."""
    settings, draw = year.parameters.living.help, year.by_household
    number = 1 + pick(settings.helpers, draw.lasting("helpers")).astype(np.int64)
    units = positions("affiliation")
    codes = np.array([units[unit] for unit in settings.affiliation])
    unit = codes[pick(settings.affiliation.values(), draw.lasting("affiliation"))]
    since = identified + 30 + (draw.lasting("helped since") * 240).astype(np.int64)
    known = now.registered & (identified != NULL)
    return {
        "helper_count": np.where(now.registered, number, NULL),
        "helper_affiliation": np.where(now.registered, unit, UNKNOWN),
        "helped_since": np.where(known, since, NULL),
    }


@dataclass(frozen=True)
class Needs:
    """What the household's own case calls for, beside its cause of poverty."""

    works: Array
    posts: Array
    dropouts: Array
    unsafe_house: Array
    unsafe_water: Array


ANSWERED = 0.75
"""Share of open needs (house, water) for which a measure is already on file."""


def measures(
    year: Year, now: Standing, causes: Causes, support: Welfare, own: House, needs: Needs
) -> Columns:
    """The kinds of help as a set per household: by chance, and what its own case calls for."""
    settings, draw, rows = year.parameters.living.help, year.by_household, year.households
    kinds, cause = positions("help_measure"), positions("poverty_cause")
    main = causes.main[rows]
    share_of_labour = np.where(support.no_labour, 0.2, 1.0)
    got = {
        kind: draw.lasting(f"measure {kind}") < share * _labour_share(kind, share_of_labour)
        for kind, share in settings.measures.items()
    }
    got["employment"] &= needs.works | (draw.lasting("job not yet found") < 0.05)
    answered = draw.lasting("need answered") < ANSWERED
    because = {
        "health": causes.ill[rows],
        "education": main == cause["03"],
        "guarantee": support.allowance | support.hardship | causes.disabled[rows],
        "public_post": needs.posts,
        "housing": (own.repaired & ~own.relocated) | (needs.unsafe_house & answered),
        "relocation": own.relocated,
        "water": (main == cause["06"])
        | (needs.unsafe_water & answered)
        | (draw.lasting("measure water") < 0.12),
        "compulsory_education": needs.dropouts,
    }
    bits = np.zeros(len(rows), dtype=np.int64)
    for kind, place in kinds.items():
        has = got.get(kind, False) | because.get(kind, np.zeros(len(rows), dtype=bool))
        bits |= np.where(has, 1 << place, 0)
    # Nobody on the register is without any help: the village's infrastructure counts.
    bits = np.where(bits == 0, 1 << kinds["infrastructure"], bits)
    return {"measures": np.where(now.registered, bits, UNKNOWN)}


def _labour_share(kind: str, share: Array) -> Array:
    return share if kind in ("industry", "employment", "finance") else np.ones_like(share)
