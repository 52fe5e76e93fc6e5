"""From the untyped tree to the typed one: names resolved, types agreed, everything else refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from jingzhun.policy.cel import operators
from jingzhun.policy.cel.errors import CelError
from jingzhun.policy.cel.limits import refuse_too_large
from jingzhun.policy.cel.names import Names
from jingzhun.policy.cel.numbers import bounded, decimal, literal, refuse
from jingzhun.policy.cel.parse import Raw, parse
from jingzhun.policy.cel.scope import Scope
from jingzhun.policy.cel.tree import (
    BOOL,
    DATE,
    MAX_MEMBERS,
    Call,
    Const,
    Dated,
    Expr,
    Field,
    Fold,
    FoldKind,
    Has,
    Kind,
    Type,
    folds,
)

MACROS = ("exists", "all", "exists_one")


def check(text: str, scope: Scope) -> Expr:
    """The typed tree of `text` in `scope`; CelError says where and what to write instead."""
    try:
        expr = _Checker(scope).expr(parse(text), None)
        refuse_too_large(expr)
    except RecursionError:
        raise CelError(
            "The expression is nested too deeply", 1, 1, do="Split it into definitions"
        ) from None
    if expr.type.kind is Kind.STRINGS:
        raise refuse(
            expr.at,
            "An expression must give one value, not a list",
            do='Write size(x), or  "01" in x',
        )
    return expr


def check_bool(text: str, scope: Scope) -> Expr:
    """Like `check`, for an expression that must be true or false."""
    expr = check(text, scope)
    if expr.type.kind is not Kind.BOOL:
        raise CelError(
            f"A condition must be true or false; this gives {expr.type.kind.value}",
            expr.at.line,
            expr.at.column,
            do="Compare it with something, as in  household_size >= 2",
        )
    return expr


def check_number(text: str, scope: Scope) -> Expr:
    """Like `check`, for an expression that must be a number."""
    expr = check(text, scope)
    if not expr.type.is_number:
        raise CelError(
            f"A number is needed; this gives {expr.type.kind.value}",
            expr.at.line,
            expr.at.column,
            do="Write  condition ? 100 : 0" if expr.type.kind is Kind.BOOL else "Give a number",
        )
    return expr


@dataclass(frozen=True)
class _People:
    """A list of members under construction: filtered, and perhaps mapped to numbers."""

    where: Expr | None = None
    mapped: Expr | None = None


class _Checker:
    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.names = Names(scope)
        self.forms: dict[str, Callable[[Raw, str | None], Expr]] = {
            "literal": lambda raw, _: literal(raw.word, raw.at),
            "name": self.names.bare,
            "select": self.names.field,
            "call": self._call,
            "function": self._function,
            "method": self._method,
            "list": self._list,
        }

    def expr(self, raw: Raw, person: str | None) -> Expr:
        """The typed form of `raw`; `person` is the macro variable in force, if any."""
        return self.forms[raw.kind](raw, person)

    # -- operators and functions --------------------------------------------------------------

    def _call(self, raw: Raw, person: str | None) -> Expr:
        if raw.word == "_in_":
            return self._in(raw, person)
        args = tuple(self.expr(part, person) for part in raw.parts)
        return operators.apply(str(raw.word), args, raw.at)

    def _in(self, raw: Raw, person: str | None) -> Expr:
        item, container = raw.parts
        left = self.expr(item, person)
        if container.kind == "list":
            values = [self.expr(part, person) for part in container.parts]
            return operators.member_of_list(left, values, raw.at)
        return operators.member_of(left, self.expr(container, person), raw.at)

    def _list(self, raw: Raw, person: str | None) -> Expr:  # noqa: ARG002
        raise refuse(raw.at, "A list can only stand after `in`", do='Write  x in ["a", "b"]')

    def _function(self, raw: Raw, person: str | None) -> Expr:
        name = str(raw.word)
        if name == "has":
            return self._has(raw, person)
        if name == "size" and len(raw.parts) == 1 and _starts_with_members(raw.parts[0]):
            return self._fold("size", self._people(raw.parts[0], person), None, raw)
        args = tuple(self.expr(part, person) for part in raw.parts)
        if name in ("date", "timestamp"):
            return _date(args, raw)
        return operators.function(name, args, raw.at)

    def _has(self, raw: Raw, person: str | None) -> Expr:
        if len(raw.parts) != 1 or raw.parts[0].kind != "select":
            raise refuse(
                raw.at,
                "has() takes one field with its owner",
                do="Write has(household.x), has(village.x) or, in a macro, has(m.x)",
            )
        found = self.names.field(raw.parts[0], person)
        if not isinstance(found, Field):
            raise refuse(
                raw.at,
                "has() asks about a stored field, not about a definition",
                do="Ask has() about the fields that the definition uses",
            )
        return Has(found, BOOL.known(), raw.at)

    def _method(self, raw: Raw, person: str | None) -> Expr:
        owner, name = raw.parts[0], str(raw.word)
        if not _starts_with_members(owner):
            args = tuple(self.expr(part, person) for part in raw.parts)
            return operators.method(name, args, raw.at)
        people = self._people(owner, person)
        if name in MACROS:
            if people.mapped is not None:
                raise refuse(
                    raw.at, f"{name}() can't follow map()", do="Put the condition on m itself"
                )
            return self._fold(_fold_kind(name), people, self._macro_body(raw), raw)
        if name in ("size", "sum") and len(raw.parts) == 1:
            return self._fold(_fold_kind(name), people, people.mapped, raw)
        raise refuse(
            raw.at,
            f"A list of members has no {name}() here",
            do="Use exists, all, exists_one, filter, map(...).sum() or size()",
        )

    # -- members ------------------------------------------------------------------------------

    def _people(self, raw: Raw, person: str | None) -> _People:
        if person is not None:
            raise refuse(
                raw.at,
                "members can't be used inside a macro over members",
                do="Make the inner part a definition of its own",
            )
        if raw.kind == "name":
            return _People()
        before = self._people(raw.parts[0], person)
        if before.mapped is not None:
            raise refuse(
                raw.at, f"{raw.word}() can't follow map()", do="Put filter() first, map() last"
            )
        body = self._macro_body(raw)
        if raw.word == "filter":
            _need_bool(body, raw)
            both = body if before.where is None else operators.nested_filter(before.where, body)
            return _People(both)
        if raw.word == "map":
            return _People(before.where, body)
        raise refuse(raw.at, f"{raw.word}() does not give a list of members")

    def _macro_body(self, raw: Raw) -> Expr:
        if len(raw.parts) != 3 or raw.parts[1].kind != "name":
            raise refuse(
                raw.at,
                f"{raw.word}() takes a name and an expression",
                do=f"Write members.{raw.word}(m, m.age < 16)",
            )
        name = str(raw.parts[1].word)
        if not self.names.may_name_person(name):
            raise refuse(raw.parts[1].at, f"The name '{name}' has another meaning here", do="Use p")
        return self.expr(raw.parts[2], name)

    def _fold(self, kind: FoldKind, people: _People, body: Expr | None, raw: Raw) -> Expr:
        if not self.scope.member:
            raise refuse(
                raw.at,
                f"A {self.scope.subject} has no members here",
                do="Use the counts given, such as poor_persons",
            )
        if kind in MACROS:
            assert body is not None  # _macro_body gives one  # noqa: S101
            _need_bool(body, raw)
        if any(folds(part) for part in (people.where, body) if part is not None):
            raise refuse(
                raw.at,
                "A condition on one member uses a definition that is itself about all members",
                do="Compare outside the macro, or give the member's own columns",
            )
        if kind == "size" and people.mapped is not None:
            raise refuse(raw.at, "size() of a map is the size of the list", do="Leave map() out")
        return Fold(kind, people.where, body, _fold_type(kind, body, raw), raw.at)


def _fold_kind(name: str) -> FoldKind:
    kinds: dict[str, FoldKind] = {
        "exists": "exists",
        "all": "all",
        "exists_one": "exists_one",
        "size": "size",
        "sum": "sum",
    }
    return kinds[name]


def _starts_with_members(raw: Raw) -> bool:
    """Whether `raw` is `members` or a filter or map over it."""
    while raw.kind == "method" and raw.word in ("filter", "map"):
        raw = raw.parts[0]
    return raw.kind == "name" and raw.word == "members"


def _need_bool(body: Expr, raw: Raw) -> None:
    if body.type.kind is not Kind.BOOL:
        raise refuse(
            raw.at,
            f"The condition in {raw.word}() gives {body.type.kind.value}, not true or false",
            do=f"Write members.{raw.word}(m, m.age < 16)",
        )


def _fold_type(kind: FoldKind, body: Expr | None, raw: Raw) -> Type:
    if kind in MACROS:
        return BOOL
    if kind == "size":
        return Type(Kind.INT, True, 0, MAX_MEMBERS)
    if body is None or not body.type.is_number:
        raise refuse(raw.at, "sum() needs numbers", do="Write members.map(m, m.work_months).sum()")
    if body.type.kind is Kind.DOUBLE:
        least, most = min(0.0, body.type.least), max(0.0, body.type.most)
        return decimal(least * MAX_MEMBERS, most * MAX_MEMBERS, True)
    low, high = min(0, body.type.low * MAX_MEMBERS), max(0, body.type.high * MAX_MEMBERS)
    return bounded(low, high, True, raw.at)


def _date(args: tuple[Expr, ...], raw: Raw) -> Const:
    value = args[0].value if len(args) == 1 and isinstance(args[0], Const) else None
    if isinstance(value, str):
        try:
            return Const(
                date.fromisoformat(value.removesuffix("T00:00:00Z")), DATE.known(), None, raw.at
            )
        except ValueError:
            pass
    raise refuse(raw.at, f"{raw.word}() takes one date", do='Write date("2019-09-30")')


__all__ = ["Call", "Dated", "check", "check_bool", "check_number"]
