"""Schools and the disabled persons' federation."""

from __future__ import annotations

import numpy as np

from jingzhun.sample.columns import positions
from jingzhun.sample.external.rows import Block, Claim
from jingzhun.sample.external.scene import Scene, day, new_year
from jingzhun.sample.streams import Array, pick

COMPULSORY = (7, 15)
"""Ages at which a child without a roll is asked about: at six it may start next September."""


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
