"""Reading a mapping file: YAML in, a checked mapping out, every error with file and line."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from collections.abc import Mapping as Pairs
from itertools import accumulate
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from jingzhun.errors import Place, UserError
from jingzhun.quality.intake.delivery import TEMPLATE, delivery_faults
from jingzhun.quality.intake.mapping import (
    BY_NAME,
    OWN_VERSION,
    ColumnRule,
    DeliveryRule,
    Mapping,
    TableMapping,
)
from jingzhun.quality.intake.readings import is_date_form, reading_of
from jingzhun.quality.intake.reasons import Problem, sentence
from jingzhun.quality.intake.record_ids import MADE, NOT_CONTENT
from jingzhun.quality.intake.units import known_units, span_factor, unit_factor
from jingzhun.standard import schema

_MOST_BYTES = 1 << 20
_MOST_NODES = 100_000
_MOST_DEPTH = 20
_MOST_BRACKETS = 200
DERIVED = {
    "birth_date": "document_number",
    "sex": "document_number",
    "village_code": "names",
    "area_code": "names",
    MADE: "columns",
}
"""Columns that can be derived where they are empty, and from what."""

Location = tuple[str | int, ...]
Tables = Pairs[str, schema.Table]


class MappingError(UserError):
    """A mapping file is wrong; `where` names file and line."""


class _Lines:
    """Line and column of each node of the file, by its path."""

    def __init__(self, root: Any, file: str) -> None:
        self._root = root
        self._file = file

    def place(self, location: Sequence[str | int]) -> Place:
        """Where a path of keys stands; the last part that can be found counts."""
        node, line, column = self._root, 1, 1
        if (
            isinstance(node, CommentedMap)
            and "table" in node
            and tuple(location[:1]) == ("tables",)
        ):
            location = location[2:]
        for part in location:
            if isinstance(node, CommentedMap) and part in node:
                line, column = (n + 1 for n in node.lc.key(part))
            elif isinstance(node, CommentedSeq) and isinstance(part, int) and part < len(node):
                line, column = (n + 1 for n in node.lc.item(part))
            else:
                break
            node = node[part]
        return Place(file=self._file, line=line, column=column)


def read_mapping(path: Path, tables: Tables | None = None) -> Mapping:
    """The mapping in a YAML file, checked against the standard; MappingError with file and line.

    `tables`: the standard's tables with what a pack adds (`pack.tables()`); else the standard alone.
    """
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise MappingError("The mapping is too large", where=Place(file=str(path)))
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise MappingError(
            f"The mapping {path} can't be opened", why=error.strerror or str(error)
        ) from error
    except UnicodeDecodeError as error:
        raise MappingError(
            "The mapping is not UTF-8 text", where=Place(file=str(path)), do="Save it as UTF-8"
        ) from error
    return parse_mapping(text, str(path), tables)


def parse_mapping(text: str, file: str = "mapping", tables: Tables | None = None) -> Mapping:
    """The mapping in a YAML text, checked against the standard; MappingError with line."""
    root = _yaml(text, file)
    lines = _Lines(root, file)
    plain = _plain(root, file)
    if isinstance(plain, dict):
        plain.pop("mapping", None)
    try:
        mapping = Mapping.model_validate(plain)
    except ValidationError as error:
        raise _invalid(error, lines) from error
    for location, what, do in _faults(mapping, tables or schema.tables()):
        raise MappingError(what, where=lines.place(location), do=do)
    return mapping


def _yaml(text: str, file: str) -> Any:
    if _open_brackets(text) > _MOST_BRACKETS:
        raise MappingError("The mapping is nested too deeply", where=Place(file=file))
    try:
        return YAML(typ="rt").load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark
        where = Place(file=file, line=mark.line + 1, column=mark.column + 1) if mark else None
        raise MappingError(
            "The mapping is not valid YAML",
            where=where or Place(file=file),
            why=str(error.problem or error.context or ""),
        ) from error
    except (YAMLError, RecursionError, ValueError) as error:
        raise MappingError("The mapping is not valid YAML", where=Place(file=file)) from error


def _open_brackets(text: str) -> int:
    """How deep brackets are nested at most, for the parser takes very long over thousands."""
    steps = (1 if mark in "[{" else -1 for mark in text if mark in "[]{}")
    return max(accumulate(steps), default=0)


def _plain(root: Any, file: str) -> Any:
    """Plain dicts and lists; a file that unfolds without end by aliases is refused."""
    nodes = 0

    def copy(node: Any, depth: int) -> Any:
        nonlocal nodes
        nodes += 1
        if nodes > _MOST_NODES or depth > _MOST_DEPTH:
            raise MappingError("The mapping is nested too deeply", where=Place(file=file))
        if isinstance(node, dict):
            return {copy(k, depth + 1): copy(v, depth + 1) for k, v in node.items()}
        if isinstance(node, list):
            return [copy(item, depth + 1) for item in node]
        if isinstance(node, bool) or node is None:
            return node
        return next((kind(node) for kind in (int, float, str) if isinstance(node, kind)), str(node))

    return copy(root, 0)


def _invalid(error: ValidationError, lines: _Lines) -> MappingError:
    first = error.errors(include_url=False)[0]
    location = first["loc"]
    name = next((str(part) for part in reversed(location) if isinstance(part, str)), "")
    what = str(first["msg"]).removeprefix("Value error, ")
    do = ""
    if first["type"] == "extra_forbidden":
        known = sorted(field.alias or key for key, field in _owner(location).model_fields.items())
        what = f"'{name}' is not known here"
        do = f"Known: {', '.join(known)}"
    elif first["type"] == "missing":
        what = f"'{name}' is missing"
        do = TEMPLATE if "delivery" in location else ""
    elif name:
        what = f"{name}: {what}"
    return MappingError(what, where=lines.place(location), do=do)


def _owner(location: Sequence[str | int]) -> type[BaseModel]:
    """The part of a mapping in which a key stands."""
    if "delivery" in location:
        return DeliveryRule
    return ColumnRule if {"columns", "period"} & set(location) else TableMapping


# -- against the standard ----------------------------------------------------------------------

Fault = tuple[Location, str, str]


def _faults(mapping: Mapping, tables: Tables) -> Iterator[Fault]:
    for number, table in enumerate(mapping.tables):
        here: Location = ("tables", number)
        known = tables.get(table.table)
        if known is None:
            what = f"The standard has no table '{table.table}'"
            yield (*here, "table"), what, f"Known tables: {', '.join(tables)}"
            return
        if table.period is not None and "period" in table.columns:
            yield (*here, "period"), "The period is given twice", "Give it once"
        for name, rule in table.rules.items():
            place: Location = (*here, "columns", name) if name in table.columns else (*here, name)
            column = known.by_name.get(name)
            if column is None:
                yield place, *_unknown_column(known, name)
            else:
                yield from ((place, what, do) for what, do in _rule_faults(column, rule))
                yield from (
                    (place, *fault) for fault in _constant_faults(known, column, rule, table)
                )
        yield from _date_faults(table, here)
        yield from _derive_faults(known, table, here)
        yield from delivery_faults(known, table, here)
        yield from _missing_faults(known, table, here)


def _missing_faults(table: schema.Table, mapping: TableMapping, here: Location) -> Iterator[Fault]:
    # The number of a record is made where the source has none.
    filled = {*mapping.rules, *mapping.derive, *((MADE,) if table.is_external else ())}
    for column in table.columns:
        if column.required and column.name not in filled:
            yield (
                here,
                f"The required column {column.name} ({column.label.zh}) is not filled",
                ("Name the source column that holds it, or a constant"),
            )


def _date_faults(table: TableMapping, here: Location) -> Iterator[Fault]:
    given: list[tuple[Location, tuple[str, ...]]] = [((*here, "dates"), table.dates)]
    given += [((*here, "columns", n, "dates"), r.dates or ()) for n, r in table.rules.items()]
    for place, forms in given:
        for form in forms:
            if not is_date_form(form):
                yield (
                    place,
                    f"'{form}' is not a form of date",
                    ("Use %Y, %m and %d with marks between them, such as %Y-%m-%d, or excel"),
                )


def _unknown_column(table: schema.Table, name: str) -> tuple[str, str]:
    near = difflib.get_close_matches(name, table.by_name, n=3)
    hint = f"Perhaps {' or '.join(near)}? " if near else ""
    return (
        f"Table {table.table} has no column '{name}'",
        f"{hint}`jingzhun schema {table.table}` lists its columns; a policy pack can add some, if it "
        "is named with --pack",
    )


def _rule_faults(column: schema.Column, rule: ColumnRule) -> Iterator[tuple[str, str]]:
    is_number = column.type in {"int", "decimal"}
    if rule.unit is not None and unit_factor(column, rule.unit) is None:
        known = ", ".join(known_units(column)) or "none"
        yield (
            f"{column.name} can't be read in '{rule.unit}'",
            f"Units that it can be read in: {known}",
        )
    if rule.per is not None and span_factor(column, rule.per) is None:
        yield f"{column.name} is not an amount per month or year", "Leave `per` out"
    if (rule.round or rule.transform) and not is_number:
        yield f"{column.name} is not a number", "Leave `round` and `transform` out"
    if rule.codes != BY_NAME:
        yield from _code_faults(column, rule.codes)


def _constant_faults(
    table: schema.Table, column: schema.Column, rule: ColumnRule, mapping: TableMapping
) -> Iterator[tuple[str, str]]:
    """A constant is read once here, for it would reject every row if it could not be."""
    if rule.constant is None or any(_rule_faults(column, rule)):
        return
    value = reading_of(table, column, rule, mapping, None).one(rule.constant)
    if isinstance(value, Problem):
        yield "The constant can't be read", sentence(value, column, rule.constant).en


def _code_faults(column: schema.Column, version: str) -> Iterator[tuple[str, str]]:
    if column.codes is None:
        yield f"{column.name} has no code list", "Leave `codes` out"
        return
    known = code_versions(schema.code_list(column.codes))
    if version not in known:
        yield (
            f"The code list {column.codes} has no version '{version}'",
            f"Use {BY_NAME}, or a version: {', '.join(known)}",
        )


def code_versions(codes: schema.CodeList) -> list[str]:
    """What `codes:` may say for a list: its own version first, then the other systems'."""
    return [OWN_VERSION, codes.version, *(other.version for other in codes.other_versions)]


def _derive_faults(table: schema.Table, mapping: TableMapping, here: Location) -> Iterator[Fault]:
    for name, origins in mapping.derive.items():
        place = (*here, "derive", name)
        if name not in DERIVED or name not in table.by_name:
            can = ", ".join(target for target in DERIVED if target in table.by_name) or "nothing"
            yield place, f"{name} can't be derived", f"In {table.table} can be derived: {can}"
        elif DERIVED[name] == "document_number" and origins != ("document_number",):
            yield place, f"{name} is derived from document_number only", "Write document_number"
        elif DERIVED[name] == "document_number" and "document_number" not in mapping.columns:
            yield place, f"{name} needs document_number", "Map document_number too"
        elif name == MADE:
            yield from ((place, *fault) for fault in _made_faults(table, mapping, origins))


def _made_faults(
    table: schema.Table, mapping: TableMapping, origins: Sequence[str]
) -> Iterator[tuple[str, str]]:
    """A record's number is made from columns that the mapping fills."""
    for origin in origins:
        if origin not in table.by_name:
            yield _unknown_column(table, origin)
        elif origin in NOT_CONTENT or origin not in {*mapping.columns, *mapping.derive}:
            what = f"{MADE} can't be made from {origin}, which the mapping does not fill"
            yield what, "Name columns of the standard that tell one record from another"
