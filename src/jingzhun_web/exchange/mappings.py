"""Mappings as people edit them: suggested by the engine, kept as plain data, judged by the engine again."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from jingzhun.errors import InputError
from jingzhun.frames.readers import ReadOptions, open_source
from jingzhun.quality.intake import Mapping as EngineMapping
from jingzhun.quality.intake import parse_mapping, suggest_mapping
from jingzhun.quality.intake.mapping_file import code_versions
from jingzhun.quality.intake.units import known_units
from jingzhun.standard import schema
from jingzhun_web.areas.packs import pack
from jingzhun_web.exchange.differences import REGISTER_ROWS

Draft = dict[str, Any]
CONSTANT = "="
"""What a text begins with that is a value for all rows, not a column of the file."""
DELIVERY_FACTS = ("source", "legal_basis", "purpose", "received", "from", "until")


def suggested(paths: Sequence[Path], *, tables: Sequence[str], period: int) -> Draft:
    """A first mapping for some files, whose rows are of some tables. InputError when no header fits."""
    found = [part for path in paths for part in _suggested_one(path, tables)]
    for part in found:
        if "period" not in part.get("columns", {}):
            part["period"] = period
    return {"tables": found}


def _suggested_one(path: Path, tables: Sequence[str]) -> list[Draft]:
    # One table at a time, so that what looks like another department's table is not taken for one.
    best: list[Draft] = []
    for table in tables:
        try:
            text = suggest_mapping(path, table=table)
        except InputError:
            if table == tables[-1] and not best:
                raise
            continue
        parts: list[Draft] = YAML(typ="safe").load(text)["tables"]
        best += [json.loads(json.dumps(part, default=str)) for part in parts]
    return [max(group, key=_columns) for group in _by_sheet(best).values()]


def _by_sheet(parts: Iterable[Draft]) -> dict[Any, list[Draft]]:
    found: dict[Any, list[Draft]] = {}
    for part in parts:
        found.setdefault(part.get("sheet"), []).append(part)
    return found


def _columns(part: Draft) -> tuple[int, int]:
    """How many columns of the key and how many at all a suggestion found."""
    key = schema.table(part["table"]).key
    columns = part.get("columns") or {}
    return sum(name in columns for name in key), len(columns)


def parsed(draft: Draft) -> EngineMapping:
    """The mapping for the engine. MappingError when something is missing or wrong."""
    tables = pack().tables()
    return parse_mapping(json.dumps(draft, ensure_ascii=False), "mapping", tables)


def headers(paths: Iterable[Path], part: Draft) -> list[str]:
    """The columns of the file that a table of the mapping is read from."""
    for path in paths:
        if path.name in _files(part):
            options = ReadOptions(
                header_row=int(part.get("header_row", 1)), sheet=part.get("sheet")
            )
            return list(open_source(path, options).columns)
    return []


def _files(part: Draft) -> list[str]:
    named = part.get("files", [])
    return [named] if isinstance(named, str) else list(named)


def is_register(draft: Draft) -> bool:
    """Whether a mapping fills the register."""
    return all(part["table"] in REGISTER_ROWS for part in draft["tables"])


# -- the form ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """One column of the standard in the form of a table: where its values come from."""

    column: schema.Column
    source: str
    unit: str
    codes: str
    units: Sequence[str]
    versions: Sequence[str]
    is_fixed: bool
    """Whether the rule says more than a form can; then it is changed in the text."""


def lines(part: Draft) -> Iterator[Line]:
    """The columns of a table, filled ones first; `delivery_id` is the engine's own."""
    table = schema.table(part["table"])
    rules = part.get("columns") or {}
    ordered = sorted(table.columns, key=lambda c: (c.name not in rules, not c.required))
    for column in ordered:
        if column.name == "delivery_id":
            continue
        rule = rules.get(column.name)
        plain = rule if isinstance(rule, dict) else {"from": rule} if rule else {}
        versions = code_versions(schema.code_list(column.codes)) if column.codes else []
        yield Line(
            column,
            _source(plain),
            str(plain.get("unit") or ""),
            str(plain.get("codes") or ""),
            known_units(column),
            versions,
            "template" in plain or isinstance(plain.get("from"), list),
        )


def _source(rule: Mapping[str, Any]) -> str:
    if "constant" in rule:
        return f"{CONSTANT}{rule['constant']}"
    given = rule.get("from")
    return "" if given is None or isinstance(given, list) else str(given)


def edited(draft: Draft, given: Mapping[str, str]) -> Draft:
    """The mapping with what a form says: `<table>-<column>-from` (`unit`, `codes`), `<table>-period`, ..."""
    made: Draft = copy.deepcopy(draft)
    for number, part in enumerate(made["tables"]):
        columns = dict(part.get("columns") or {})
        for line in lines(part):
            name = line.column.name
            if line.is_fixed or f"{number}-{name}-from" not in given:
                continue
            rule = _rule(columns.get(name), given, f"{number}-{name}")
            if rule is None:
                columns.pop(name, None)
            else:
                columns[name] = rule
        part["columns"] = columns
        _set_period(part, given.get(f"{number}-period", ""))
        if "delivery" in part:
            _set_delivery(part["delivery"], given, f"{number}-delivery")
    return made


def _rule(before: Any, given: Mapping[str, str], name: str) -> Draft | None:
    source = given[f"{name}-from"].strip()
    if not source:
        return None
    kept = dict(before) if isinstance(before, dict) else {}
    for part in ("from", "constant", "unit", "codes"):
        kept.pop(part, None)
    if source.startswith(CONSTANT):
        kept["constant"] = source.removeprefix(CONSTANT)
    else:
        kept["from"] = source
    for part in ("unit", "codes"):
        value = given.get(f"{name}-{part}", "").strip()
        if value:
            kept[part] = value
    return kept


def _set_period(part: Draft, text: str) -> None:
    text = text.strip()
    if text.isdigit():
        part["period"] = int(text)
    if "period" in part["columns"]:
        part.pop("period", None)


def _set_delivery(rule: Draft, given: Mapping[str, str], prefix: str) -> None:
    for name in DELIVERY_FACTS:
        if f"{prefix}-{name}" in given:
            value = given[f"{prefix}-{name}"].strip()
            if value:
                rule[name] = value
            else:
                rule.pop(name, None)
