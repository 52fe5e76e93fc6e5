"""What a name in an expression stands for, and what was probably meant where it stands for nothing."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, replace

from jingzhun.policy.cel.errors import CelError
from jingzhun.policy.cel.numbers import LARGEST_READ, refuse
from jingzhun.policy.cel.parse import Raw
from jingzhun.policy.cel.scope import Scope
from jingzhun.policy.cel.tree import Call, Expr, Field, Fold, Kind, Owner, Type, children

OWNERS = ("household", "village")


@dataclass(frozen=True)
class Inside:
    """The macro variables in force: that of a macro over members, and of one over records of `table`."""

    person: str | None = None
    record: str | None = None
    table: str = ""


OUTSIDE = Inside()


class Names:
    """The names of a scope, as they are read inside of macros and outside."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def bare(self, raw: Raw, inside: Inside) -> Expr:
        """What a name without a dot stands for."""
        name, scope = str(raw.word), self.scope
        if name == "on":
            return replace(scope.today(), at=raw.at)
        if name in scope.household:
            return Field("household", name, _as_read(scope.household[name].type), raw.at)
        if name in scope.parameters:
            return replace(scope.parameters[name], at=raw.at)
        if name in scope.definitions:
            return self._definition(raw, inside.person)
        raise self._no_value(raw, inside)

    def field(self, raw: Raw, inside: Inside) -> Expr:
        """What `owner.name` stands for: a stored field, or a definition about one person."""
        owner = raw.parts[0]
        if owner.kind != "name":
            raise refuse(
                raw.at, "Only one dot is possible", do="Write household.x, village.x or m.x"
            )
        name = str(owner.word)
        if name == inside.record:
            return self._owned("record", raw, name, inside)
        if self.is_person(owner, inside):
            if str(raw.word) in self.scope.records and not self._is_of_person(str(raw.word)):
                raise self._is_list(raw, f"{name}.{raw.word}")
            return self._owned("member", raw, name, inside)
        if name in OWNERS and self.scope.owner(_owner(name)):
            return self._owned(_owner(name), raw, name, inside)
        if name == self.scope.subject == "record":
            return self._owned("household", raw, name, inside)
        raise self.no_owner(raw, inside)

    def is_person(self, owner: Raw, inside: Inside) -> bool:
        """Whether `owner` names the person asked here; CelError when it names the one who can't be."""
        name = str(owner.word)
        if inside.person is not None and name == self.scope.member_name:
            raise refuse(
                owner.at,
                f"Inside a macro over members, '{name}' (the person judged) can't be asked",
                do="Compare outside the macro",
            )
        return name in (inside.person, self.scope.member_name)

    def may_name(self, name: str, inside: Inside) -> bool:
        """Whether a macro may call its person or record by this name."""
        taken = (*self.scope.names(), *OWNERS, self.scope.member_name, inside.person)
        return name not in taken

    def _is_of_person(self, name: str) -> bool:
        return name in self.scope.member or name in self.scope.member_definitions

    def _is_list(self, raw: Raw, written: str) -> CelError:
        do = f"Write {written}.exists(r, ...), {written}.filter(r, ...).size() ..."
        return refuse(raw.at, f"{written} is a list of records", do=do)

    def _definition(self, raw: Raw, person: str | None) -> Expr:
        found = self.scope.definitions[str(raw.word)]
        if person is not None and _asks_one_person(found):
            raise refuse(
                raw.at,
                f"The definition {raw.word} is about the person judged, not about {person}",
                do="Make it a definition of level person",
            )
        return replace(found, at=raw.at)

    def _owned(self, owner: Owner, raw: Raw, written: str, inside: Inside) -> Expr:
        table = inside.table if owner == "record" else ""
        known = self.scope.owner(owner, table)
        name = str(raw.word)
        if owner == "member" and name in self.scope.member_definitions:
            return replace(self.scope.member_definitions[name], at=raw.at)
        if name in known:
            return Field(owner, name, _as_read(known[name].type), raw.at, table)
        what = {"member": "person", "record": f"record in {table}"}.get(owner, written)
        person = inside.person or self.scope.member_name
        if owner != "household" and name in self.scope.household:
            do = f"It is a field of the household: write {name}"
        elif owner == "record" and person and self._is_of_person(name):
            do = f"It is a field of the person: write {person}.{name}"
        else:
            of_person = (*self.scope.member_definitions, *self.scope.records)
            offered = [*known, *(of_person if owner == "member" else ())]
            do = _near(name, offered, f"{written}.")
        raise refuse(raw.at, f"There is no field '{name}' of the {what}", do=do)

    def _no_value(self, raw: Raw, inside: Inside) -> CelError:
        name = str(raw.word)
        if name == "members" and self.scope.member:
            return refuse(
                raw.at, "members is a list", do="Write members.exists(m, ...), size(members) ..."
            )
        if name in (inside.person, self.scope.member_name, inside.record):
            what = "record" if name == inside.record else "person"
            return refuse(raw.at, f"'{name}' is a {what}, not a value", do=f"Write {name}.<column>")
        if name in OWNERS and self.scope.owner(_owner(name)):
            return refuse(raw.at, f"'{name}' is not a value", do=f"Write {name}.<column>")
        return refuse(raw.at, f"There is no name '{name}' here", do=self._meant(name, inside))

    def _meant(self, name: str, inside: Inside) -> str:
        seen = inside.person or self.scope.member_name
        if inside.record and name in self.scope.records[inside.table]:
            return f"Write {inside.record}.{name}"
        if name in self.scope.records:
            return _records_of(name, seen)
        if self._is_of_person(name):
            return f"Write {seen}.{name}" if seen else f"Write members.exists(m, m.{name} ...)"
        if name in self.scope.village:
            return f"Write village.{name}"
        if name.lower() in ("true", "false", "none", "null"):
            return "Write true, false, or has(household.x) for 'is known'"
        return _near(name, self.scope.names())

    def no_owner(self, raw: Raw, inside: Inside) -> CelError:
        """The error for `owner.name` where the owner is nothing that has fields."""
        owner, word = raw.parts[0], str(raw.word)
        name, scope = str(owner.word), self.scope
        if name in scope.names() and name != "members":
            do = "Write on.getFullYear() for its year" if name == "on" else "Leave the dot out"
            return refuse(owner.at, f"{name} is a value and has no fields", do=do)
        seen = inside.person or scope.member_name
        if name == "members":
            example = f"m.{word}.exists(r, ...)" if word in scope.records else f"m.{word} ..."
            return refuse(owner.at, "members is a list", do=f"Write members.exists(m, {example})")
        if word in scope.records and not self._is_of_person(word):
            do = _records_of(word, seen)
        elif inside == OUTSIDE and self._is_of_person(word):
            do = f"Write members.exists({name}, {name}.{word} ...)"
        else:
            people = [seen or "m"] if scope.member else []
            records = [inside.record] if inside.record else []
            own = ["record"] if scope.subject == "record" else OWNERS
            known = [*(o for o in own if scope.owner(_owner(o))), *people, *records]
            do = f"Write one of {', '.join(known)} before the dot"
        return refuse(owner.at, f"'{name}' has no fields here", do=do)


def _records_of(table: str, person: str | None) -> str:
    """What to write to ask the records of a table."""
    inner = f"{person or 'm'}.{table}.exists(r, ...)"
    return f"Write {inner}" if person else f"Write members.exists(m, {inner})"


def _near(name: str, known: list[str], prefix: str = "") -> str:
    near = [prefix + word for word in difflib.get_close_matches(name, known, n=3)]
    return f"Did you mean {', '.join(near)}?" if near else "`jingzhun schema` lists the columns"


def _owner(name: str) -> Owner:
    return "village" if name == "village" else "household"


def _as_read(kind: Type) -> Type:
    """The type of a stored value as evaluators see it: decimals are bounded by what counts as known."""
    if kind.kind is not Kind.DOUBLE:
        return kind
    return replace(kind, nullable=True, least=-LARGEST_READ, most=LARGEST_READ)


def _asks_one_person(expr: Expr) -> bool:
    """Whether the expression reads a person outside of any macro."""
    if isinstance(expr, Field):
        return expr.owner == "member"
    if isinstance(expr, Fold):
        return bool(expr.table)
    return isinstance(expr, Call) and any(_asks_one_person(part) for part in children(expr))
