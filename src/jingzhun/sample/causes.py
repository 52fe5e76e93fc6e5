"""Why a household is poor: main cause and other causes, true to who lives in it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from jingzhun.sample.columns import positions
from jingzhun.sample.draws import Draws
from jingzhun.sample.members import CHILD, CHILD_SPOUSE, NEVER, Roster
from jingzhun.sample.parameters import Parameters
from jingzhun.sample.streams import Array, pick

_SCHOOLING, _LABOUR, _ILLNESS, _DISABILITY, _MARRIAGE = "03", "08", "01", "02", "12"


@dataclass(frozen=True)
class Causes:
    """One entry per household, for good."""

    main: Array
    """Position in the code list."""
    other: Array
    """Bits by position in the code list, two at most, never the main cause."""
    ill: Array
    """The cause is the illness of a member."""
    disabled: Array
    """The cause is the disability of a member."""


def causes(parameters: Parameters, roster: Roster, draws: Draws) -> Causes:
    """Draw causes by their shares; schooling and lack of labour only where they can be true."""
    shares, eligible = parameters.registry.causes, parameters.registry.eligible
    code = positions("poverty_cause")
    rest = {cause: s for cause, s in shares.items() if cause not in (_SCHOOLING, _LABOUR)}
    codes = np.array([code[cause] for cause in rest])
    main = codes[pick(rest.values(), draws.lasting("cause"))]
    few = _few_hands(parameters, roster)
    few &= draws.lasting("cause labour") < shares[_LABOUR] / eligible["labour"]
    main = np.where(few, code[_LABOUR], main)
    pupils = _pupils(roster)
    pupils &= draws.lasting("cause schooling") < shares[_SCHOOLING] / eligible["schooling"]
    main = np.where(pupils, code[_SCHOOLING], main)
    return Causes(
        main=main,
        other=_other(parameters, main, draws),
        ill=main == code[_ILLNESS],
        disabled=main == code[_DISABILITY],
    )


def _few_hands(parameters: Parameters, roster: Roster) -> Array:
    first = parameters.registry.first_year
    age = first - np.floor(roster.birth)
    there = roster.exists & (roster.start <= first)
    return np.asarray((there & (age >= 18) & (age <= 59)).sum(axis=1) <= 1)


def _pupils(roster: Roster) -> Array:
    """Households with a child who is at school in every year of the sample and stays with them."""
    born = np.floor(roster.birth)
    young = roster.exists & (born >= 2000) & (born <= 2009) & (roster.stop == NEVER)
    return np.asarray(young[:, CHILD:CHILD_SPOUSE].any(axis=1))


def _other(parameters: Parameters, main: Array, draws: Draws) -> Array:
    shares = {**parameters.registry.causes, _MARRIAGE: 0.02}
    code = positions("poverty_cause")
    codes = np.array([code[cause] for cause in shares])
    number = pick(parameters.registry.other_causes.values(), draws.lasting("other causes"))
    bits = np.zeros(len(main), dtype=np.int64)
    for place in (1, 2):
        cause = codes[pick(shares.values(), draws.lasting(f"other cause {place}"))]
        bits |= np.where((number >= place) & (cause != main), 1 << cause, 0)
    return bits
