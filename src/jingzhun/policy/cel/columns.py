"""The compiler's inner half: a typed tree becomes one expression over columns, unknown as null."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import reduce
from operator import or_

import narwhals as nw

from jingzhun.policy.cel.check import check
from jingzhun.policy.cel.errors import CelError
from jingzhun.policy.cel.numbers import (
    EXACT,
    LARGEST,
    LARGEST_READ,
    is_large,
    may_overflow,
    never_zero,
)
from jingzhun.policy.cel.scope import FieldInfo, Scope
from jingzhun.policy.cel.sharing import Sharing
from jingzhun.policy.cel.tree import (
    BOOL,
    DOUBLE,
    STRING,
    Call,
    Const,
    Dated,
    Expr,
    Field,
    Fold,
    Has,
    Kind,
    Type,
    Value,
    walk,
)
from jingzhun.policy.cel.virtual import EXPRESSIONS, latest_birth_date

FEW = 8
_ARITHMETIC = ("_+_", "_-_", "_*_", "_/_")


class Emitter:
    """Turns typed trees into narwhals expressions. Equal parts are made once.

    `column` names the column that holds a field; `fold` the expression that holds a macro's result;
    `area` the column with the area code, for parameters that differ between areas.
    """

    def __init__(
        self,
        on: date,
        column: Callable[[Field], str],
        fold: Callable[[Fold], nw.Expr] | None = None,
        area: str = "village_code",
    ) -> None:
        self.on = on
        self.column = column
        self.fold = fold
        self.area = area
        self._made: dict[Expr, nw.Expr] = {}

    def emit(self, expr: Expr) -> nw.Expr:
        """The column expression for `expr`; null where its value is unknown."""
        if expr not in self._made:
            self._made[expr] = self._make(expr)
        return self._made[expr]

    def share(self, sharing: Sharing) -> list[dict[str, nw.Expr]]:
        """Columns to add stage by stage; from now on the shared parts are read from them."""
        stages = []
        for nodes in filter(None, sharing.stages):
            stages.append({sharing.names[node]: self._make(node) for node in nodes})
            self._made.update({node: nw.col(sharing.names[node]) for node in nodes})
        return stages

    def _make(self, expr: Expr) -> nw.Expr:
        match expr:
            case Const():
                return _constant(expr.value)
            case Dated():
                return self._dated(expr)
            case Field():
                return self._field(expr)
            case Has():
                return ~self._field(expr.field).is_null()
            case Fold():
                if self.fold is None:
                    raise TypeError("macros need a program with members")
                return self.fold(expr)
            case Call():
                return self._call(expr)

    def _dated(self, expr: Dated) -> nw.Expr:
        chosen = _constant(expr.default)
        # Shortest prefix first, so that the most specific area is asked last and wins.
        for area, value in reversed(expr.overrides):
            inside = nw.col(self.area).str.starts_with(area)
            chosen = nw.when(inside).then(_constant(value)).otherwise(chosen)
        return chosen

    def _field(self, field: Field) -> nw.Expr:
        make = EXPRESSIONS.get(field.name) if field.owner == "member" else None
        if make is not None:
            return make(lambda name: nw.col(self.column(_stored(field, name))), self.on)
        column = nw.col(self.column(field))
        # NaN and infinity are what other tools write for "not known"; nor is 1e200 a measurement.
        return within(column, LARGEST_READ) if field.type.kind is Kind.DOUBLE else column

    def _call(self, expr: Call) -> nw.Expr:
        age = self._age_comparison(expr)
        if age is not None:
            return age
        made = _MAKERS[expr.op](self, expr)
        is_result = expr.op in _ARITHMETIC and may_overflow(expr.type)
        return within(made, LARGEST) if is_result else made

    def _age_comparison(self, expr: Call) -> nw.Expr | None:
        """`m.age >= 16` as a comparison of birth dates: the same truth without any calendar sums."""
        if expr.op not in _AGE or len(expr.args) != 2:
            return None
        left, right = expr.args
        if not (
            isinstance(left, Field)
            and left.owner == "member"
            and left.name == "age"
            and isinstance(right, Const)
            and isinstance(right.value, int)
        ):
            return None
        years = right.value + (1 if expr.op in ("_>_", "_<=_") else 0)
        latest = latest_birth_date(self.on, years)
        if latest is None:
            return None
        born = nw.col(self.column(_stored(left, "birth_date")))
        return born <= latest if expr.op in ("_>=_", "_>_") else born > latest


_AGE = ("_>=_", "_>_", "_<_", "_<=_")


def _stored(field: Field, name: str) -> Field:
    return Field(field.owner, name, STRING)


Maker = Callable[[Emitter, Call], nw.Expr]


def _binary(make: Callable[[nw.Expr, nw.Expr], nw.Expr]) -> Maker:
    def maker(emitter: Emitter, call: Call) -> nw.Expr:
        return make(emitter.emit(call.args[0]), emitter.emit(call.args[1]))

    return maker


def _unary(make: Callable[[nw.Expr], nw.Expr]) -> Maker:
    return lambda emitter, call: make(emitter.emit(call.args[0]))


def _choice(emitter: Emitter, call: Call) -> nw.Expr:
    condition, yes, no = (emitter.emit(arg) for arg in call.args)
    if not call.args[0].type.nullable:
        return nw.when(condition).then(yes).otherwise(no)
    return nw.when(condition).then(yes).otherwise(nw.when(~condition).then(no))


def _constant(value: Value | tuple[Value, ...]) -> nw.Expr:
    # A bare whole number would be 32 bits wide on Polars, and sums of it could overflow.
    is_int = isinstance(value, int) and not isinstance(value, bool)
    return nw.lit(value, dtype=nw.Int64) if is_int else nw.lit(value)


def within(value: nw.Expr, largest: float) -> nw.Expr:
    """The decimal, null where it is NaN (greater than any number, for both engines) or too large."""
    return nw.when(value.abs() <= largest).then(value)


def _divide(emitter: Emitter, call: Call) -> nw.Expr:
    if call.type.kind is Kind.INT:
        return _whole_quotient(emitter, call)
    dividend, divisor = call.args
    left, right = emitter.emit(dividend), emitter.emit(divisor)
    if _is_same_everywhere(divisor):
        # Polars divides by a single number by multiplying with its reciprocal, which rounds otherwise than
        # a division does; by a column it divides.
        right = left * 0.0 + right
    # Where the result is asked anyhow if it is finite, a zero divisor needs no question of its own.
    asked = may_overflow(call.type) or never_zero(divisor)
    return left / (right if asked else _nonzero(right))


def _is_same_everywhere(expr: Expr) -> bool:
    return not any(isinstance(node, Field | Fold | Dated | Has) for node in walk(expr))


def _whole_quotient(emitter: Emitter, call: Call) -> nw.Expr:
    """Whole-number division towards zero, as CEL has it; `//` alone rounds down."""
    a, b = call.args
    left, right = emitter.emit(a), emitter.emit(b)
    if not never_zero(b):
        right = _nonzero(right)
    large = is_large(a.type)
    if a.type.low >= 0 and b.type.low >= 0:
        return _floor(left, right, large)
    size = _floor(left.abs(), right.abs(), large)
    return nw.when((left < 0) == (right < 0)).then(size).otherwise(-size)


def _floor(left: nw.Expr, right: nw.Expr, large: bool) -> nw.Expr:
    """`left // right`; Spark divides as decimals, which for large numbers needs a second step."""
    quotient = left // right
    return quotient + (left - quotient * right) // right if large else quotient


def _remainder(emitter: Emitter, call: Call) -> nw.Expr:
    left, right = (emitter.emit(arg) for arg in call.args)
    return left - _whole_quotient(emitter, call) * right


def _nonzero(divisor: nw.Expr) -> nw.Expr:
    """The divisor, null where it is zero: a household of nobody has no income per head."""
    return nw.when(divisor != 0).then(divisor)


def _to_int(emitter: Emitter, call: Call) -> nw.Expr:
    (arg,) = call.args
    value = emitter.emit(arg)
    if not (arg.type.least > -EXACT and arg.type.most < EXACT):
        value = nw.when(value.abs() < EXACT).then(value)
    return value.cast(nw.Int64)


def _in(emitter: Emitter, call: Call) -> nw.Expr:
    item, container = call.args
    if isinstance(container, Const) and isinstance(container.value, tuple):
        made = emitter.emit(item)
        if 0 < len(container.value) <= FEW:
            # Comparing one by one is several times faster than is_in for a handful of short codes.
            return reduce(or_, [made == _constant(value) for value in container.value])
        return made.is_in(list(container.value))
    if not isinstance(item, Const) or isinstance(item.value, tuple):
        raise TypeError("checked before: a code in quotes")
    return emitter.emit(container).list.contains(item.value)


def _size(emitter: Emitter, call: Call) -> nw.Expr:
    (arg,) = call.args
    made = emitter.emit(arg)
    size = made.list.len() if arg.type.kind is Kind.STRINGS else made.str.len_chars()
    return size.cast(nw.Int64)


def _text_test(method: Callable[[nw.Expr, str], nw.Expr]) -> Maker:
    def maker(emitter: Emitter, call: Call) -> nw.Expr:
        part = call.args[1]
        if not isinstance(part, Const):
            raise TypeError("checked before: a text in quotes")
        return method(emitter.emit(call.args[0]), str(part.value))

    return maker


_MAKERS: Mapping[str, Maker] = {
    "_&&_": _binary(lambda a, b: a & b),
    "_||_": _binary(lambda a, b: a | b),
    "!_": _unary(lambda a: ~a),
    "-_": _unary(lambda a: -a),
    "_?_:_": _choice,
    "_==_": _binary(lambda a, b: a == b),
    "_!=_": _binary(lambda a, b: a != b),
    "_<_": _binary(lambda a, b: a < b),
    "_<=_": _binary(lambda a, b: a <= b),
    "_>_": _binary(lambda a, b: a > b),
    "_>=_": _binary(lambda a, b: a >= b),
    "_+_": _binary(lambda a, b: a + b),
    "_-_": _binary(lambda a, b: a - b),
    "_*_": _binary(lambda a, b: a * b),
    "_/_": _divide,
    "_%_": _remainder,
    "_in_": _in,
    "double": _unary(lambda a: a.cast(nw.Float64)),
    "int": _to_int,
    "string": _unary(lambda a: a.cast(nw.String)),
    "size": _size,
    "startsWith": _text_test(lambda a, part: a.str.starts_with(part)),
    "endsWith": _text_test(lambda a, part: a.str.ends_with(part)),
    "contains": _text_test(lambda a, part: a.str.contains(part, literal=True)),
    "getFullYear": _unary(lambda a: a.dt.year().cast(nw.Int64)),
}

_SIMPLE: Mapping[str, Type] = {
    "int": Type(Kind.INT, True, -(10**15), 10**15),
    "float": DOUBLE,
    "str": STRING,
    "bool": BOOL,
}


class _TableEmitter(Emitter):
    """Columns of any file: numbers of every width are taken as the widest, so that none overflows."""

    def _field(self, field: Field) -> nw.Expr:
        kind = field.type.kind
        if kind is Kind.INT:
            return nw.col(field.name).cast(nw.Int64)
        if kind is Kind.DOUBLE:
            return within(nw.col(field.name).cast(nw.Float64), LARGEST_READ)
        return nw.col(field.name)


def compile_table_expression(text: str, columns: Mapping[str, str]) -> nw.Expr:
    """A CEL expression over the columns of any one table, unknown as null.

    `columns` gives each column's type: int, float, str or bool. A table has no date, so `on` is not a name
    here. Raises CelError with line and column.
    """
    known = {name: FieldInfo(_SIMPLE[kind]) for name, kind in columns.items()}
    scope = Scope(on=date.min, household=known)
    expr = check(text, scope)
    for node in walk(expr):
        if isinstance(node, Const) and node.name == "on":
            raise CelError(
                "A table has no date `on`",
                node.at.line,
                node.at.column,
                do='Write date("2019-09-30")',
            )
    return _TableEmitter(date.min, lambda field: field.name).emit(expr)
