"""Fiscal pay; deposits, tax and large machines."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from jingzhun.sample.columns import NULL, positions
from jingzhun.sample.external import owners
from jingzhun.sample.external.rows import Block, Claim
from jingzhun.sample.external.scene import Scene, day
from jingzhun.sample.parameters import Pair
from jingzhun.sample.streams import Array

TEMPORARY = ("village_cadre", "village_doctor", "substitute_teacher")


def payroll(scene: Scene) -> list[Block]:
    """Regular posts, and those that are none."""
    settings = scene.settings("payroll")
    rows, why = owners.hits(scene, "payroll", "fiscal_pay")
    unit = scene.codes("payroll_unit", settings["units"], "unit", len(rows))
    since = owners.acquired(scene, "payroll", rows, 12.0)
    after = owners.after_exit(scene, "payroll", settings["hired_after_exit"])
    unit_after = scene.codes("payroll_unit", settings["units"], "unit after", len(after))
    outside = owners.outside(scene, "post", settings["outsiders"])
    unit_outside = scene.codes("payroll_unit", settings["units"], "unit outside", len(outside))
    return [
        Block(
            "payroll",
            scene.people(rows),
            _post(scene, "hits", unit, since),
            (Claim("X04", why=why),),
        ),
        Block(
            "payroll",
            scene.people(after),
            _post(scene, "after", unit_after, owners.lately(scene, "hired lately", after)),
        ),
        Block(
            "payroll",
            outside,
            _post(scene, "outside", unit_outside, owners.back(scene, "hired", len(outside), 25.0)),
        ),
        *_temporary(scene),
        *_public_posts(scene),
    ]


def _post(scene: Scene, purpose: str, unit: Array, since: Array) -> dict[str, Array | int]:
    pay = scene.settings("payroll")["pay"]
    usual = np.array([pay[name] for name in positions("payroll_unit")])[unit]
    around = 0.8 + 0.4 * scene.uniform(f"pay {purpose}", len(unit))
    return {
        "unit_type": unit,
        "is_post": 1,
        "from_date": since,
        "monthly_pay_yuan": np.round(usual * around, -1).astype(np.int64),
    }


def _temporary(scene: Scene) -> list[Block]:
    settings, units = scene.settings("payroll"), positions("payroll_unit")
    found = []
    for name in TEMPORARY:
        rows = owners.some(scene, f"is {name}", settings[name])
        since = owners.back(scene, f"{name} since", len(rows), 8.0)
        columns = _post(scene, name, np.full(len(rows), units[name]), since)
        found.append(Block("payroll", scene.people(rows), {**columns, "is_post": 0}))
    once = owners.some(scene, "single subsidy", settings["single_subsidy"])
    unit = np.full(len(once), units["public_institution"])
    since = owners.back(scene, "subsidy", len(once), 1.0)
    paid = {**_post(scene, "subsidy", unit, since), "is_post": 0, "until_date": since + 30}
    found.append(Block("payroll", scene.people(once), paid))
    outside = owners.outside(scene, "temporary", settings["outsiders_temporary"])
    cadre = np.full(len(outside), units["village_cadre"])
    since = owners.back(scene, "cadre since", len(outside), 8.0)
    found.append(Block("payroll", outside, {**_post(scene, "cadre", cadre, since), "is_post": 0}))
    return found


def _public_posts(scene: Scene) -> list[Block]:
    """Public-service posts of the registered, who may have them, and of others."""
    settings, unit = scene.settings("benefits"), positions("payroll_unit")["public_post"]
    start, work = day(scene.year.period, 1, 1), scene.records.made.work
    holds = np.nonzero(work.post & scene.current & scene.registered[scene.year.at])[0]
    free = scene.grown & ~work.post
    chosen = scene.of_households("public post unregistered") < settings["public_post_unregistered"]
    others = scene.member(~scene.registered & chosen, free, "public post unregistered")
    also = np.nonzero(work.post & scene.current & ~scene.registered[scene.year.at])[0]
    others = np.unique(np.concatenate([others, also]))
    why = scene.some_lawful("benefits", "public post", len(others))
    outside = owners.outside(scene, "public post", settings["public_post_outsiders"])
    found = []
    for purpose, who, claims in (
        ("registered", scene.people(holds), ()),
        ("unregistered", scene.people(others), (Claim("X16b", why=why),)),
        ("nobody", outside, ()),
    ):
        since = start + (scene.uniform(f"post {purpose}", len(who)) * 180).astype(np.int64)
        columns = _post(scene, f"public {purpose}", np.full(len(who), unit), since)
        found.append(Block("payroll", who, {**columns, "is_post": 0}, claims))
    return found


_RULES = {"deposit": "X07a", "tax_paid": "X07b", "machine": "X07c"}


def deposits(scene: Scene) -> list[Block]:
    """Large deposits, tax and machines of households not yet out, and small ones of many."""
    settings = scene.settings("deposits")
    not_out = scene.records.made.now.poor
    chosen = scene.of_households("large deposit") < settings["wrongly_included"]
    real = scene.member(scene.wrongly & not_out & chosen, scene.grown, "deposit owner")
    lawful = scene.lawful_share("deposits", len(real), scene.rightly & not_out)
    excused = scene.member(lawful, scene.grown, "lawful deposit")
    rows = np.concatenate([real, excused])
    why = np.concatenate([np.full(len(real), ""), scene.reasons("deposits", "large", len(excused))])
    kind = scene.codes("asset_kind", settings["kinds"], "deposit kind", len(rows))
    names = positions("asset_kind")
    claims = tuple(Claim(rule, why=why, where=kind == names[n]) for n, rule in _RULES.items())
    large = _balances(scene, "large", kind, settings["large"])
    large["balance_yuan"] = np.maximum(large["balance_yuan"], _by_kind(settings["least"])[kind])
    taken = np.zeros(len(not_out), dtype=bool)
    taken[scene.year.at[rows]] = True
    out = scene.of_households("deposit after exit") < settings["wrongly_included_out"]
    past = scene.member(scene.wrongly & ~not_out & out, scene.grown, "deposit after exit")
    kind_past = scene.codes("asset_kind", settings["kinds"], "kind past", len(past))
    taken[scene.year.at[past]] = True
    small = owners.some(scene, "small deposit", settings["small"], ~taken)
    outside = owners.outside(scene, "deposit", settings["outsiders"])
    kind_outside = scene.codes("asset_kind", settings["kinds"], "kind outside", len(outside))
    kind_small = scene.codes("asset_kind", settings["kinds"], "kind small", len(small))
    little = _balances(scene, "small", kind_small, settings["small_amounts"])
    most = _by_kind(settings["most_small"])[kind_small]
    little["balance_yuan"] = np.minimum(little["balance_yuan"], most)
    return [
        Block("deposits", scene.people(rows), large, claims),
        Block(
            "deposits", scene.people(past), _balances(scene, "past", kind_past, settings["large"])
        ),
        Block("deposits", scene.people(small), little),
        Block("deposits", outside, _balances(scene, "outside", kind_outside, settings["large"])),
    ]


def _by_kind(values: Mapping[str, float]) -> Array:
    return np.array([values[name] for name in positions("asset_kind")], dtype=np.int64)


def _balances(
    scene: Scene, purpose: str, kind: Array, medians: Mapping[str, Pair]
) -> dict[str, Array]:
    balance = np.zeros(len(kind), dtype=np.int64)
    for place, name in enumerate(positions("asset_kind")):
        mask = kind == place
        balance[mask] = scene.amounts(f"{purpose} {name}", medians[name], int(mask.sum()))
    when = owners.back(scene, f"deposit {purpose} date", len(kind), 0.9)
    return {"kind": kind, "balance_yuan": balance, "amount_date": np.where(kind < 0, NULL, when)}
