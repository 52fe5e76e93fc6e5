"""Civil affairs: allowance, special hardship and relief."""

from __future__ import annotations

import numpy as np

from jingzhun.sample.columns import NULL, positions
from jingzhun.sample.external.civil import Dead
from jingzhun.sample.external.rows import Block, Claim
from jingzhun.sample.external.scene import Scene, day
from jingzhun.sample.members import DIES
from jingzhun.sample.streams import Array, pick


def allowance(scene: Scene, dead: Dead) -> list[Block]:
    """Allowance, special hardship and relief, and where civil affairs and the register differ."""
    settings, year, support = scene.settings("allowance"), scene.year, scene.records.made.support
    kinds, at = positions("allowance_kind"), scene.year.at
    receives, hardship = support.recipients & scene.makes, support.supported & scene.makes
    covered = year.count(support.recipients)
    dropped = scene.registered & (covered > 0)
    dropped &= scene.of_households("register only") < settings["register_only"]
    buried = dead.mask(dead.earlier, len(at))
    paid = receives & ~dropped[at] & ~buried
    own = np.nonzero((paid | (hardship & ~buried)) & year.current)[0]
    after = np.nonzero(dead.mask(dead.paid, len(at)) & (support.recipients | (scene.age < 60)))[0]
    due = scene.of_households("allowance is due") < settings["due_unregistered"]
    need = (scene.poor_outside | due)[at[own]]
    why = scene.unless(need, "allowance", "unregistered")
    unseen = _unseen(scene, paid)[at[own]]
    lost = np.nonzero(receives & dropped[at] & year.current)[0]
    lawful = scene.of_households("register only lawful") < scene.external.lawful
    shift = np.where(lawful, "decided_lately", "")
    return [
        Block(
            "allowance",
            scene.people(own),
            _paid(
                scene, "own", np.where(hardship[own], kinds["rural_hardship"], 0), covered[at[own]]
            ),
            (
                Claim("X13a", why=why, where=~scene.registered[at[own]]),
                Claim("X15b", where=unseen & ~hardship[own]),
            ),
        ),
        Block(
            "allowance",
            scene.people(after),
            _paid(scene, "dead", np.zeros(len(after), dtype=np.int64), covered[at[after]]),
            (Claim("X05b", why=scene.some_lawful("benefits", "dead", len(after), "dead_lawful")),),
        ),
        Block(None, scene.people(lost), claims=(Claim("X15a", why=shift[at[lost]]),)),
        *_of_department(scene, receives | hardship, covered),
        _after_death(scene, (paid | hardship) & ~year.current, covered),
        *_allowance_outside(scene),
    ]


def _unseen(scene: Scene, paid: Array) -> Array:
    """Registered households that receive the allowance though the register notes nobody."""
    noted = np.asarray(scene.records.written["allowance_status"])
    some = scene.year.count(noted != positions("allowance_status")["none"]) > 0
    return np.asarray(scene.registered & ~some & (scene.year.count(paid) > 0))


def _paid(scene: Scene, purpose: str, kind: Array, covered: Array) -> dict[str, Array]:
    settings, kinds, count = scene.settings("allowance"), positions("allowance_kind"), len(kind)
    usual = scene.rate(scene.external.pair("allowance", "monthly"))
    hardship = scene.rate(scene.external.pair("allowance", "hardship_monthly"))
    monthly = np.where(kind == kinds["rural_hardship"], hardship, usual)
    class_ = pick(settings["classes"], scene.uniform(f"class {purpose}", count))
    monthly = monthly * np.array([1.2, 1.0, 0.75, 0.5])[class_]
    # Since a year before the period at the latest: what began within it says little.
    since = day(scene.year.period - 1, 12, 1) - (
        scene.uniform(f"since {purpose}", count) * 1500
    ).astype(np.int64)
    return {
        "kind": kind,
        "class": np.where(kind == kinds["rural_hardship"], -1, class_).astype(np.int64),
        "monthly_yuan": np.round(monthly).astype(np.int64),
        "persons_covered": np.maximum(covered, 1),
        "from_date": since,
    }


def _of_department(scene: Scene, has: Array, covered: Array) -> list[Block]:
    """What only civil affairs knows: an allowance, one of a month, relief; one record a person."""
    settings, at = scene.settings("allowance"), scene.year.at
    none = scene.year.count(has) == 0
    chance = scene.of_households("department only")
    first, second = settings["department_only"], settings["month_shift"]
    registered = scene.registered & none
    rows = scene.member(registered & (chance < first), scene.grown, "department only")
    shift = scene.member(
        registered & (chance >= first) & (chance < first + second), scene.grown, "month shift"
    )
    relief = scene.member(
        (chance > 1.0 - settings["temporary_relief"]), scene.grown & ~has, "relief"
    )
    kinds = positions("allowance_kind")
    why = scene.some_lawful("allowance", "department only", len(rows), "registered_lawful")
    lately = {"from_date": np.full(len(shift), day(scene.year.period, 12, 1))}
    given = day(scene.year.period, 2, 1) + (scene.uniform("relief", len(relief)) * 280)
    zeros = np.zeros(len(at), dtype=np.int64)
    return [
        Block(
            "allowance",
            scene.people(rows),
            _paid(scene, "department", zeros[rows], covered[at[rows]]),
            (Claim("X15b", why=why),),
        ),
        Block(
            "allowance",
            scene.people(shift),
            {**_paid(scene, "shift", zeros[shift], covered[at[shift]]), **lately},
        ),
        Block(
            "allowance",
            scene.people(relief),
            {
                **_paid(
                    scene, "relief", np.full(len(relief), kinds["temporary_relief"]), zeros[relief]
                ),
                "class": -1,
                "from_date": given.astype(np.int64),
                "until_date": given.astype(np.int64) + 1,
            },
        ),
    ]


def _after_death(scene: Scene, gone: Array, covered: Array) -> Block:
    """Recipients who died in the year: most are ended, a few are paid on."""
    people = scene.year.county.people
    died = people.how_out[scene.year.persons] == DIES
    rows = np.nonzero(gone & died)[0]
    still = (
        scene.uniform("allowance goes on", len(rows))
        < (scene.settings("allowance")["gone_still_paid"])
    )
    why = scene.some_lawful("benefits", "paid allowance", len(rows), "paid_lawful")
    columns = _paid(
        scene, "gone", np.zeros(len(rows), dtype=np.int64), covered[scene.year.at[rows]]
    )
    until = np.where(still, NULL, day(scene.year.period, 12, 1))
    return Block(
        "allowance",
        scene.people(rows),
        {**columns, "until_date": until},
        (Claim("X16a", why=why, where=still),),
    )


def _allowance_outside(scene: Scene) -> list[Block]:
    settings, kinds = scene.settings("allowance"), positions("allowance_kind")
    poor = scene.subjects.poor[scene.subjects.on_file :]
    rate = np.where(poor, settings["outsiders_poor"], settings["outsiders"])
    draw = scene.of_outsiders("allowance")
    rural = scene.outsiders((scene.outsider_age >= 5) & (draw < rate))
    urban = scene.outsiders(
        (scene.outsider_age >= 5) & (draw > 1.0 - settings["outsiders_urban"]) & ~poor
    )
    kind = np.where(
        scene.uniform("hardship outside", len(rural)) < 0.15, kinds["rural_hardship"], 0
    )
    why = scene.unless(scene.subjects.poor[rural], "allowance", "outside")
    return [
        Block(
            "allowance",
            rural,
            _paid(scene, "rural", kind, np.ones(len(rural), dtype=np.int64)),
            (Claim("X13a", why=why),),
        ),
        Block(
            "allowance",
            urban,
            _paid(
                scene,
                "urban",
                np.full(len(urban), kinds["urban_allowance"]),
                np.ones(len(urban), dtype=np.int64),
            ),
        ),
    ]
