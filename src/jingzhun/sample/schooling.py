"""School: who is where, who has dropped out, and the highest level reached."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from jingzhun.sample.columns import UNKNOWN, alpha_positions, positions
from jingzhun.sample.streams import Array
from jingzhun.sample.year import Year

LAST_GRADE_AGE = 22


@dataclass(frozen=True)
class School:
    """One entry per person: positions in the code lists, and what other parts ask for."""

    status: Array
    reason: Array
    education: Array
    student: Array
    above_compulsory: Array
    """Students after grade 9."""
    dropout: Array
    unable: Array
    """Of compulsory age and medically unable to attend."""


@dataclass(frozen=True)
class _Path:
    grade: Array
    goes_on: Array
    vocational: Array
    tertiary: Array
    bachelor: Array


def school(year: Year, poor: Array, trouble: float) -> School:
    """Everybody's schooling in the year; children of `poor` households drop out more often."""
    settings, draw, age = year.parameters.population.schooling, year.by_person, year.age
    path = _path(year)
    grade, goes_on, tertiary = path.grade, path.goes_on, path.tertiary
    secondary = (grade >= 10) & (grade <= 12) & goes_on
    last = np.where(path.bachelor & ~path.vocational, 16, 15)
    higher = (grade >= 13) & (grade <= last) & goes_on & tertiary
    compulsory = (grade >= 1) & (grade <= 9)
    usual = settings.dropout[year.period] * trouble
    rate = np.where(poor, usual * settings.dropout_not_exited, usual)[year.at]
    dropout = (grade >= 5) & (grade <= 9) & (draw.lasting("dropout") < rate)
    unable = compulsory & (draw.lasting("unable") < settings.unable)
    out = dropout | unable
    student = (compulsory & ~out) | secondary | higher
    code = positions("student_status")
    status = np.full(len(age), code["01"])
    preschool = (age < 6) & (age >= 3)
    attends = draw.lasting("preschool") < settings.preschool[year.period]
    status[age < 6] = code["17"]
    status[preschool & attends] = code["02"]
    at_school = student & compulsory
    steps = np.array([code["03"]] * 7 + [code["04"], code["05"], code["06"]])
    status[at_school] = steps[grade[at_school]]
    first = np.where(path.vocational, code["10"], code["07"])
    status[secondary] = (first + grade - 10)[secondary]
    status[higher] = _higher(path)[higher]
    reason = _reasons(year, dropout & ~unable, unable)
    return School(
        status=status,
        reason=reason,
        education=_education(year, path, out, student),
        student=student,
        above_compulsory=secondary | higher,
        dropout=dropout & ~unable,
        unable=unable,
    )


def _path(year: Year) -> _Path:
    settings, draw, age = year.parameters.population.schooling, year.by_person, year.age
    goes_on = draw.lasting("goes on") < settings.continue_
    # Who leaves after grade 9 started or repeated a year late, so that nobody of 15 has left already.
    late = ~goes_on | (draw.lasting("repeats") < settings.repeat)
    grade = np.where(age >= 6, np.maximum(1, age - 5 - late), 0)
    grade = np.where(age > LAST_GRADE_AGE, 99, grade)
    vocational = draw.lasting("vocational") < settings.vocational
    share = np.where(vocational, settings.higher_vocational, settings.tertiary)
    return _Path(
        grade=grade,
        goes_on=goes_on,
        vocational=vocational,
        tertiary=draw.lasting("tertiary") < share,
        bachelor=draw.lasting("bachelor") < settings.bachelor,
    )


def _higher(path: _Path) -> Array:
    code = positions("student_status")
    general = np.where(path.bachelor, code["18"], code["16"])
    steps = np.minimum(code["13"] + path.grade - 13, code["15"])
    return np.where(path.vocational, steps, general)


def _reasons(year: Year, dropout: Array, unable: Array) -> Array:
    code, draw = positions("not_in_school_reason"), year.by_person.lasting("dropout reason")
    averse = draw < year.parameters.population.schooling.aversion
    reason = np.full(len(dropout), UNKNOWN)
    reason = np.where(dropout, np.where(averse, code["aversion"], code["other"]), reason)
    return np.where(unable, np.where(draw < 0.3, code["illness"], code["disability"]), reason)


def _education(year: Year, path: _Path, out: Array, student: Array) -> Array:
    """Level reached or being attended; adults beyond school age by the habits of their birth years."""
    code, grade = positions("education"), path.grade
    top = np.where(path.bachelor & ~path.vocational, code["05b"], code["05a"])
    level = np.where(path.goes_on, np.where(path.tertiary, top, code["04"]), code["03"])
    level = np.where((grade <= 12) & path.goes_on & (grade >= 10), code["04"], level)
    level = np.where((grade >= 7) & (grade <= 9), code["03"], level)
    level = np.where(grade <= 6, code["02"], level)
    level = np.where(grade == 0, code["06"], level)
    level = np.where(out & ~student & (grade <= 7), code["02"], level)
    return np.where(year.period - year.age <= _last_cohort(year), _of_adults(year), level)


def _last_cohort(year: Year) -> int:
    return year.parameters.population.education[-1].until


def _of_adults(year: Year) -> Array:
    population, codes = year.parameters.population, alpha_positions("ethnicity")
    factors = np.ones(len(codes))
    for alpha, factor in population.illiteracy_factor.items():
        factors[codes[alpha]] = factor
    group = factors[year.county.people.ethnicity[year.persons]]
    women = np.where(year.female, population.illiteracy_women, 1.0)
    # A smaller number means less schooling, so a group with more illiteracy is moved down the scale.
    place = year.by_person.lasting("education") / (group * women)
    birth, result = year.period - year.age, np.zeros(len(place), dtype=np.int64)
    earlier = 0
    for cohort in population.education:
        of_cohort = (birth > earlier) & (birth <= cohort.until)
        result[of_cohort] = np.searchsorted(cohort.cumulative, place[of_cohort])
        earlier = cohort.until
    code = positions("education")
    levels = np.array([code[level] for level in ("01", "02", "03", "04", "05a", "05b")])
    return levels[result]
