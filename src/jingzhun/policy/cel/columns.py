"""The compiler's inner half: a typed tree becomes one expression over columns, unknown as null."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

import narwhals as nw

from jingzhun.policy.cel.check import check
from jingzhun.policy.cel.scope import FieldInfo, Scope
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
)
from jingzhun.policy.cel.virtual import EXPRESSIONS, latest_birth_date

LARGEST_WHOLE_DOUBLE = 2.0**53


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

    def _make(self, expr: Expr) -> nw.Expr:
        match expr:
            case Const():
                return nw.lit(expr.value)
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
        chosen = nw.lit(expr.default)
        # Shortest prefix first, so that the most specific area is asked last and wins.
        for area, value in reversed(expr.overrides):
            inside = nw.col(self.area).str.starts_with(area)
            chosen = nw.when(inside).then(nw.lit(value)).otherwise(chosen)
        return chosen

    def _field(self, field: Field) -> nw.Expr:
        make = EXPRESSIONS.get(field.name) if field.owner == "member" else None
        if make is not None:
            return make(lambda name: nw.col(self.column(_stored(field, name))), self.on)
        column = nw.col(self.column(field))
        # NaN is no number: it is what other tools write for "not known".
        return column.fill_nan(None) if field.type.kind is Kind.DOUBLE else column

    def _call(self, expr: Call) -> nw.Expr:
        age = self._age_comparison(expr)
        if age is not None:
            return age
        return _MAKERS[expr.op](self, expr)

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


def _divide(emitter: Emitter, call: Call) -> nw.Expr:
    a, b = call.args
    left, right = emitter.emit(a), _nonzero(emitter, b)
    if a.type.kind is Kind.DOUBLE:
        return left / right
    return _truncating(left, right, a.type.low >= 0 and b.type.low >= 0)


def _remainder(emitter: Emitter, call: Call) -> nw.Expr:
    a, b = call.args
    left, right = emitter.emit(a), _nonzero(emitter, b)
    quotient = _truncating(left, right, a.type.low >= 0 and b.type.low >= 0)
    return left - quotient * right


def _nonzero(emitter: Emitter, divisor: Expr) -> nw.Expr:
    """The divisor, null where it is zero: a household of nobody has no income per head."""
    made = emitter.emit(divisor)
    if isinstance(divisor, Const) and divisor.value != 0:
        return made
    if divisor.type.kind is Kind.INT and (divisor.type.low > 0 or divisor.type.high < 0):
        return made
    return nw.when(made != 0).then(made)


def _truncating(left: nw.Expr, right: nw.Expr, never_negative: bool) -> nw.Expr:
    """Whole-number division towards zero, as CEL has it; `//` alone rounds down."""
    if never_negative:
        return left // right
    size = left.abs() // right.abs()
    return nw.when((left < 0) == (right < 0)).then(size).otherwise(-size)


def _to_int(emitter: Emitter, call: Call) -> nw.Expr:
    value = emitter.emit(call.args[0])
    fits = value.abs() < LARGEST_WHOLE_DOUBLE
    return nw.when(fits).then(value).cast(nw.Int64)


def _in(emitter: Emitter, call: Call) -> nw.Expr:
    item, container = call.args
    if isinstance(container, Const) and isinstance(container.value, tuple):
        return emitter.emit(item).is_in(list(container.value))
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


def compile_table_expression(text: str, columns: Mapping[str, str]) -> nw.Expr:
    """A CEL expression over the columns of any one table, unknown as null.

    `columns` gives each column's type: int, float, str or bool. Raises CelError with line and column.
    """
    known = {name: FieldInfo(_SIMPLE[kind]) for name, kind in columns.items()}
    scope = Scope(on=date.min, household=known)
    return Emitter(date.min, lambda field: field.name).emit(check(text, scope))
