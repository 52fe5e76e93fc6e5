"""Insurance and what it pays: medical insurance, medical costs, pensions."""

from __future__ import annotations

import numpy as np

from jingzhun.sample import welfare
from jingzhun.sample.columns import NULL, positions
from jingzhun.sample.external.civil import Dead
from jingzhun.sample.external.rows import Block, Claim
from jingzhun.sample.external.scene import Scene, day
from jingzhun.sample.health import SERIOUS
from jingzhun.sample.members import DIES
from jingzhun.sample.streams import Array

COLLEGE = ("13", "14", "15", "16", "18", "19")


def medical_insurance(scene: Scene) -> list[Block]:
    """The list of the insured; who is missing on it is on no list."""
    settings, made, year = scene.settings("medical_insurance"), scene.records.made, scene.year
    trouble = year.county.plan.troubles["medical"]
    columns = welfare.insured(year, made.school, made.health, trouble)
    employee = np.asarray(columns["has_employee_medical"]) == 1
    insured = (np.asarray(columns["has_resident_medical"]) == 1) | employee
    critical = np.asarray(columns["has_critical_illness"])
    listed = insured & (scene.of_persons("not on the list") >= settings["not_on_list"])
    still = scene.of_persons("still listed") < settings["gone_still_listed"]
    rows = np.nonzero(scene.makes & listed & (year.current | still))[0]
    outside = scene.outsiders(
        (scene.outsider_age >= 0) & (scene.of_outsiders("insured") < settings["outsiders"])
    )
    return [
        Block(
            "medical_insurance",
            scene.people(rows),
            {
                **_spell(scene, employee[rows]),
                "kind": np.where(employee[rows], 1, 0),
                "has_critical_illness": critical[rows],
            },
        ),
        Block(
            "medical_insurance",
            outside,
            {
                **_spell(scene, np.zeros(len(outside), dtype=bool)),
                "kind": 0,
                "has_critical_illness": 1,
            },
        ),
        _uninsured(scene, listed),
    ]


def _spell(scene: Scene, employee: Array) -> dict[str, Array]:
    """Residents are insured by the calendar year; employees until they leave."""
    period = scene.year.period
    since = np.where(employee, day(period - 2, 3, 1), day(period, 1, 1))
    return {
        "valid_from": since,
        "valid_until": np.where(employee, NULL, day(period + 1, 1, 1)),
    }


def _uninsured(scene: Scene, listed: Array) -> Block:
    """Members on no list, but for soldiers, students of colleges and newborns, who need not be on it."""
    year, status = scene.year, positions("student_status")
    college = np.isin(scene.records.made.school.status, [status[code] for code in COLLEGE])
    soldier = np.asarray(scene.records.written["is_active_soldier"]) == 1
    free = college | soldier | (scene.age < 1)
    rows = np.nonzero(scene.current & ~listed & ~free & scene.registered[year.at])[0]
    why = scene.some_lawful("medical_insurance", "uninsured", len(rows))
    exited = scene.records.made.now.exited[year.at[rows]]
    return Block(
        None,
        scene.people(rows),
        claims=(Claim("X10", why=why), Claim("X14c", why=why, where=exited)),
    )


# -- costs ----------------------------------------------------------------------------------------


def medical_costs(scene: Scene) -> list[Block]:
    """Settlements: usual ones of patients, and large ones that call for help."""
    settings, health, at = scene.settings("medical_costs"), scene.records.made.health, scene.year.at
    chance = np.where(health.patient, settings["patients"], settings["others"])
    usual = scene.current & (scene.of_persons("medical cost") < chance)
    rows = np.nonzero(usual)[0]
    ill = health.bits[rows]
    classes = positions("illness_class")
    chronic = np.where(health.patient[rows], classes["chronic"], classes["other"])
    kind = np.where(ill & SERIOUS > 0, classes["major"], chronic)
    rate = np.where(scene.poor_outside, settings["need"], settings["no_need"])
    draw = scene.of_households("large cost")
    unregistered = scene.member(~scene.registered & (draw < rate), scene.current, "large cost")
    exited = scene.member(
        scene.records.made.now.exited & (draw < settings["after_exit"]), scene.current, "cost after"
    )
    outside = scene.outsiders(
        (scene.outsider_age >= 0) & (scene.of_outsiders("cost") < settings["outsiders"])
    )
    poor = scene.subjects.poor[scene.subjects.on_file :]
    share = np.where(poor, settings["outsiders_poor_large"], settings["outsiders_large"])
    needy = scene.outsiders((scene.outsider_age >= 0) & (scene.of_outsiders("large cost") < share))
    need = scene.poor_outside[at[unregistered]]
    return [
        Block("medical_costs", scene.people(rows), _cost(scene, "usual", kind, large=False)),
        Block(
            "medical_costs",
            scene.people(unregistered),
            _cost(scene, "large", np.full(len(unregistered), classes["major"]), large=True),
            (Claim("X12a", why=scene.unless(need, "medical_costs", "unregistered")),),
        ),
        Block(
            "medical_costs",
            scene.people(exited),
            _cost(scene, "after", np.full(len(exited), classes["major"]), large=True),
            (Claim("X12b", why=scene.some_lawful("medical_costs", "after", len(exited))),),
        ),
        Block(
            "medical_costs",
            outside,
            _cost(scene, "outside", np.full(len(outside), classes["other"]), large=False),
        ),
        Block(
            "medical_costs",
            needy,
            _cost(scene, "needy", np.full(len(needy), classes["major"]), large=True),
            (
                Claim(
                    "X12a",
                    why=scene.unless(scene.subjects.poor[needy], "medical_costs", "outside"),
                ),
            ),
        ),
    ]


def _cost(scene: Scene, purpose: str, kind: Array, *, large: bool) -> dict[str, Array]:
    settings, count = scene.settings("medical_costs"), len(kind)
    if large:
        own = np.maximum(
            scene.amounts(f"cost {purpose}", settings["large"], count), settings["least_large"]
        )
    else:
        own = np.zeros(count, dtype=np.int64)
        for place, name in enumerate(positions("illness_class")):
            mask = kind == place
            own[mask] = scene.amounts(f"cost {purpose} {name}", settings[name], int(mask.sum()))
        own = np.minimum(own, settings["most"])
    share = 0.25 + 0.35 * scene.uniform(f"own share {purpose}", count)
    total = np.round(own / share).astype(np.int64)
    start = day(scene.year.period, 1, 3)
    since = start + (
        scene.uniform(f"cost date {purpose}", count) * (scene.last_day - 20 - start)
    ).astype(np.int64)
    return {
        "out_of_pocket_yuan": own,
        "total_yuan": total,
        "reimbursed_yuan": total - own,
        "from_date": since,
        "until_date": since + 1 + (scene.uniform(f"stay {purpose}", count) * 18).astype(np.int64),
        "illness_class": kind,
    }


# -- pensions -------------------------------------------------------------------------------------


def pension(scene: Scene, dead: Dead) -> list[Block]:
    """Who pays in and who receives; a few are paid who have died."""
    settings, year, made = scene.settings("pension"), scene.year, scene.records.made
    old = scene.age >= settings["receives_from"]
    columns = welfare.insured(year, made.school, made.health, 1.0)
    employee = np.asarray(columns["has_employee_pension"]) == 1
    pays = (np.asarray(columns["has_resident_pension"]) == 1) | employee
    buried = dead.mask(dead.earlier, len(old))
    rows = np.nonzero(scene.current & (old | (pays & (scene.age >= 16))) & ~buried)[0]
    paid = np.nonzero(dead.mask(dead.paid, len(old)) & old)[0]
    died = year.county.people.how_out[year.persons] == DIES
    gone = np.nonzero(scene.makes & ~year.current & died & old)[0]
    still = scene.uniform("pension still paid", len(gone)) < settings["gone_still_paid"]
    why = scene.some_lawful("benefits", "paid pension", len(gone), "paid_lawful")
    why[~still] = ""
    until = np.where(still, NULL, day(year.period, 11, 1))
    outside = scene.outsiders(
        (scene.outsider_age >= 16) & (scene.of_outsiders("pension") < settings["outsiders"])
    )
    ages = scene.outsider_age[outside - scene.subjects.on_file]
    return [
        Block("pension", scene.people(rows), _paid(scene, old[rows], employee[rows])),
        Block(
            "pension",
            scene.people(paid),
            _paid(scene, old[paid], employee[paid]),
            (Claim("X05b", why=scene.some_lawful("benefits", "dead", len(paid), "dead_lawful")),),
        ),
        Block(
            "pension",
            scene.people(gone),
            {**_paid(scene, old[gone], employee[gone]), "valid_until": until},
            (Claim("X16a", why=why, where=still),),
        ),
        Block(
            "pension",
            outside,
            _paid(scene, ages >= settings["receives_from"], np.zeros(len(ages), dtype=bool)),
        ),
    ]


def _paid(scene: Scene, receives: Array, employee: Array) -> dict[str, Array]:
    monthly = scene.rate(scene.external.pair("pension", "monthly"))
    return {
        "kind": np.where(employee, 1, 0),
        "is_receiving": receives.astype(np.int8),
        "monthly_yuan": np.where(receives, round(monthly), NULL),
        "valid_from": np.full(len(receives), day(2012, 1, 1)),
    }
