"""What a name in an expression stands for, and what was probably meant where it stands for nothing."""

from __future__ import annotations

import difflib
from dataclasses import replace

from jingzhun.policy.cel.errors import CelError
from jingzhun.policy.cel.numbers import LARGEST_READ, refuse
from jingzhun.policy.cel.parse import Raw
from jingzhun.policy.cel.scope import Scope
from jingzhun.policy.cel.tree import Call, Expr, Field, Kind, Owner, Type, children

OWNERS = ("household", "village")


class Names:
    """The names of a scope. `person` is the macro variable in force, if any."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def bare(self, raw: Raw, person: str | None) -> Expr:
        """What a name without a dot stands for."""
        name, scope = str(raw.word), self.scope
        if name == "on":
            return replace(scope.today(), at=raw.at)
        if name in scope.household:
            return Field("household", name, _as_read(scope.household[name].type), raw.at)
        if name in scope.parameters:
            return replace(scope.parameters[name], at=raw.at)
        if name in scope.definitions:
            return self._definition(raw, person)
        raise self._no_value(raw, person)

    def field(self, raw: Raw, person: str | None) -> Expr:
        """What `owner.name` stands for: a stored field, or a definition about one person."""
        owner = raw.parts[0]
        if owner.kind != "name":
            raise refuse(
                raw.at, "Only one dot is possible", do="Write household.x, village.x or m.x"
            )
        name = str(owner.word)
        if person is not None and name == self.scope.member_name:
            raise refuse(
                owner.at,
                f"Inside a macro over members, '{name}' (the person judged) can't be asked",
                do="Compare outside the macro",
            )
        if name in (person, self.scope.member_name):
            return self._owned("member", raw, name)
        if name in OWNERS and self.scope.owner(_owner(name)):
            return self._owned(_owner(name), raw, name)
        raise self._no_owner(raw, person)

    def may_name_person(self, name: str) -> bool:
        """Whether a macro may call its person by this name."""
        taken = (*self.scope.names(), *OWNERS, self.scope.member_name)
        return name not in taken

    def _definition(self, raw: Raw, person: str | None) -> Expr:
        found = self.scope.definitions[str(raw.word)]
        if person is not None and _asks_one_person(found):
            raise refuse(
                raw.at,
                f"The definition {raw.word} is about the person judged, not about {person}",
                do="Make it a definition of level person",
            )
        return replace(found, at=raw.at)

    def _owned(self, owner: Owner, raw: Raw, written: str) -> Expr:
        known = self.scope.owner(owner)
        name = str(raw.word)
        if owner == "member" and name in self.scope.member_definitions:
            return replace(self.scope.member_definitions[name], at=raw.at)
        if name in known:
            return Field(owner, name, _as_read(known[name].type), raw.at)
        what = {"member": "person"}.get(owner, owner)
        if owner != "household" and name in self.scope.household:
            do = f"It is a field of the household: write {name}"
        else:
            offered = [*known, *(self.scope.member_definitions if owner == "member" else ())]
            do = _near(name, offered, f"{written}.")
        raise refuse(raw.at, f"There is no field '{name}' of the {what}", do=do)

    def _no_value(self, raw: Raw, person: str | None) -> CelError:
        name = str(raw.word)
        if name == "members" and self.scope.member:
            return refuse(
                raw.at, "members is a list", do="Write members.exists(m, ...), size(members) ..."
            )
        if name in (person, self.scope.member_name):
            return refuse(raw.at, f"'{name}' is a person, not a value", do=f"Write {name}.<column>")
        if name in OWNERS and self.scope.owner(_owner(name)):
            return refuse(raw.at, f"'{name}' is not a value", do=f"Write {name}.<column>")
        return refuse(raw.at, f"There is no name '{name}' here", do=self._meant(name, person))

    def _meant(self, name: str, person: str | None) -> str:
        if name in self.scope.member or name in self.scope.member_definitions:
            seen = person or self.scope.member_name
            return f"Write {seen}.{name}" if seen else f"Write members.exists(m, m.{name} ...)"
        if name in self.scope.village:
            return f"Write village.{name}"
        if name.lower() in ("true", "false", "none", "null"):
            return "Write true, false, or has(household.x) for 'is known'"
        return _near(name, self.scope.names())

    def _no_owner(self, raw: Raw, person: str | None) -> CelError:
        owner, word = raw.parts[0], str(raw.word)
        name, scope = str(owner.word), self.scope
        if name in scope.names() and name != "members":
            do = "Write on.getFullYear() for its year" if name == "on" else "Leave the dot out"
            return refuse(owner.at, f"{name} is a value and has no fields", do=do)
        if name == "members":
            return refuse(
                owner.at, "members is a list", do=f"Write members.exists(m, m.{word} ...)"
            )
        if person is None and word in (*scope.member, *scope.member_definitions):
            do = f"Write members.exists({name}, {name}.{word} ...)"
        else:
            people = [person or scope.member_name or "m"] if scope.member else []
            known = [*(o for o in OWNERS if scope.owner(_owner(o))), *people]
            do = f"Write one of {', '.join(known)} before the dot"
        return refuse(owner.at, f"'{name}' has no fields here", do=do)


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
    return isinstance(expr, Call) and any(_asks_one_person(part) for part in children(expr))
