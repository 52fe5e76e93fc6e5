"""What makes a household poor on a date: the pack's welfare, household size and line, checked once."""

from __future__ import annotations

import difflib
import math
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import narwhals as nw

from jingzhun.errors import PackError, ParameterError
from jingzhun.policy.cel import Expr, Program, Scope, check_bool, check_number
from jingzhun.policy.cel.columns import Emitter
from jingzhun.policy.cel.tree import fields
from jingzhun.policy.cel.virtual import SOURCES
from jingzhun.policy.pack import Pack
from jingzhun.policy.profiles import Profile
from jingzhun.standard.labels import Label

GROUPS = ("wage_yuan", "business_yuan", "property_yuan", "transfer_yuan")
"""Definitions of the four income groups; business income is net of production expenditure."""

NET, PER_CAPITA = "net_income_yuan", "income_per_capita_yuan"
KEY = "household_key"
IS_CURRENT = "is_current"
"""Definition about a person; a pack without it takes every recorded person as a member."""


@dataclass(frozen=True)
class Rules:
    """How poverty is judged. `welfare`, `household_size` and `line` are expressions in `scope`.

    `conditions` are (name, yes-or-no expression), kept beside the status as columns of that name, to see
    what changed between periods. Raises PackError (CelError) when one of them is not what it should be.
    """

    scope: Scope
    welfare: str = PER_CAPITA
    household_size: str = "household_size"
    line: str = "poverty_line_yuan"
    conditions: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of_pack(
        cls,
        pack: Pack,
        on: date,
        *,
        line: str | None = None,
        conditions: tuple[tuple[str, str], ...] = (),
    ) -> Rules:
        """How a pack tells on a date who is poor; `line` names another parameter or is an amount.

        Raises ParameterError when the line is neither, or when something needed has no value on the date.
        """
        scope = pack.scope(on)
        if line is None:
            pack.value(pack.line, on=on)
        chosen = pack.line if line is None else line_expression(line, scope)
        return cls(scope, pack.welfare, pack.household_size, chosen, conditions)

    @cached_property
    def program(self) -> Program:
        """Everything that is asked of a household, compiled together."""
        asked = {
            "household_size": self.household_size,
            "welfare": self.welfare,
            "line": self.line,
        }
        named: dict[str, Expr] = {
            name: check_number(text, self.scope) for name, text in asked.items()
        }
        named |= {name: check_number(name, self.scope) for name in self.money}
        named |= {name: check_bool(text, self.scope) for name, text in self.conditions}
        return Program(self.scope, named)

    @property
    def condition_names(self) -> tuple[str, ...]:
        """Names of the conditions, in order."""
        return tuple(name for name, _ in self.conditions)

    @property
    def money(self) -> tuple[str, ...]:
        """Income definitions that the pack has; the others stay unknown."""
        return tuple(n for n in (*GROUPS, NET, PER_CAPITA) if n in self.scope.definitions)

    @cached_property
    def is_current(self) -> nw.Expr:
        """Whether a row of persons is a current member, as an expression over that table."""
        expr = self.scope.member_definitions.get(IS_CURRENT)
        if expr is None:
            # A column, not a constant: filters take no constants.
            return ~nw.col(KEY).is_null()
        if any(field.owner != "member" for field in fields(expr)):
            raise PackError(
                f"Definition {IS_CURRENT} asks about the household",
                why="Who is a member must follow from the person's own record",
                do="Use fields of the person only (m.<column>)",
            )
        emitter = Emitter(self.scope.on, lambda field: field.name)
        return emitter.emit(expr).fill_null(False)

    @property
    def columns_for_current(self) -> list[str]:
        """Stored columns of persons that `is_current` reads."""
        expr = self.scope.member_definitions.get(IS_CURRENT)
        read = [] if expr is None else [SOURCES.get(f.name, f.name) for f in fields(expr)]
        return list(dict.fromkeys(read))


def line_expression(line: str, scope: Scope) -> str:
    """The line as an expression: a parameter's name as it is, an amount as a number.

    Raises ParameterError when it is neither, or an amount that is no line (not above zero).
    """
    if line in scope.parameters:
        return line
    try:
        amount = float(line)
    except ValueError:
        near = difflib.get_close_matches(line, _lines(scope), n=3) or _lines(scope)[:5]
        raise ParameterError(
            f"There is no line called '{line}'",
            do=f"Name a parameter of the pack ({', '.join(near)}) or give an amount",
        ) from None
    if not 0 < amount < math.inf:
        raise ParameterError(f"A poverty line must be above zero; this is {line}")
    return repr(amount)


def conditions_of(profile: Profile) -> tuple[tuple[str, str], ...]:
    """The indicators of an exit profile that are met or not, as conditions named `met_<indicator>`.

    They are read with the pack's own income rule, not the profile's.
    """
    return tuple((f"met_{i.id}", i.met) for i in profile.indicators if i.met is not None)


def condition_labels(profile: Profile) -> dict[str, Label]:
    """Name of a condition -> what it says, in both languages."""
    return {f"met_{i.id}": i.label for i in profile.indicators if i.met is not None}


def _lines(scope: Scope) -> list[str]:
    return sorted(name for name in scope.parameters if "line_" in name) or sorted(scope.parameters)
