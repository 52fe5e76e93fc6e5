"""Schools, the disabled persons' federation, civil affairs, housing, relocation."""

from __future__ import annotations

import numpy as np

from jingzhun.sample import living
from jingzhun.sample.columns import NULL, positions
from jingzhun.sample.external.civil import Dead
from jingzhun.sample.external.rows import Block, Claim
from jingzhun.sample.external.scene import Scene, day, new_year
from jingzhun.sample.members import DIES
from jingzhun.sample.streams import Array, pick

COMPULSORY = (7, 15)
"""Ages at which a child without a roll is asked about: at six it may start next September."""


# -- schools --------------------------------------------------------------------------------------


def school_roll(scene: Scene) -> list[Block]:
    """Pupils and students; dropouts, some of them told; pupils on paper only."""
    settings, school = scene.settings("school_roll"), scene.records.made.school
    code = positions("student_status")
    stage, grade = _stage_and_grade(school.status, scene.age)
    student = school.student & scene.current
    young = (school.status == code["02"]) & scene.current
    secondary = np.isin(stage, _stages("senior", "vocational"))
    rates = settings["elsewhere"]
    share = np.where(stage == _stages("college")[0], rates["college"], rates["compulsory"])
    share = np.where(secondary, rates["secondary"], share)
    away = student & (scene.of_persons("school elsewhere") < share)
    false = student & ~away & (scene.of_persons("falsely student") < settings["falsely_student"])
    false &= np.isin(stage, _stages("primary", "junior", "senior", "vocational"))
    attends = young & (scene.of_persons("preschool roll") < settings["preschool"])
    special = school.unable & scene.current
    special &= scene.of_persons("special school") < settings["special_school"]
    enrolled = np.nonzero((student & ~away & ~false) | attends | special)[0]
    stage = np.where(special, _stages("special")[0], stage)
    out = (school.dropout & scene.current) | false
    told = out & (scene.of_persons("dropout told") < settings["dropouts_on_roll"])
    stage_out, grade_out = _by_age(scene.age)
    stage = np.where(school.dropout, stage_out, stage)
    grade = np.where(school.dropout, grade_out, grade)
    registered = scene.registered[scene.year.at]
    rows = np.nonzero(told)[0]
    left = day(scene.year.period, 3, 1) + (scene.uniform("left", len(rows)) * 240).astype(np.int64)
    return [
        _enrolled(scene, enrolled, stage, grade),
        Block(
            "school_roll",
            scene.people(rows),
            {
                **_roll(scene, stage[rows], grade[rows]),
                "status": positions("school_roll_status")["dropped_out"],
                "until_date": left,
            },
            _claims(scene, rows, "", registered),
        ),
        _absent(scene, out & ~told, "", registered),
        _absent(scene, away, "school_elsewhere", registered),
        _pupils_outside(scene),
    ]


def _stages(*names: str) -> list[int]:
    known = positions("school_stage")
    return [known[name] for name in names]


def _stage_and_grade(status: Array, age: Array) -> tuple[Array, Array]:
    """Stage and grade within it, by the code of the register."""
    stages, codes = positions("school_stage"), positions("student_status")
    stage = np.full(len(status), stages["preschool"])
    grade = np.ones(len(status), dtype=np.int64)
    stage[status == codes["03"]] = stages["primary"]
    grade = np.where(status == codes["03"], np.clip(age - 5, 1, 6), grade)
    for first, name in (("04", "junior"), ("07", "senior"), ("10", "vocational")):
        step = status - codes[first]
        own = (step >= 0) & (step <= 2)
        stage[own] = stages[name]
        grade = np.where(own, step + 1, grade)
    college = np.isin(status, [codes[c] for c in ("13", "14", "15", "16", "18", "19")])
    stage[college] = stages["college"]
    return stage, np.where(college, np.clip(age - 17, 1, 5), grade)


def _by_age(age: Array) -> tuple[Array, Array]:
    stages = positions("school_stage")
    stage = np.where(age < 12, stages["primary"], stages["junior"])
    return stage, np.where(age < 12, np.clip(age - 5, 1, 6), np.clip(age - 11, 1, 3))


def _roll(scene: Scene, stage: Array, grade: Array) -> dict[str, Array]:
    """Since the September in which the stage began."""
    began = new_year(scene.year.period - grade + 1) + 243
    return {"stage": stage, "grade": grade, "from_date": np.minimum(began, scene.last_day)}


def _enrolled(scene: Scene, rows: Array, stage: Array, grade: Array) -> Block:
    status = positions("school_roll_status")
    suspended = scene.uniform("suspended", len(rows)) < 0.003
    columns = {
        **_roll(scene, stage[rows], grade[rows]),
        "status": np.where(suspended, status["suspended"], status["enrolled"]),
    }
    return Block("school_roll", scene.people(rows), columns)


def _claims(scene: Scene, rows: Array, why: str, registered: Array) -> tuple[Claim, ...]:
    """Of children of compulsory age, of other pupils, and of children whose household has exited."""
    age, exited = scene.age[rows], scene.records.made.now.exited[scene.year.at[rows]]
    first, last = COMPULSORY
    child = (age >= first) & (age <= last) & registered[rows]
    pupil = ~child & scene.records.made.school.student[rows] & registered[rows] & (age >= first)
    code = positions("student_status")
    pupil &= np.isin(scene.records.made.school.status[rows], range(code["03"], code["12"] + 1))
    found = [Claim("X09a", why=why, where=child), Claim("X09b", why=why, where=pupil)]
    if not why:
        of_age = (age >= first - 1) & (age <= last)
        found.append(Claim("X14b", where=exited & of_age))
    return tuple(found)


def _absent(scene: Scene, mask: Array, why: str, registered: Array) -> Block:
    rows = np.nonzero(mask)[0]
    claims = _claims(scene, rows, why, registered)[:2]
    return Block(None, scene.people(rows), claims=claims)


def _pupils_outside(scene: Scene) -> Block:
    age = scene.outsider_age
    chosen = (age >= 6) & (age <= 18)
    chosen &= scene.of_outsiders("pupil") < scene.settings("school_roll")["outsiders"]
    who = scene.outsiders(chosen)
    ages = age[chosen]
    stage, grade = _by_age(ages)
    senior = ages >= 15
    stage = np.where(senior, _stages("senior")[0], stage)
    grade = np.where(senior, np.clip(ages - 14, 1, 3), grade)
    return Block("school_roll", who, {**_roll(scene, stage, grade), "status": 0})


# -- disability -----------------------------------------------------------------------------------


def disability(scene: Scene) -> list[Block]:
    """Certificates and the two subsidies."""
    settings, health = scene.settings("disability"), scene.records.made.health
    lost = scene.of_persons("no certificate on the list") < settings["no_certificate_on_list"]
    rows = np.nonzero(health.certificate & scene.current & ~lost)[0]
    grade = health.disability_grade[rows].astype(np.int64)
    severe = grade <= 1
    without = severe & (scene.uniform("no subsidy", len(rows)) < settings["without_subsidy"])
    registered = scene.registered[scene.year.at[rows]]
    why = scene.some_lawful("disability", "no subsidy", len(rows))
    outside = scene.outsiders(
        (scene.outsider_age >= 8) & (scene.of_outsiders("disabled") < settings["outsiders"])
    )
    settings_of = scene.year.parameters.population.health
    of_class = pick(settings_of.classes, scene.uniform("class outside", len(outside)))
    of_grade = pick(settings_of.grades, scene.uniform("grade outside", len(outside)))
    return [
        Block(
            "disability",
            scene.people(rows),
            {
                "disability_class": health.disability_class[rows].astype(np.int64),
                "disability_grade": grade,
                **_certificate(scene, "own", grade, severe & ~without, registered),
            },
            (Claim("X11", why=why, where=without & registered),),
        ),
        Block(
            "disability",
            outside,
            {
                "disability_class": of_class.astype(np.int64),
                "disability_grade": of_grade.astype(np.int64),
                **_certificate(
                    scene, "outside", of_grade, of_grade <= 1, np.zeros(len(outside), dtype=bool)
                ),
            },
        ),
    ]


def _certificate(
    scene: Scene, purpose: str, grade: Array, nursing: Array, registered: Array
) -> dict[str, Array]:
    issued = (
        scene.last_day
        - 60
        - (scene.uniform(f"issued {purpose}", len(grade)) * 3200).astype(np.int64)
    )
    living_too = scene.uniform(f"living subsidy {purpose}", len(grade)) < 0.4
    helped = (registered & nursing) | ((grade >= 2) & living_too)
    return {
        "issued_on": issued,
        "valid_until": issued + 3652,
        "has_living_subsidy": helped.astype(np.int8),
        "has_nursing_subsidy": nursing.astype(np.int8),
    }


# -- allowance ------------------------------------------------------------------------------------


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


# -- houses ---------------------------------------------------------------------------------------


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
