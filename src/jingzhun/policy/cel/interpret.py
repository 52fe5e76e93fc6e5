"""The interpreter: `cel-python` on one household. It explains, and it is what the compiler is held to."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import celpy
from celpy import celtypes
from celpy.evaluation import CELEvalError, Evaluator
from lark import Tree

from jingzhun.policy.cel.celtree import cel_value, tree_of
from jingzhun.policy.cel.numbers import EXACT, LARGEST_READ
from jingzhun.policy.cel.tree import Dated, Expr, Field, Value, fields, record_folds, walk
from jingzhun.policy.cel.virtual import SOURCES, of_person


class Unknown:
    """The value of an expression that can't be decided with what is known."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown()


class Household(Evaluator):
    """`cel-python`'s evaluator, with what is not known as a plain value everywhere.

    The library raises errors inside filter and map, so that `true || size(members.filter(...)) > 1` would
    fail where CEL's own rules make it true; and its errors carry the tree, which it prints at every turn.
    """

    def sub_evaluator(self, ast: Tree[Any]) -> Evaluator:
        """The same evaluator for the inside of a macro."""
        return Household(ast, activation=self.activation)

    def constant(self, tree: Tree[Any]) -> Any:
        """A value that stands in the tree itself."""
        return tree.children[0]

    def _visit_tree(self, tree: Tree[Any]) -> Any:
        try:
            value = super()._visit_tree(tree)
        except CELEvalError:
            return _not_known()
        return _not_known() if isinstance(value, CELEvalError) else value


def _not_known() -> CELEvalError:
    return CELEvalError("not known")


def _finite(compute: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """Arithmetic in which NaN, infinity and a zero divisor make the result unknown."""

    def computed(left: Any, right: Any) -> Any:
        for side in (left, right):
            if isinstance(side, CELEvalError):
                return side
        # float(): cel-python refuses to compare its decimals with a plain 0.
        if compute is operator.truediv and float(right) == 0.0:
            return _not_known()
        result = compute(left, right)
        if not isinstance(result, float):
            return result
        return celtypes.DoubleType(result) if math.isfinite(result) else _not_known()

    return computed


def _int(value: Any) -> Any:
    if isinstance(value, float) and not abs(value) < EXACT:
        return _not_known()
    return celtypes.IntType(value)


def _sum(zero: Any) -> Callable[[Any], Any]:
    """The sum of a list of numbers; the sum of nothing is 0."""
    add = _finite(operator.add)

    def total(values: Any) -> Any:
        result = zero
        for value in values:
            result = add(result, value)
        return result

    return total


FUNCTIONS: Mapping[str, Any] = {
    "_+_": _finite(operator.add),
    "_-_": _finite(operator.sub),
    "_*_": _finite(operator.mul),
    "_/_": _finite(operator.truediv),
    "int": _int,
    "sum_whole": _sum(celtypes.IntType(0)),
    "sum_decimals": _sum(celtypes.DoubleType(0.0)),
}


def _is_known(value: Any) -> bool:
    # A decimal is a measurement only up to a bound; NaN compares as false.
    return value is not None and (not isinstance(value, float) or abs(value) <= LARGEST_READ)


def _row(row: Mapping[str, Any], read: Sequence[str]) -> celtypes.MapType:
    """The known ones of the fields that are read."""
    known = {name: row[name] for name in read if _is_known(row.get(name))}
    return celtypes.MapType(
        {celtypes.StringType(name): cel_value(value) for name, value in known.items()}
    )


def evaluated(tree: Tree[Any], context: Mapping[str, Any]) -> Value | Unknown:
    """The value of a parse tree of `cel-python`, or UNKNOWN."""
    activation = celpy.evaluation.Activation(functions=FUNCTIONS)
    try:
        return _from_cel(Household(tree, activation).evaluate(dict(context)))
    except CELEvalError:
        return UNKNOWN


@dataclass(frozen=True)
class Interpreter:
    """One household (or village, county) to ask expressions about.

    `household`: its columns; `members`: its persons, none meaning that they are not known;
    `village`: its village's columns. Null values are unknown. A person's records stand in its row as
    lists, `row[table]`; no list, or None, means that they are not known. `area` decides dated parameters.
    """

    on: date
    household: Mapping[str, Any]
    members: Sequence[Mapping[str, Any]] = ()
    village: Mapping[str, Any] | None = None
    area: str = ""

    def value(self, expr: Expr, *, person: Mapping[str, Any] | None = None) -> Value | Unknown:
        """The value of `expr`, or UNKNOWN. `person` is the member judged, for rules about persons."""
        return evaluated(tree_of(expr), self.context(expr, person))

    def context(self, expr: Expr, person: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """What `expr` reads, by the names that its parse tree uses."""
        read = fields(expr)
        context: dict[str, Any] = {
            "household": _row(self.household, _names(read, "household")),
            "village": _row(self.village or {}, _names(read, "village")),
            "dated": self._dated(expr),
        }
        wanted = _names(read, "member")
        tables = {fold.table: _columns(read, fold.table) for fold in record_folds(expr)}
        if self.members:
            people = [self._person(member, wanted, tables) for member in self.members]
            context["members"] = celtypes.ListType(people)
        if person is not None:
            context["m"] = self._person(person, wanted, tables)
        return context

    def _person(
        self,
        person: Mapping[str, Any],
        wanted: Sequence[str],
        tables: Mapping[str, Sequence[str]],
    ) -> celtypes.MapType:
        virtual = of_person(person, self.on) if any(name in SOURCES for name in wanted) else {}
        stored = {name: value for name, value in person.items() if name not in SOURCES}
        row = _row({**stored, **virtual}, wanted)
        for table, columns in tables.items():
            if person.get(table) is not None:
                rows = [_row(record, columns) for record in person[table]]
                row[celtypes.StringType(table)] = celtypes.ListType(rows)
        return row

    def _dated(self, expr: Expr) -> celtypes.MapType:
        found = {node.name: self._in_area(node) for node in walk(expr) if isinstance(node, Dated)}
        return celtypes.MapType(
            {celtypes.StringType(name): cel_value(value) for name, value in found.items()}
        )

    def _in_area(self, node: Dated) -> Value:
        for area, value in node.overrides:
            if self.area.startswith(area):
                return value
        return node.default


def _names(read: Sequence[Field], owner: str) -> list[str]:
    return [field.name for field in read if field.owner == owner]


def _columns(read: Sequence[Field], table: str) -> list[str]:
    return [field.name for field in read if field.owner == "record" and field.table == table]


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
