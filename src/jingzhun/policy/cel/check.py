"""From the untyped tree to the typed one: names resolved, types agreed, everything else refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from jingzhun.policy.cel import operators
from jingzhun.policy.cel.errors import CelError
from jingzhun.policy.cel.limits import refuse_too_large
from jingzhun.policy.cel.names import OUTSIDE, Inside, Names
from jingzhun.policy.cel.numbers import bounded, decimal, literal, refuse
from jingzhun.policy.cel.parse import Raw, parse
from jingzhun.policy.cel.scope import Scope
from jingzhun.policy.cel.tree import (
    BOOL,
    DATE,
    MAX_MEMBERS,
    MAX_RECORDS,
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
    record_folds,
)

MACROS = ("exists", "all", "exists_one")


def check(text: str, scope: Scope) -> Expr:
    """The typed tree of `text` in `scope`; CelError says where and what to write instead."""
    try:
        expr = _Checker(scope).expr(parse(text), OUTSIDE)
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
class _Items:
    """A list under construction: members, or a member's records in `table`; filtered, perhaps mapped.

    `written` is how the text calls the list.
    """

    written: str
    table: str = ""
    where: Expr | None = None
    mapped: Expr | None = None

    @property
    def example(self) -> str:
        """A condition on one of its items, for advice."""
        return "(r, r.<column> ...)" if self.table else "(m, m.age < 16)"


class _Checker:
    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.names = Names(scope)
        self.forms: dict[str, Callable[[Raw, Inside], Expr]] = {
            "literal": lambda raw, _: literal(raw.word, raw.at),
            "name": self.names.bare,
            "select": self.names.field,
            "call": self._call,
            "function": self._function,
            "method": self._method,
            "list": self._list,
        }

    def expr(self, raw: Raw, inside: Inside) -> Expr:
        """The typed form of `raw`, as it is read inside of these macros."""
        return self.forms[raw.kind](raw, inside)

    # -- operators and functions --------------------------------------------------------------

    def _call(self, raw: Raw, inside: Inside) -> Expr:
        if raw.word == "_in_":
            return self._in(raw, inside)
        args = tuple(self.expr(part, inside) for part in raw.parts)
        return operators.apply(str(raw.word), args, raw.at)

    def _in(self, raw: Raw, inside: Inside) -> Expr:
        item, container = raw.parts
        left = self.expr(item, inside)
        if container.kind == "list":
            values = [self.expr(part, inside) for part in container.parts]
            return operators.member_of_list(left, values, raw.at)
        return operators.member_of(left, self.expr(container, inside), raw.at)

    def _list(self, raw: Raw, inside: Inside) -> Expr:  # noqa: ARG002
        raise refuse(raw.at, "A list can only stand after `in`", do='Write  x in ["a", "b"]')

    def _function(self, raw: Raw, inside: Inside) -> Expr:
        name = str(raw.word)
        if name == "has":
            return self._has(raw, inside)
        if name == "size" and len(raw.parts) == 1 and self._is_list(raw.parts[0]):
            return self._fold("size", self._items(raw.parts[0], inside), None, raw)
        args = tuple(self.expr(part, inside) for part in raw.parts)
        if name in ("date", "timestamp"):
            return _date(args, raw)
        return operators.function(name, args, raw.at)

    def _has(self, raw: Raw, inside: Inside) -> Expr:
        if len(raw.parts) != 1 or raw.parts[0].kind != "select":
            raise refuse(
                raw.at,
                "has() takes one field with its owner",
                do="Write has(household.x), has(village.x) or, in a macro, has(m.x)",
            )
        found = self.names.field(raw.parts[0], inside)
        if not isinstance(found, Field):
            raise refuse(
                raw.at,
                "has() asks about a stored field, not about a definition",
                do="Ask has() about the fields that the definition uses",
            )
        return Has(found, BOOL.known(), raw.at)

    def _method(self, raw: Raw, inside: Inside) -> Expr:
        owner, name = raw.parts[0], str(raw.word)
        if not self._is_list(owner):
            args = tuple(self.expr(part, inside) for part in raw.parts)
            return operators.method(name, args, raw.at)
        items = self._items(owner, inside)
        if name in MACROS:
            if items.mapped is not None:
                one = "the record" if items.table else "m"
                raise refuse(
                    raw.at, f"{name}() can't follow map()", do=f"Put the condition on {one} itself"
                )
            return self._fold(_fold_kind(name), items, self._macro_body(raw, items, inside), raw)
        if name in ("size", "sum") and len(raw.parts) == 1:
            return self._fold(_fold_kind(name), items, items.mapped, raw)
        raise refuse(
            raw.at,
            f"A list of {'records' if items.table else 'members'} has no {name}() here",
            do="Use exists, all, exists_one, filter, map(...).sum() or size()",
        )

    # -- lists: members, and a member's records ------------------------------------------------

    def _is_list(self, raw: Raw) -> bool:
        """Whether `raw` is `members`, a person's records, or a filter or map over one of them."""
        while raw.kind == "method" and raw.word in ("filter", "map"):
            raw = raw.parts[0]
        is_records = raw.kind == "select" and raw.word in self.scope.records
        return is_records or (raw.kind == "name" and raw.word == "members")

    def _items(self, raw: Raw, inside: Inside) -> _Items:
        if raw.kind == "select":
            return self._records(raw, inside)
        if raw.kind == "name":
            return self._members(raw, inside)
        before = self._items(raw.parts[0], inside)
        if before.mapped is not None:
            raise refuse(
                raw.at, f"{raw.word}() can't follow map()", do="Put filter() first, map() last"
            )
        body = self._macro_body(raw, before, inside)
        if raw.word == "map":
            return replace(before, mapped=body)
        _need_bool(body, before, raw)
        both = body if before.where is None else operators.nested_filter(before.where, body)
        return replace(before, where=both)

    def _members(self, raw: Raw, inside: Inside) -> _Items:
        if inside != OUTSIDE:
            what = "members" if inside.record is None else "records"
            raise refuse(
                raw.at,
                f"members can't be used inside a macro over {what}",
                do="Make the inner part a definition of its own",
            )
        return _Items("members")

    def _records(self, raw: Raw, inside: Inside) -> _Items:
        owner, table = raw.parts[0], str(raw.word)
        if owner.kind != "name" or not self.names.is_person(owner, inside):
            raise self.names.no_owner(raw, inside)
        if inside.record is not None:
            raise refuse(
                raw.at,
                "One macro over records can't stand inside another",
                do=f"Join them outside:  ... && {owner.word}.{table}.exists(r, ...)",
            )
        return _Items(f"{owner.word}.{table}", table)

    def _macro_body(self, raw: Raw, items: _Items, inside: Inside) -> Expr:
        if len(raw.parts) != 3 or raw.parts[1].kind != "name":
            raise refuse(
                raw.at,
                f"{raw.word}() takes a name and an expression",
                do=f"Write {items.written}.{raw.word}{items.example}",
            )
        name = str(raw.parts[1].word)
        if not self.names.may_name(name, inside):
            other = "r" if items.table else "p"
            raise refuse(
                raw.parts[1].at, f"The name '{name}' has another meaning here", do=f"Use {other}"
            )
        if items.table:
            return self.expr(raw.parts[2], replace(inside, record=name, table=items.table))
        return self.expr(raw.parts[2], Inside(person=name))

    def _fold(self, kind: FoldKind, items: _Items, body: Expr | None, raw: Raw) -> Expr:
        if not self.scope.member:
            raise refuse(
                raw.at,
                f"A {self.scope.subject} has no members here",
                do="Use the counts given, such as poor_persons",
            )
        if kind in MACROS:
            assert body is not None  # _macro_body gives one  # noqa: S101
            _need_bool(body, items, raw)
        _refuse_inner([part for part in (items.where, body) if part is not None], items, raw)
        if kind == "size" and items.mapped is not None:
            raise refuse(raw.at, "size() of a map is the size of the list", do="Leave map() out")
        kind_of = _fold_type(kind, items, body, raw)
        return Fold(kind, items.where, body, kind_of, raw.at, items.table)


def _refuse_inner(parts: list[Expr], items: _Items, raw: Raw) -> None:
    """CelError when a condition on one item is itself about a whole list that can't stand there."""
    if any(folds(part) for part in parts):
        raise refuse(
            raw.at,
            f"A condition on one {'record' if items.table else 'member'} uses a definition that is "
            "itself about all members",
            do="Compare outside the macro, or give the member's own columns",
        )
    if items.table and any(record_folds(part) for part in parts):
        raise refuse(
            raw.at,
            "A condition on one record uses a definition that is itself about records",
            do="Join the two with && outside the macro",
        )


def _fold_kind(name: str) -> FoldKind:
    kinds: dict[str, FoldKind] = {
        "exists": "exists",
        "all": "all",
        "exists_one": "exists_one",
        "size": "size",
        "sum": "sum",
    }
    return kinds[name]


def _need_bool(body: Expr, items: _Items, raw: Raw) -> None:
    if body.type.kind is not Kind.BOOL:
        raise refuse(
            raw.at,
            f"The condition in {raw.word}() gives {body.type.kind.value}, not true or false",
            do=f"Write {items.written}.{raw.word}{items.example}",
        )


def _fold_type(kind: FoldKind, items: _Items, body: Expr | None, raw: Raw) -> Type:
    rows = MAX_RECORDS if items.table else MAX_MEMBERS
    if kind in MACROS:
        return BOOL
    if kind == "size":
        return Type(Kind.INT, True, 0, rows)
    if body is None or not body.type.is_number:
        column = "(r, r.<column>)" if items.table else "(m, m.work_months)"
        raise refuse(raw.at, "sum() needs numbers", do=f"Write {items.written}.map{column}.sum()")
    if body.type.kind is Kind.DOUBLE:
        least, most = min(0.0, body.type.least), max(0.0, body.type.most)
        return decimal(least * rows, most * rows, True)
    low, high = min(0, body.type.low * rows), max(0, body.type.high * rows)
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
