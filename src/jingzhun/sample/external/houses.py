"""Houses as assessed, and relocation."""

from __future__ import annotations

import numpy as np

from jingzhun.sample import living
from jingzhun.sample.columns import NULL, positions
from jingzhun.sample.external.rows import Block, Claim
from jingzhun.sample.external.scene import Scene, day, new_year
from jingzhun.sample.streams import Array


def housing_grade(scene: Scene) -> list[Block]:
    """Assessed houses, lived in and empty."""
    settings, house, at = scene.settings("housing_grade"), scene.records.made.own, scene.year.at
    grades = positions("housing_grade")
    bad = house.true_grade >= grades["C"]
    rate = np.where(bad, settings["assessed_dangerous"], settings["assessed"])
    chosen = scene.of_households("assessed") < rate
    rows = scene.member(chosen, scene.grown, "house owner")
    owner = at[rows]
    exited, registered = scene.records.made.now.exited[owner], scene.registered[owner]
    due = scene.of_households("house is due") < settings["due_unregistered"]
    need = (scene.poor_outside | due)[owner]
    outside_why = scene.unless(need, "housing_grade", "unregistered")
    exit_why = scene.some_lawful("housing_grade", "exited", len(rows))
    old = (house.repaired | house.relocated) & ~bad
    kept = old & (scene.of_households("old house") < settings["old_house_kept"])
    empty = scene.member(kept, scene.grown, "old house owner")
    repaired = new_year(house.repair_year[owner]) + 200
    mended = house.repaired[owner] & ~bad[owner]
    return [
        Block(
            "housing_grade",
            scene.people(rows),
            {
                **_assessed(scene, "own", house.true_grade[owner].astype(np.int64)),
                "is_occupied": 1,
                "repaired_on": np.where(mended, np.minimum(repaired, scene.last_day), NULL),
            },
            (
                Claim("X13b", why=outside_why, where=bad[owner] & ~registered),
                Claim("X14a", why=exit_why, where=bad[owner] & exited),
            ),
        ),
        Block(
            "housing_grade",
            scene.people(empty),
            {
                **_assessed(scene, "old", np.full(len(empty), grades["D"])),
                "is_occupied": 0,
            },
        ),
        *_houses_outside(scene),
    ]


def _assessed(scene: Scene, purpose: str, grade: Array) -> dict[str, Array]:
    back = (scene.uniform(f"assessed {purpose}", len(grade)) * 1200).astype(np.int64)
    return {"housing_grade": grade, "assessed_on": scene.last_day - 10 - back}


def _houses_outside(scene: Scene) -> list[Block]:
    settings, grades = scene.settings("housing_grade"), positions("housing_grade")
    poor = scene.subjects.poor[scene.subjects.on_file :]
    rate = np.where(poor, settings["outsiders_poor_dangerous"], settings["outsiders_dangerous"])
    draw = scene.of_outsiders("house")
    bad = scene.outsiders(scene.grown_outsiders & (draw < rate))
    safe = scene.outsiders(scene.grown_outsiders & (draw > 1.0 - settings["outsiders"]))
    grade = np.where(scene.uniform("grade outside", len(bad)) < 0.35, grades["D"], grades["C"])
    why = scene.unless(scene.subjects.poor[bad], "housing_grade", "outside")
    return [
        Block(
            "housing_grade",
            bad,
            {**_assessed(scene, "bad", grade), "is_occupied": 1},
            (Claim("X13b", why=why),),
        ),
        Block(
            "housing_grade",
            safe,
            {**_assessed(scene, "safe", np.full(len(safe), grades["B"])), "is_occupied": 1},
        ),
    ]


def relocation(scene: Scene) -> list[Block]:
    """Everybody of the relocated households, and some who moved along."""
    settings, house, at = scene.settings("relocation"), scene.records.made.own, scene.year.at
    columns = living.housing(scene.year, house, scene.year.there.sum(axis=1))
    mode = np.asarray(columns["relocation_mode"])
    place = np.asarray(columns["settlement_place"])
    rows = np.nonzero(house.relocated[at] & scene.current)[0]
    along = scene.of_households("moved along") < settings["unregistered"]
    others = np.nonzero((~scene.registered & along)[at] & scene.current)[0]
    outside = scene.outsiders(
        (scene.outsider_age >= 0) & (scene.of_outsiders("moved along") < settings["outsiders"])
    )
    built = new_year(house.repair_year[at[rows]]) + 200
    start = day(min(max(scene.year.period, 2016), 2019), 6, 1)
    found = [
        Block(
            "relocation",
            scene.people(rows),
            {
                "mode": mode[at[rows]].astype(np.int64),
                "place": place[at[rows]].astype(np.int64),
                "moved_in_on": np.minimum(built, scene.last_day),
                **_demolished(scene, "own", len(rows)),
            },
        )
    ]
    for purpose, who in (("along", scene.people(others)), ("outside", outside)):
        found.append(
            Block(
                "relocation",
                who,
                {
                    "mode": 0,
                    "place": 1,
                    "moved_in_on": start,
                    **_demolished(scene, purpose, len(who)),
                },
            )
        )
    return found


def _demolished(scene: Scene, purpose: str, count: int) -> dict[str, Array]:
    stands = scene.uniform(f"old house {purpose}", count)
    gone = stands >= scene.settings("relocation")["not_demolished"]
    return {"is_old_house_demolished": gone.astype(np.int8)}
