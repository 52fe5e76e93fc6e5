"""Health, disability and ability to work."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from jingzhun.sample.columns import UNKNOWN, positions
from jingzhun.sample.members import HEAD, MOTHER, SPOUSE
from jingzhun.sample.schooling import School
from jingzhun.sample.streams import Array, pick
from jingzhun.sample.year import Year

HEALTHY, CHRONIC, SERIOUS, DISABLED = 1, 2, 4, 8
"""Bits in the order of the code list `health`."""


@dataclass(frozen=True)
class Condition:
    """One entry per person."""

    bits: Array
    disability_class: Array
    disability_grade: Array
    """Positions 0 (most severe) to 3; UNKNOWN without a disability."""
    certificate: Array
    patient: Array
    """Chronically or seriously ill."""
    labour: Array
    able: Array
    """May work: of working age, no student, not lost to work."""

    @property
    def skilled(self) -> Array:
        """Whose ability is skilled."""
        return np.asarray(self.labour == positions("labour_ability")["02"])

    @property
    def full_labour(self) -> Array:
        """Whose ability is ordinary or skilled: weak and half labour does not count as labour."""
        code = positions("labour_ability")
        return np.isin(self.labour, (code["01"], code["02"]))

    @property
    def disabled(self) -> Array:
        """Who has a disability."""
        return self.bits & DISABLED > 0


def condition(year: Year, school: School, ill: Array, disabled_cause: Array) -> Condition:
    """Health and labour; households marked `ill` have a patient, `disabled_cause` a disabled member."""
    settings, draw, age = year.parameters.population.health, year.by_person, year.age
    shares = {
        kind: np.interp(age, settings.ages, getattr(settings, kind)).astype(np.float32)
        for kind in ("chronic", "serious", "disabled")
    }
    chosen = _chosen(year)
    patient = chosen & ill[year.at]
    gravely = draw.lasting("gravely ill") < settings.patient_serious
    serious = (draw.lasting("serious") < shares["serious"]) | (patient & gravely)
    chronic = (draw.lasting("chronic") < shares["chronic"]) | (patient & ~gravely)
    disabled = draw.lasting("disabled") < shares["disabled"]
    disabled |= (chosen & disabled_cause[year.at]) | school.unable
    bits = chronic * CHRONIC + serious * SERIOUS + disabled * DISABLED
    bits = np.where(bits == 0, HEALTHY, bits)
    grade = np.where(disabled, pick(settings.grades, draw.lasting("disability grade")), UNKNOWN)
    kind = np.where(disabled, pick(settings.classes, draw.lasting("disability class")), UNKNOWN)
    labour = _labour(year, school, bits, grade)
    code = positions("labour_ability")
    able = np.isin(labour, (code["01"], code["02"], code["05"]))
    return Condition(
        bits=bits,
        disability_class=kind,
        disability_grade=grade,
        certificate=disabled & (draw.lasting("certificate") < settings.certificate),
        patient=chronic | serious,
        labour=labour,
        able=able,
    )


def _chosen(year: Year) -> Array:
    """The member to whom the household's cause of poverty happened: head, spouse or mother."""
    draw = year.by_household.lasting("who is ill")
    has_spouse = year.county.roster.exists[year.households, SPOUSE]
    has_mother = year.county.roster.exists[year.households, MOTHER]
    who = np.where(has_spouse & (draw < 0.45), SPOUSE, HEAD)
    who = np.where(has_mother & (draw > 0.85), MOTHER, who)
    return np.asarray(year.slot == who[year.at])


def _labour(year: Year, school: School, bits: Array, grade: Array) -> Array:
    settings, draw, age = year.parameters.population.labour, year.by_person, year.age
    code = positions("labour_ability")
    chance = draw.lasting("labour")
    skilled = draw.lasting("skilled") < settings.skilled[year.period]
    healthy = np.where(skilled, code["02"], code["01"])
    severe = (grade >= 0) & (grade <= 1)
    mild = np.where(chance < settings.disabled_lost, code["03"], code["05"])
    chronic = np.where(chance < settings.chronic_lost, code["03"], code["05"])
    result = np.where(bits & CHRONIC > 0, chronic, healthy)
    result = np.where(bits & SERIOUS > 0, np.where(chance < 0.7, code["03"], code["05"]), result)
    result = np.where(bits & DISABLED > 0, mild, result)
    sixties = np.where(chance < settings.weak_60s, code["05"], code["04"])
    old = np.where(bits == HEALTHY, np.where(age < 70, sixties, code["04"]), code["03"])
    result = np.where(age >= 60, old, result)
    result = np.where(severe, code["03"], result)
    return np.where((age < 16) | school.student, code["04"], result)
