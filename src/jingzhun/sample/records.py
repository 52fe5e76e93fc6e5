"""The household and person tables of one county and year, with their truth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from jingzhun.sample import (
    incomes,
    levels,
    living,
    mistakes,
    registration,
    spending,
    support,
    transfers,
    truth,
    welfare,
)
from jingzhun.sample.causes import Causes
from jingzhun.sample.columns import NULL, UNKNOWN, Columns, frame, positions, texts
from jingzhun.sample.documents import Documents
from jingzhun.sample.health import Condition, condition
from jingzhun.sample.members import BORN, DIES, LEAVES, MARRIES_IN, MARRIES_OUT
from jingzhun.sample.people import relations
from jingzhun.sample.registration import Standing
from jingzhun.sample.schooling import School, school
from jingzhun.sample.streams import Array, pick
from jingzhun.sample.welfare import Welfare
from jingzhun.sample.year import Year

PERSONS_PER_HOUSEHOLD = 100
"""A person's number is the household's times this, plus the place in the family."""


@dataclass(frozen=True)
class Records:
    """What is written for one county and period, and the year it was made from."""

    households: pl.DataFrame
    persons: pl.DataFrame
    truth_households: pl.DataFrame
    truth_persons: pl.DataFrame
    made: Made
    written: Columns
    """The columns of persons as recorded, those of households without members included."""
    kept: Array
    """Which persons have a row: not those of households that are on file without members."""


@dataclass(frozen=True)
class Made:
    """Everything that households and persons have in common before they are written down."""

    now: Standing
    school: School
    health: Condition
    support: Welfare
    level: levels.Levels
    own: living.House
    work: incomes.Work
    columns: Columns


def records(year: Year, causes: Causes, documents: Documents) -> Records:
    """All four tables of a county and period."""
    made = _made(year, causes)
    households = {**_household_columns(year, causes, made), **made.columns}
    persons = _person_columns(year, documents, made)
    facts = mistakes.Facts(made.school, made.health, made.support, made.now)
    slips = mistakes.slip_persons(year, persons, facts)
    bits = mistakes.slip_households(year, households, facts)
    bits, kept = mistakes.slip_members(year, persons, bits, facts)
    mistakes.forget_households(year, households)
    mistakes.forget("persons", persons, year.parameters.noise.missing.persons, year.by_person)
    household_rows = frame("households", households, len(year.households))
    person_rows = frame("persons", persons, len(year.persons))
    return Records(
        households=household_rows,
        persons=person_rows.filter(pl.Series(kept)),
        truth_households=truth.truth_households(
            year, made.now, made.level, made.own, household_rows["household_id"], bits
        ),
        truth_persons=truth.truth_persons(year, documents, person_rows, slips).filter(
            pl.Series(kept)
        ),
        made=made,
        written=persons,
        kept=kept,
    )


def _made(year: Year, causes: Causes) -> Made:
    now, troubles, rows = registration.standing(year), year.county.plan.troubles, year.households
    schooling = school(year, now.poor, troubles["schooling"])
    health = condition(year, schooling, causes.ill[rows], causes.disabled[rows])
    supported = welfare.welfare(year, health)
    level = levels.levels(year, now)
    own = living.house(year, now, level)
    land = living.land(year)
    size = year.there.sum(axis=1)
    total = np.round(level.recorded * size).astype(np.int64)
    areas = transfers.Land(
        *(np.asarray(land[f"{kind}_mu"]) for kind in ("cultivated", "returned_forest", "grassland"))
    )
    most = incomes.most_from_transfers(year, total, supported)
    received = transfers.transfers(year, now, health, supported, areas, most)
    got = np.sum(list(received.values()), axis=0)
    hands = year.count(health.able)
    shares = incomes.wanted(year, total, got, hands)
    jobs = incomes.work(year, health, shares.wage)
    owned = incomes.properties(year, shares.property)
    earned = jobs.wage + jobs.post_wage + np.sum(list(owned.values()), axis=0)
    columns: Columns = {
        **land,
        **received,
        **owned,
        "wage_employment_yuan": jobs.wage,
        "wage_public_post_yuan": jobs.post_wage,
        **_rest(year, np.maximum(total - got - earned, 0), jobs),
        **spending.receipts(year, now, schooling, health, own),
        **spending.spending(year, total, schooling, health),
    }
    return Made(now, schooling, health, supported, level, own, jobs, columns)


def _rest(year: Year, rest: Array, jobs: incomes.Work) -> Columns:
    """What is earned beside jobs, property and transfers: business, and odd jobs of some workers."""
    odd = (jobs.wage > 0) & (year.by_household.yearly("odd jobs") < 0.08) & (rest > 2000)
    other = np.where(odd, np.floor(rest * 0.15), 0).astype(np.int64)
    return {
        "wage_other_yuan": other,
        "expense_subsidy_yuan": np.zeros(len(rest), dtype=np.int64),
        **incomes.business(year, rest - other),
    }


def _household_columns(year: Year, causes: Causes, made: Made) -> Columns:
    status = registration.status(year, made.now, causes, made.support)
    size = year.there.sum(axis=1)
    water = living.water(year, made.now)
    needs = support.Needs(
        works=year.count(made.work.months > 0) > 0,
        posts=year.count(made.work.post) > 0,
        dropouts=year.count(made.school.dropout) > 0,
        unsafe_house=made.own.grade >= positions("housing_grade")["C"],
        unsafe_water=np.asarray(water["has_safe_water"]) == 0,
    )
    return {
        **registration.identity(year),
        **status,
        **registration.sizes(year),
        **living.housing(year, made.own, size),
        **water,
        **living.utilities(year),
        **support.helpers(year, made.now, np.asarray(status["identified_date"])),
        **support.measures(year, made.now, causes, made.support, made.own, needs),
    }


def _person_columns(year: Year, documents: Documents, made: Made) -> Columns:
    health, schooling, draw = made.health, made.school, year.by_person
    disabled = health.disabled
    return {
        **_identity(year, documents, health),
        "relation": relations(year.county.people, year.period, year.persons),
        "ethnicity": year.county.people.ethnicity[year.persons],
        "education": schooling.education,
        "student_status": schooling.status,
        "not_in_school_reason": schooling.reason,
        "health": health.bits,
        "disability_class": health.disability_class,
        "disability_grade": health.disability_grade,
        "has_disability_certificate": np.where(disabled, health.certificate, 0),
        "labour_ability": health.labour,
        "has_skill_training": (
            health.able
            & (
                health.skilled
                | (draw.lasting("trained") < year.parameters.population.labour.trained[year.period])
            )
        ).astype(np.int8),
        **made.work.columns(year),
        **_trade(year, made.work),
        **welfare.insured(year, schooling, health, year.county.plan.troubles["medical"]),
        **welfare.civil(year, made.support),
        **_changes(year),
    }


def _identity(year: Year, documents: Documents, health: Condition) -> Columns:
    """Numbers, name, document, sex and birth date as recorded."""
    rows = pl.Series(year.persons.astype(np.uint32))
    settings, draw = year.parameters.population.health, year.by_person
    household = registration.household_numbers(year)[year.at]
    person = household * PERSONS_PER_HOUSEHOLD + year.slot + 1
    as_document = health.certificate & (
        draw.lasting("certificate as document") < settings.certificate_as_document
    )
    suffix = pl.Series((health.disability_class + 1) * 10 + health.disability_grade + 1)
    parts = pl.DataFrame(
        {
            "number": documents.numbers.gather(rows),
            "true": documents.true_numbers.gather(rows),
            "suffix": suffix.cast(pl.String),
            "swap": pl.Series(as_document),
        }
    )
    certificate = pl.when("swap").then(pl.concat_str("true", "suffix")).otherwise("number")
    kinds = positions("document_type")
    return {
        "person_id": pl.Series(person).cast(pl.String),
        "household_id": pl.Series(household).cast(pl.String),
        "period": np.full(len(person), year.period),
        "name": documents.names.gather(rows),
        "sex": documents.female[year.persons].astype(np.int8),
        "document_type": np.where(as_document, kinds["disability"], kinds["identity"]),
        "document_number": parts.select(certificate.alias("document_number")).to_series(),
        "birth_date": documents.born[year.persons],
    }


def _trade(year: Year, work: incomes.Work) -> Columns:
    names, draw = year.parameters.names, year.by_person
    works = work.months > 0
    columns: Columns = {}
    for column, words in (("work_industry", names.industries), ("work_channel", names.channels)):
        which = pick([1.0] * len(words), draw.lasting(column))
        columns[column] = texts(words, np.where(works, which, UNKNOWN))
    return columns


def _changes(year: Year) -> Columns:
    """Who came or went in the year, why and when; the gone keep one last record, marked reduced."""
    people, period, rows = year.county.people, year.period, year.persons
    code, state = positions("member_change"), positions("record_state")
    gone = people.gone(period)[rows]
    came = people.start[rows] == period
    ways_out = {DIES: "death", MARRIES_OUT: "married_out", LEAVES: "other_out"}
    ways_in = {BORN: "newborn", MARRIES_IN: "married_in"}
    out, into = np.full(4, UNKNOWN), np.full(3, UNKNOWN)
    for way, name in ways_out.items():
        out[way] = code[name]
    for way, name in ways_in.items():
        into[way] = code[name]
    reason = np.where(gone, out[people.how_out[rows]], UNKNOWN)
    reason = np.where(came & ~gone, into[people.how_in[rows]], reason)
    new_year = (np.int64(period) - 1970).astype("datetime64[Y]").astype("datetime64[D]")
    day = new_year.astype(np.int64) + (year.by_person.lasting("change day") * 364).astype(np.int64)
    born = came & ~gone & (people.how_in[rows] == BORN)
    day = np.where(born, people.born[rows], day)
    return {
        "record_state": np.where(gone, state["2"], state["1"]),
        "change_reason": reason,
        "change_date": np.where(reason == UNKNOWN, NULL, day),
    }
