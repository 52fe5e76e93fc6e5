"""The interpreter: `cel-python` on one household. It explains, and it is what the compiler is held to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Final

import celpy
from celpy import celtypes
from celpy.adapter import json_to_cel
from celpy.evaluation import CELEvalError, Evaluator
from lark import Tree

from jingzhun.policy.cel.tree import Dated, Expr, Value, walk
from jingzhun.policy.cel.unparse import text_of
from jingzhun.policy.cel.virtual import of_person


class Unknown:
    """The value of an expression that can't be decided with what is known."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown()


class _Evaluator(Evaluator):
    """`cel-python`'s evaluator, with errors inside filter and map kept as values.

    The library raises them, so that `true || size(members.filter(...)) > 1` would fail where CEL's
    own rules make it true.
    """

    def sub_evaluator(self, ast: Tree[Any]) -> Evaluator:
        return _Evaluator(ast, activation=self.activation)

    def member_dot_arg(self, tree: Tree[Any]) -> Any:
        try:
            return super().member_dot_arg(tree)
        except CELEvalError as error:
            return error


def _divide(left: Any, right: Any) -> Any:
    """Division in which a zero divisor makes the result unknown, for decimals too."""
    for side in (left, right):
        if isinstance(side, CELEvalError):
            return side
    if right == 0:
        return CELEvalError("divide by zero")
    return left / right


def _sum(values: Any) -> Any:
    """The sum of a list of numbers; the sum of nothing is 0."""
    if isinstance(values, CELEvalError):
        return values
    total: Any = None
    for value in values:
        if isinstance(value, CELEvalError):
            return value
        total = value if total is None else total + value
    return celtypes.IntType(0) if total is None else total


_FUNCTIONS: Mapping[str, Any] = {"_/_": _divide, "sum": _sum}


@lru_cache(maxsize=4096)
def _parsed(text: str) -> Tree[Any]:
    tree: Tree[Any] = celpy.Environment().compile(text)
    return tree


def _to_cel(value: Any) -> Any:
    if isinstance(value, date):
        return celtypes.TimestampType(f"{value.isoformat()}T00:00:00Z")
    return json_to_cel(value)


def _known(row: Mapping[str, Any]) -> dict[str, Any]:
    """The known fields of a row, as CEL values; null and NaN are left out."""
    return {
        name: _to_cel(list(value) if isinstance(value, tuple) else value)
        for name, value in row.items()
        if value is not None and value == value  # noqa: PLR0124
    }


@dataclass(frozen=True)
class Interpreter:
    """One household (or village, county) to ask expressions about.

    `household`: its columns; `members`: its persons, none meaning that they are not known;
    `village`: its village's columns. Null values are unknown. `area` decides dated parameters.
    """

    on: date
    household: Mapping[str, Any]
    members: Sequence[Mapping[str, Any]] = ()
    village: Mapping[str, Any] | None = None
    area: str = ""

    def value(self, expr: Expr, *, person: Mapping[str, Any] | None = None) -> Value | Unknown:
        """The value of `expr`, or UNKNOWN. `person` is the member judged, for rules about persons."""
        context = self._context(expr)
        if person is not None:
            context["m"] = celtypes.MapType(self._person(person))
        evaluator = _Evaluator(
            _parsed(text_of(expr)), celpy.evaluation.Activation(functions=_FUNCTIONS)
        )
        try:
            return _from_cel(evaluator.evaluate(context))
        except CELEvalError:
            return UNKNOWN

    def _context(self, expr: Expr) -> dict[str, Any]:
        household = _known(self.household)
        context: dict[str, Any] = {**household, "household": celtypes.MapType(household)}
        context["village"] = celtypes.MapType(_known(self.village or {}))
        if self.members:
            people = [celtypes.MapType(self._person(person)) for person in self.members]
            context["members"] = celtypes.ListType(people)
        for node in walk(expr):
            if isinstance(node, Dated):
                context[node.name] = _to_cel(self._dated(node))
        return context

    def _person(self, person: Mapping[str, Any]) -> dict[Any, Any]:
        row = {**person, **of_person(person, self.on)}
        return {celtypes.StringType(name): value for name, value in _known(row).items()}

    def _dated(self, node: Dated) -> Value:
        for area, value in node.overrides:
            if self.area.startswith(area):
                return value
        return node.default


def _from_cel(value: Any) -> Value | Unknown:
    match value:
        case celtypes.BoolType():
            return bool(value)
        case celtypes.DoubleType():
            return float(value)
        case celtypes.IntType():
            return int(value)
        case celtypes.StringType():
            return str(value)
        case celtypes.TimestampType():
            return date(value.year, value.month, value.day)
    return UNKNOWN
