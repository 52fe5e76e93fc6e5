# ruff: noqa: N801, N805 (names and first arguments of variables are as OpenFisca has them)
"""The rule in OpenFisca-core: two entities, one variable per question, formulas over whole populations.

OpenFisca has no unknown. Yes-or-no questions are whole numbers NO, UNKNOWN, YES, for which "and" is the
smaller and "or" the larger of two; unknown amounts are NaN; unknown codes are an item of their own.
"""

from __future__ import annotations

from datetime import date
from functools import reduce
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as arrow
from openfisca_core.entities import build_entity
from openfisca_core.indexed_enums import Enum, EnumArray
from openfisca_core.periods import DateUnit
from openfisca_core.populations import Population
from openfisca_core.simulation_builder import SimulationBuilder
from openfisca_core.simulations import Simulation
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from bench.peers import rule
from bench.peers.rule import Peer, Source, Totals

Array: TypeAlias = np.ndarray
YEAR = "2019"
NO, UNKNOWN, YES = 0, 1, 2
NEVER = np.datetime64(date.max, "D")
"""Birth date of a person whose birth date is not known."""

Person = build_entity("person", "persons", "Person", is_person=True)
Household = build_entity(
    "household", "households", "Household", roles=[{"key": "member", "plural": "members"}]
)
ENTITIES = [Person, Household]


# -- three-valued logic --------------------------------------------------------------------------


def both(*conditions: Array) -> Array:
    return reduce(np.minimum, conditions)


def either(*conditions: Array) -> Array:
    return reduce(np.maximum, conditions)


def negated(condition: Array) -> Array:
    return YES - condition


def sure(condition: Array) -> Array:
    """A condition that is never unknown."""
    return np.where(condition, YES, NO).astype(np.int32)


def asked(condition: Array, known: Array) -> Array:
    """A condition that is unknown where what it asks about is."""
    return np.where(known, np.where(condition, YES, NO), UNKNOWN).astype(np.int32)


def one_of(column: EnumArray, *items: Enum) -> Array:
    found = reduce(np.logical_or, (column == item for item in items))
    return asked(found, column != type(items[0]).unknown)


def some(household: Any, condition: Array) -> Array:
    """Whether the condition holds for some member: unknown where it might, or nobody is recorded."""
    found = household.any(condition == YES)
    doubtful = household.any(condition == UNKNOWN) | (household.nb_persons() == 0)
    return np.where(found, YES, np.where(doubtful, UNKNOWN, NO)).astype(np.int32)


# -- inputs --------------------------------------------------------------------------------------


def codes(name: str, *values: str) -> type[Enum]:
    """An enumeration of codes with one item for unknown; items are called `c<code>`."""
    made: type[Enum] = Enum(name, {"unknown": "unknown", **{f"c{v}": v for v in values}})
    return made


CODES = {
    "record_state": codes("RecordState", "1", "2"),
    "student_status": codes("StudentStatus", *(f"{n:02}" for n in range(1, 20))),
    "not_in_school_reason": codes("Reason", "illness", "disability", "aversion", "other"),
    "education": codes("Education", "01", "02", "03", "04", "05", "05a", "05b", "06"),
    "labour_ability": codes("LabourAbility", "01", "02", "03", "04", "05"),
    "allowance_status": codes("Allowance", "none", "rural", "urban"),
    "special_hardship_status": codes("SpecialHardship", "none", "rural", "urban"),
    "housing_grade": codes("HousingGrade", "A", "B", "C", "D"),
}
STATE, STATUS, REASON = (
    CODES[n] for n in ("record_state", "student_status", "not_in_school_reason")
)
EDUCATION, LABOUR, GRADE = (CODES[n] for n in ("education", "labour_ability", "housing_grade"))
ALLOWANCE, HARDSHIP = CODES["allowance_status"], CODES["special_hardship_status"]

QUESTIONS_OF_PERSON = (
    "shares_budget",
    "is_active_soldier",
    "has_resident_medical",
    "has_employee_medical",
    "has_critical_illness",
    "has_skill_training",
)
QUESTIONS_OF_HOUSEHOLD = (
    "is_registered",
    "has_house_certificate",
    "is_dangerous_house",
    "is_water_quality_safe",
    "has_safe_water",
    "is_cooperative_member",
    "is_enterprise_led",
    "is_entrepreneur_led",
)
AMOUNTS_OF_HOUSEHOLD = (
    *rule.INCOME,
    *rule.COSTS,
    "water_litres_per_day",
    "water_fetch_minutes",
    "water_supply_rate",
)


def _input(name: str, entity: Any, value_type: type, **given: Any) -> type[Variable]:
    fixed = {
        "value_type": value_type,
        "entity": entity,
        "definition_period": DateUnit.YEAR,
        "label": name,
    }
    return type(name, (Variable,), {**fixed, **given})


def inputs() -> list[type[Variable]]:
    """A variable for every column that is read."""
    found = [_input("birth_date", Person, date, default_value=date.max)]
    found += [_input("work_months", Person, float)]
    found += [_input(n, Person, int, default_value=UNKNOWN) for n in QUESTIONS_OF_PERSON]
    found += [_input(n, Household, int, default_value=UNKNOWN) for n in QUESTIONS_OF_HOUSEHOLD]
    found += [_input(n, Household, float) for n in AMOUNTS_OF_HOUSEHOLD]
    for name, values in CODES.items():
        entity = Household if name == "housing_grade" else Person
        found.append(
            _input(name, entity, Enum, possible_values=values, default_value=values.unknown)
        )
    return found


# -- formulas ------------------------------------------------------------------------------------


class is_current(Variable):
    value_type = int
    entity = Person
    definition_period = DateUnit.YEAR
    label = "current member; not recorded counts as current"

    def formula(person: Population, period: Any) -> Array:
        return sure(person("record_state", period) != STATE.c2)


class is_dropout(Variable):
    value_type = int
    entity = Person
    definition_period = DateUnit.YEAR
    label = "out of compulsory school without a medical reason"

    def formula(person: Population, period: Any) -> Array:
        born = person("birth_date", period)
        known = born != NEVER
        status = person("student_status", period)
        reason = person("not_in_school_reason", period)
        school_age = (born <= _day(rule.SIX)) & (born > _day(rule.SIXTEEN))
        late = both(asked(born <= _day(rule.SEVEN), known), one_of(status, STATUS.c02, STATUS.c17))
        grades = [getattr(EDUCATION, f"c{code}") for code in rule.NINE_GRADES]
        finished = both(
            asked(born <= _day(rule.FOURTEEN), known),
            one_of(person("education", period), *grades),
        )
        excused = (reason == REASON.cillness) | (reason == REASON.cdisability)
        return both(
            person("is_current", period),
            asked(school_age, known),
            either(one_of(status, STATUS.c01), late),
            sure(~excused),
            negated(finished),
        )


class is_covered_by_insurance(Variable):
    value_type = int
    entity = Person
    definition_period = DateUnit.YEAR
    label = "no current member, or in basic medical and critical illness insurance"

    def formula(person: Population, period: Any) -> Array:
        soldier = sure(person("is_active_soldier", period) == YES)
        insured = either(
            soldier, person("has_resident_medical", period), person("has_employee_medical", period)
        )
        return either(
            negated(person("is_current", period)),
            soldier,
            both(insured, person("has_critical_illness", period)),
        )


class is_labourer(Variable):
    value_type = int
    entity = Person
    definition_period = DateUnit.YEAR
    label = "current member able to work"

    def formula(person: Population, period: Any) -> Array:
        born = person("birth_date", period)
        of_age = (born == NEVER) | (born <= _day(rule.SIXTEEN))
        able = one_of(person("labour_ability", period), LABOUR.c01, LABOUR.c02)
        return both(person("is_current", period), able, sure(of_age))


class is_steady_worker(Variable):
    value_type = int
    entity = Person
    definition_period = DateUnit.YEAR
    label = "able to work and has a steady job"

    def formula(person: Population, period: Any) -> Array:
        months = person("work_months", period)
        steady = asked(months >= rule.STEADY_MONTHS, ~np.isnan(months))
        return both(person("is_labourer", period), steady)


class is_trained_worker(Variable):
    value_type = int
    entity = Person
    definition_period = DateUnit.YEAR
    label = "able to work and trained"

    def formula(person: Population, period: Any) -> Array:
        return both(person("is_labourer", period), person("has_skill_training", period))


class is_on_support(Variable):
    value_type = int
    entity = Person
    definition_period = DateUnit.YEAR
    label = "current member on allowance or special-hardship support"

    def formula(person: Population, period: Any) -> Array:
        allowance = person("allowance_status", period)
        hardship = person("special_hardship_status", period)
        supported = either(
            one_of(allowance, ALLOWANCE.crural, ALLOWANCE.curban),
            one_of(hardship, HARDSHIP.crural, HARDSHIP.curban),
        )
        return both(person("is_current", period), supported)


class household_size(Variable):
    value_type = float
    entity = Household
    definition_period = DateUnit.YEAR
    label = "persons who share the budget; NaN where nobody is recorded"

    def formula(household: Any, period: Any) -> Array:
        shares = household.members("shares_budget", period) != NO
        current = household.members("is_current", period) == YES
        size = household.sum(current & shares)
        return np.where(household.nb_persons() == 0, np.nan, size)


class income(Variable):
    value_type = int
    entity = Household
    definition_period = DateUnit.YEAR
    label = "disposable income per person at or above the line"

    def formula(household: Any, period: Any) -> Array:
        earned = sum(household(name, period) for name in rule.INCOME)
        net = earned - sum(household(name, period) for name in rule.COSTS)
        size = household("household_size", period)
        per_person = net / np.where(size == 0, np.nan, size)
        return asked(per_person >= rule.LINE, ~np.isnan(per_person))


class housing(Variable):
    value_type = int
    entity = Household
    definition_period = DateUnit.YEAR
    label = "safe and stable housing"

    def formula(household: Any, period: Any) -> Array:
        grade = household("housing_grade", period)
        dangerous = household("is_dangerous_house", period)
        certified = sure(household("has_house_certificate", period) == YES)
        graded = one_of(grade, GRADE.cA, GRADE.cB)
        return either(certified, np.where(grade != GRADE.unknown, graded, negated(dangerous)))


class education_guaranteed(Variable):
    value_type = int
    entity = Household
    definition_period = DateUnit.YEAR
    label = "no child is out of compulsory school"

    def formula(household: Any, period: Any) -> Array:
        return negated(some(household, household.members("is_dropout", period)))


class medical(Variable):
    value_type = int
    entity = Household
    definition_period = DateUnit.YEAR
    label = "all are in medical insurance"

    def formula(household: Any, period: Any) -> Array:
        covered = household.members("is_covered_by_insurance", period)
        return negated(some(household, negated(covered)))


class water(Variable):
    value_type = int
    entity = Household
    definition_period = DateUnit.YEAR
    label = "safe drinking water"

    def formula(household: Any, period: Any) -> Array:
        litres = household("water_litres_per_day", period)
        minutes = household("water_fetch_minutes", period)
        supply = household("water_supply_rate", period)
        clean = household("is_water_quality_safe", period)
        fails = (litres < rule.LITRES) | (minutes > rule.MINUTES) | (supply < rule.SUPPLY)
        fails |= clean == NO
        recorded = ~np.isnan(litres) & ~np.isnan(minutes) & ~np.isnan(supply) & (clean != UNKNOWN)
        return both(sure(~fails), either(sure(recorded), household("has_safe_water", period)))


class capacity(Variable):
    value_type = int
    entity = Household
    definition_period = DateUnit.YEAR
    label = "capacity to earn, or covered where nobody can work"

    def formula(household: Any, period: Any) -> Array:
        labour = some(household, household.members("is_labourer", period))
        earning = either(
            some(household, household.members("is_steady_worker", period)),
            some(household, household.members("is_trained_worker", period)),
            household("is_cooperative_member", period),
            household("is_enterprise_led", period),
            household("is_entrepreneur_led", period),
        )
        covered = some(household, household.members("is_on_support", period))
        decided = np.where(labour == YES, earning, covered)
        return np.where(labour == UNKNOWN, UNKNOWN, decided)


FORMULAS = (
    is_current,
    is_dropout,
    is_covered_by_insurance,
    is_labourer,
    is_steady_worker,
    is_trained_worker,
    is_on_support,
    household_size,
    income,
    housing,
    education_guaranteed,
    medical,
    water,
    capacity,
)
ITEMS = {item: item for item in rule.WEIGHTS} | {"education": "education_guaranteed"}


def _day(day: Any) -> np.datetime64:
    return np.datetime64(day, "D")


def system() -> TaxBenefitSystem:
    made = TaxBenefitSystem(ENTITIES)
    for variable in (*inputs(), *FORMULAS):
        made.add_variable(variable)
    return made


# -- loading -------------------------------------------------------------------------------------


Loaded: TypeAlias = tuple[Simulation, list[str], Array]


def load(source: Source) -> Loaded:
    """A simulation with all columns set, the counties, and which of them each household is in."""
    households = arrow.dataset(source.households).to_table(columns=source.household_columns)
    persons = arrow.dataset(source.persons).to_table(columns=source.person_columns)
    builder = SimulationBuilder()
    made = system()
    builder.create_entities(made)
    keys = households["household_key"].to_numpy()
    builder.declare_person_entity("person", np.arange(persons.num_rows))
    own = builder.declare_entity("household", keys)
    _join(own, persons["household_key"].to_numpy(), keys)
    simulation = builder.build(made)
    for table in (households, persons):
        for name in table.column_names:
            if name in made.variables:
                simulation.set_input(name, YEAR, _values(name, table[name].combine_chunks()))
    codes = pc.utf8_slice_codeunits(households["village_code"].combine_chunks(), 0, 6)
    counties = pc.dictionary_encode(codes)
    return simulation, counties.dictionary.to_pylist(), counties.indices.to_numpy()


def _join(population: Any, owners: Array, keys: Array) -> None:
    """Persons tied to households, both sorted by key (what `join_with_persons` does slowly by id)."""
    population.members_entity_id = np.searchsorted(keys, owners)
    assert population.members_entity_id[-1] == len(keys) - 1, "the last household has no members"


def _values(name: str, column: pa.Array) -> Array:
    if name in CODES:
        names = pa.array([item.value for item in CODES[name]])
        places = pc.fill_null(pc.index_in(column, names), 0)
        return EnumArray(places.to_numpy(zero_copy_only=False).astype(np.int16), CODES[name])
    if pa.types.is_boolean(column.type):
        codes = pc.multiply(pc.cast(column, pa.int32()), YES)
        return pc.fill_null(codes, UNKNOWN).to_numpy(zero_copy_only=False)
    if pa.types.is_date(column.type):
        filled = pc.fill_null(column, pa.scalar(date.max, column.type))
        return filled.to_numpy(zero_copy_only=False).astype("datetime64[D]")
    numbers = pc.cast(column, pa.float32(), safe=False)
    return numbers.to_numpy(zero_copy_only=False)


# -- totals --------------------------------------------------------------------------------------


def compute(loaded: Loaded) -> Totals:
    simulation, counties, place = loaded
    _forget(simulation)
    met = {item: simulation.calculate(name, YEAR) for item, name in ITEMS.items()}
    best = sum(np.where(met[item] != NO, weight, 0) for item, weight in rule.WEIGHTS.items())
    vetoed = reduce(np.logical_or, (met[item] == NO for item in rule.VETOES))
    failed = vetoed | (best < rule.PASS_MARK)
    missing = reduce(np.logical_or, (column == UNKNOWN for column in met.values()))
    counted = {
        "passed": ~failed & ~missing,
        "failed": failed,
        "not_assessable": ~failed & missing,
        **{f"not_met {item}": column == NO for item, column in met.items()},
        **{f"missing {item}": column == UNKNOWN for item, column in met.items()},
    }
    registered = simulation.calculate("is_registered", YEAR) != NO
    sums = {
        name: np.bincount(place[registered & mask], minlength=len(counties))
        for name, mask in counted.items()
    }
    return rule.as_totals(
        {code: {name: sums[name][i] for name in sums} for i, code in enumerate(counties)}
    )


def _forget(simulation: Simulation) -> None:
    """Delete what an earlier run computed, so that this one computes it again."""
    for variable in FORMULAS:
        simulation.delete_arrays(variable.__name__)


PEER = Peer(load, compute)
