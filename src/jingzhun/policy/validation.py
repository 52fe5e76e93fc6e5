"""The parts of a pack held against each other and the data standard: names, lists, references."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jingzhun.policy.cases import Case
from jingzhun.policy.casework import checked_case
from jingzhun.policy.expressions import check_expressions
from jingzhun.policy.income import LABELS, IncomeRule, resolved
from jingzhun.policy.loading import Parts
from jingzhun.policy.problems import Located, Problems, Source, check_unique, nearest
from jingzhun.policy.scopes import Vocabulary
from jingzhun.standard import schema
from jingzhun.standard.schema import Table

REFERENCE = re.compile(r"\[(S[0-9]+)\]")
"""A reference to sources.yaml inside a `source:` text."""

RESERVED = (
    "on",
    "members",
    "household",
    "village",
    "record",
    "m",
    "r",
    "true",
    "false",
    "null",
    "in",
)
BARE_TABLES = {
    "household": "households",
    "person": "persons",
    "village": "villages",
    "county": "counties",
}
"""Level -> the table whose columns stand bare in its definitions (for a person after `m.`)."""


@dataclass(frozen=True)
class Valid:
    """What validation made of the parts."""

    vocabulary: Vocabulary
    cases: tuple[Case, ...]


def validate(parts: Parts, divisions: Path) -> Valid:
    """The parts as one whole. PackProblemsError lists everything that does not fit together.

    `divisions` is the pack's table of areas; overrides must name areas in it, if it exists.
    """
    problems = Problems()
    tables = _tables(parts, problems)
    vocabulary = Vocabulary(
        parameters={p.value.name: p.value for p in parts.parameters},
        definitions={d.value.id: d.value for d in parts.definitions},
        income=resolved([rule.value for rule in parts.income]),
        income_rule=parts.info.value.income_rule,
        tables=tables,
    )
    _names(parts, tables, problems)
    _references(parts, vocabulary, problems)
    _income(parts, problems)
    _areas(parts, divisions, problems)
    _codes(parts, problems)
    _cited(parts, problems)
    # Expressions are read only when the names they use are in order.
    problems.stop()
    check_expressions(parts, vocabulary, problems)
    cases = tuple(checked_case(case, parts, tables, problems) for case in parts.cases)
    problems.stop()
    return Valid(vocabulary, cases)


def _tables(parts: Parts, problems: Problems) -> Mapping[str, Table]:
    standard = schema.tables()
    if not parts.columns:
        return standard
    households = standard["households"]
    for column in parts.columns:
        if column.value.name in households.by_name:
            problems.add(
                f"Column '{column.value.name}' is in the data standard already",
                column.source.place("name"),
                do="Use that column, or another name",
            )
    added = tuple(column.value for column in parts.columns)
    wider = households.model_copy(update={"columns": (*households.columns, *added)})
    return {**standard, "households": wider}


def _names(parts: Parts, tables: Mapping[str, Table], problems: Problems) -> None:
    """Ids stand once; a bare name means one thing only."""
    parameters = check_unique(
        ((p.value.name, p.source) for p in parts.parameters), "Parameter", problems
    )
    definitions = check_unique(
        ((d.value.id, d.source) for d in parts.definitions), "Definition", problems
    )
    check_unique(((p.value.id, p.source) for p in parts.profiles), "Profile", problems)
    check_unique(((c.value.id, c.source) for c in parts.checks), "Check", problems)
    check_unique(((c.value.id, c.source) for c in parts.crosschecks), "Cross-check rule", problems)
    check_unique(((c.value.id, c.source) for c in parts.cases), "Case", problems)
    check_unique(((c.value.name, c.source) for c in parts.columns), "Column", problems)
    for profile in parts.profiles:
        check_unique(
            (
                (indicator.id, Source(profile.source.file, profile.source.at("indicators", i)))
                for i, indicator in enumerate(profile.value.indicators)
            ),
            "Indicator",
            problems,
        )
    _meanings(parts, tables, parameters, definitions, problems)


def _meanings(
    parts: Parts,
    tables: Mapping[str, Table],
    parameters: Mapping[str, Source],
    definitions: Mapping[str, Source],
    problems: Problems,
) -> None:
    """A bare name means one thing where it can be read."""
    bare = {level: tables[table].by_name for level, table in BARE_TABLES.items()}
    everywhere = {name: "a column" for columns in bare.values() for name in columns}
    everywhere |= dict.fromkeys(RESERVED, "a word of the expressions")
    external = [name for name, table in tables.items() if table.is_external]
    of_records = [c for name in external for c in tables[name].by_name]
    everywhere |= dict.fromkeys(of_records, "a column of an external table")
    for name, source in parameters.items():
        if name in everywhere:
            problems.add(
                f"Parameter '{name}' is also {everywhere[name]}", source.place(), do="Rename it"
            )
    for part in parts.definitions:
        name, level = part.value.id, part.value.level
        taken = dict.fromkeys(bare[level], f"a column of {BARE_TABLES[level]}")
        taken |= dict.fromkeys(external if level == "person" else (), "an external table")
        taken |= dict.fromkeys(RESERVED, "a word of the expressions")
        taken |= dict.fromkeys(parameters, "a parameter")
        taken |= dict.fromkeys(LABELS, "made from the income rules") if parts.income else {}
        if name in taken:
            problems.add(
                f"Definition '{name}' is also {taken[name]}",
                definitions[name].place(),
                do="Rename it",
            )


def _references(parts: Parts, vocabulary: Vocabulary, problems: Problems) -> None:
    info, refer = parts.info, _Reference(problems)
    household = [p.value.id for p in parts.profiles if p.value.level == "household"]
    rules = [rule.id for rule in vocabulary.income]
    refer.one(info, ("default_profile",), household, "household profile")
    for number in range(len(info.value.profiles_that_count)):
        refer.one(info, ("profiles_that_count", number), household, "household profile")
    refer.one(info, ("line",), vocabulary.parameters, "parameter")
    refer.one(info, ("income_rule",), rules, "income rule")
    for profile in parts.profiles:
        refer.one(profile, ("income_rule",), rules, "income rule")
    for check in parts.checks:
        table = BARE_TABLES[check.value.level]
        refer.one(check, ("field",), vocabulary.tables[table].by_name, f"column of {table}")
    if parts.monitoring is not None:
        watched = parts.monitoring
        refer.one(watched, ("line",), vocabulary.parameters, "parameter")
        for i in range(len(watched.value.colours)):
            refer.one(watched, ("colours", i, "visit_within"), vocabulary.parameters, "parameter")
        for i in range(len(watched.value.procedure)):
            refer.one(watched, ("procedure", i, "within"), vocabulary.parameters, "parameter")


@dataclass(frozen=True)
class _Reference:
    problems: Problems

    def one(
        self, part: Located[Any], steps: tuple[str | int, ...], known: Iterable[str], what: str
    ) -> None:
        """A problem when the value at `steps` is given and none of `known`."""
        name: Any = part.value
        for step in steps:
            name = name[step] if isinstance(step, int) else getattr(name, step)
        names = list(dict.fromkeys(known))
        if name is None or name in names:
            return
        listed = f"There are: {', '.join(names)}" if 0 < len(names) <= 12 else ""
        self.problems.add(
            f"There is no {what} '{name}'",
            part.source.place(*steps),
            do=nearest(name, names, otherwise=listed),
        )


def _income(parts: Parts, problems: Problems) -> None:
    """Every income column stands in exactly one list of every rule, and in a list of its kind."""
    columns = {c.name: c for c in schema.table("households").columns if c.income_group}
    ids = [rule.value.id for rule in parts.income if rule.value.like is None]
    for rule in parts.income:
        if rule.value.like is not None:
            if rule.value.like not in ids:
                problems.add(
                    f"There is no income rule '{rule.value.like}' with lists of its own",
                    rule.source.place("like"),
                    do=nearest(rule.value.like, ids),
                )
            continue
        _income_lists(rule, list(columns), problems)
    _spells(parts.income, problems)


def _income_lists(rule: Located[IncomeRule], columns: list[str], problems: Problems) -> None:
    placed: dict[str, str] = {}
    for group, names in rule.value.lists.items():
        own = (
            ("counted", group)
            if group not in ("deducted", "added_back", "not_counted")
            else (group,)
        )
        for number, name in enumerate(names):
            where = rule.source.place(*own, number)
            if name not in columns:
                problems.add(f"'{name}' is no income column", where, do=nearest(name, columns))
            elif name in placed:
                problems.add(
                    f"'{name}' stands in {placed[name]} and in {group}",
                    where,
                    do="Keep one of the two",
                )
            placed.setdefault(name, group)
    left = [name for name in columns if name not in placed]
    if left:
        problems.add(
            f"Income rule '{rule.value.id}' does not say what becomes of {', '.join(left)}",
            rule.source.place(),
            do="Put each into one list; money that does not count goes into not_counted",
        )


def _spells(rules: list[Located[IncomeRule]], problems: Problems) -> None:
    own = [rule for rule in rules if rule.value.like is None]
    for number, rule in enumerate(own):
        for other in own[:number]:
            same = other.value.id == rule.value.id
            begins = rule.value.valid_from
            if same and begins is not None and other.value.is_valid(begins):
                problems.add(
                    f"Income rule '{rule.value.id}' holds twice from {begins}",
                    rule.source.place("from"),
                    do="End the earlier one with  until:  on that date",
                )


def _areas(parts: Parts, divisions: Path, problems: Problems) -> None:
    if not divisions.exists() or not any(p.value.overrides for p in parts.parameters):
        return
    with divisions.open(encoding="utf-8", newline="") as handle:
        codes = {row["code"] for row in csv.DictReader(handle)}
    for parameter in parts.parameters:
        for number, override in enumerate(parameter.value.overrides):
            if override.area.ljust(12, "0") not in codes:
                problems.add(
                    f"There is no area {override.area} in divisions.csv",
                    parameter.source.place("overrides", number, "area"),
                )


def _cited(parts: Parts, problems: Problems) -> None:
    """Every reference [S1] stands in sources.yaml, if the pack has one."""
    if parts.sources is None:
        return
    known = parts.sources.value.sources
    located: list[Located[Any]] = [
        parts.sources,
        *parts.parameters,
        *parts.definitions,
        *parts.income,
    ]
    for part in [*located, *parts.profiles, *parts.checks, *parts.crosschecks]:
        text = part.value.model_dump_json()
        for name in dict.fromkeys(REFERENCE.findall(text)):
            if name not in known:
                problems.add(
                    f"The source [{name}] is not explained",
                    part.source.place(),
                    do=f"Add  {name}: <title, address>  to sources.yaml",
                )


def _codes(parts: Parts, problems: Problems) -> None:
    """Causes, measures and monitoring classes are codes of the data standard."""
    wanted: list[tuple[str, str, Located[Any], tuple[str | int, ...]]] = []
    if parts.causes is not None:
        for i, cause in enumerate(parts.causes.value.causes):
            wanted.append(("poverty_cause", cause.code, parts.causes, ("causes", i, "code")))
            wanted += [
                ("help_measure", code, parts.causes, ("causes", i, "measures", j))
                for j, code in enumerate(cause.measures)
            ]
    if parts.monitoring is not None:
        wanted += [
            ("monitoring_class", kind.code, parts.monitoring, ("classes", i, "code"))
            for i, kind in enumerate(parts.monitoring.value.classes)
        ]
    for codes, code, part, steps in wanted:
        known = schema.code_list(codes).by_code()
        if code not in known:
            problems.add(
                f"The code list {codes} has no value '{code}'",
                part.source.place(*steps),
                do=nearest(code, known, otherwise=f"Its values: {', '.join(known)}"),
            )
