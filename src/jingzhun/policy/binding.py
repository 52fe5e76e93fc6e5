"""Names bound to meanings: a pack's parameters and definitions, on a date, as a scope for expressions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from graphlib import CycleError, TopologicalSorter

from jingzhun.errors import PackError
from jingzhun.policy.cel.check import check
from jingzhun.policy.cel.errors import CelError
from jingzhun.policy.cel.operators import dated
from jingzhun.policy.cel.parse import Raw, parse
from jingzhun.policy.cel.scope import FieldInfo, Scope, standard_scope
from jingzhun.policy.cel.tree import Const, Dated, Kind, Type, Value
from jingzhun.standard import schema


@dataclass(frozen=True)
class Named:
    """A definition as text: what `id` stands for, for a `household`, `person`, `village` or `county`."""

    id: str
    expression: str
    level: str = "household"


@dataclass(frozen=True)
class DatedValue:
    """A parameter on one date: its value, and other values by area prefix."""

    name: str
    value: Value | tuple[Value, ...]
    overrides: tuple[tuple[str, Value], ...] = ()


class DefinitionError(PackError):
    """A definition that can't be accepted; `id` says which, the cause says where in it."""

    def __init__(self, id: str, error: PackError) -> None:
        self.id = id
        self.error = error
        super().__init__(
            f"Definition {id}: {error.what}", where=error.where, why=error.why, do=error.do
        )


def bind(
    on: date,
    *,
    parameters: Iterable[DatedValue],
    definitions: Sequence[Named],
    level: str = "household",
    table: str = "",
    tables: Mapping[str, schema.Table] | None = None,
    extra: Mapping[str, FieldInfo] | None = None,
) -> Scope:
    """The scope in which a pack's expressions about one level are read, on one date.

    Definitions may use each other in any order, but not in a circle. Raises DefinitionError.
    """
    constants = {p.name: _constant(p) for p in parameters}
    scope = standard_scope(
        on, tables=tables, parameters=constants, level=level, table=table, extra=extra
    )
    levels = ("household", "person") if level in ("household", "person") else (level,)
    wanted = {d.id: d for d in definitions if d.level in levels}
    for name in _in_order(wanted):
        scope = _with_definition(scope, wanted[name])
    return scope


def _constant(parameter: DatedValue) -> Const | Dated:
    if isinstance(parameter.value, tuple):
        return Const(parameter.value, Type(Kind.STRINGS, nullable=False), parameter.name)
    return dated(parameter.name, parameter.value, parameter.overrides)


def _with_definition(scope: Scope, named: Named) -> Scope:
    about_person = named.level == "person"
    # A definition about a person is read as a rule about `m` is, and only inside one or a macro used.
    reading = replace(scope, member_name="m") if about_person else replace(scope, member_name=None)
    try:
        expr = check(named.expression, reading)
    except CelError as error:
        raise DefinitionError(named.id, error) from error
    if about_person:
        known = {**scope.member_definitions, named.id: expr}
        return replace(scope, member_definitions=known)
    return replace(scope, definitions={**scope.definitions, named.id: expr})


def _in_order(definitions: Mapping[str, Named]) -> list[str]:
    """Ids such that every definition comes after those it uses."""
    uses: dict[str, set[str]] = {}
    for id_, named in definitions.items():
        try:
            uses[id_] = words(parse(named.expression)) & definitions.keys() - {id_}
            itself = id_ in words(parse(named.expression))
        except CelError as error:
            raise DefinitionError(id_, error) from error
        if itself:
            raise DefinitionError(id_, PackError("it uses itself"))
    try:
        return list(TopologicalSorter(uses).static_order())
    except CycleError as error:
        circle = [str(name) for name in error.args[1]]
        chain = " -> ".join(circle)
        raise DefinitionError(
            circle[0], PackError(f"definitions go in a circle: {chain}")
        ) from error


def words(raw: Raw) -> set[str]:
    """Every name and selected field in a tree."""
    found = {str(raw.word)} if raw.kind in ("name", "select") else set()
    return found.union(*(words(part) for part in raw.parts))
