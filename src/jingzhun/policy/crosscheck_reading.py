"""Cross-check rules held against the data standard: tables they need, facts they show, their condition."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from jingzhun.policy.cel.tree import Expr, record_folds
from jingzhun.policy.crosscheck_rules import CrossCheck
from jingzhun.policy.problems import Located, Problems, nearest
from jingzhun.policy.scopes import Vocabulary
from jingzhun.standard.schema import Table

Read = Callable[[Located[CrossCheck]], Expr | None]
"""Reads the condition of a rule; None with a problem added."""

SHOWN_COMPUTED = ("age",)
"""Computed fields of a person that a finding may show."""


def check_crosschecks(
    rules: list[Located[CrossCheck]], vocabulary: Vocabulary, problems: Problems, read: Read
) -> None:
    """Add a problem for every rule that names what is not there, or whose condition can't be read."""
    external = {name: t for name, t in vocabulary.tables.items() if t.is_external}
    for rule in rules:
        if not _tables_exist(rule, external, problems):
            continue
        expr = read(rule)
        if expr is not None:
            _needs(rule, expr, problems)
        for number in range(len(rule.value.show)):
            _shown(rule, number, vocabulary, external, problems)


def _tables_exist(
    rule: Located[CrossCheck], external: Mapping[str, Table], problems: Problems
) -> bool:
    found = len(problems.found)
    named: list[tuple[str, tuple[str | int, ...]]] = [
        (table, ("needs", number)) for number, table in enumerate(rule.value.needs)
    ]
    if rule.value.table is not None:
        named.append((rule.value.table, ("table",)))
    for table, steps in named:
        if table not in external:
            problems.add(
                f"There is no external table '{table}'",
                rule.source.place(*steps),
                do=nearest(table, external, otherwise=f"There are: {', '.join(external)}"),
            )
    return len(problems.found) == found


def _needs(rule: Located[CrossCheck], expr: Expr, problems: Problems) -> None:
    """`needs` names the tables that the condition reads, all of them and no other."""
    read = {fold.table for fold in record_folds(expr)}
    if rule.value.table is not None:
        read.add(rule.value.table)
    for table in sorted(read - set(rule.value.needs)):
        problems.add(
            f"Rule {rule.value.id} reads {table}, which its needs do not name",
            rule.source.place("needs" if rule.value.needs else "when"),
            do=f"Write  needs: [{', '.join([*rule.value.needs, table])}]",
        )
    for number, table in enumerate(rule.value.needs):
        if table not in read:
            problems.add(
                f"Rule {rule.value.id} needs {table} and does not read it",
                rule.source.place("needs", number),
                do="Leave it out, or ask its records in  when",
            )


def _shown(
    rule: Located[CrossCheck],
    number: int,
    vocabulary: Vocabulary,
    external: Mapping[str, Table],
    problems: Problems,
) -> None:
    """A fact that is shown exists and is no direct identifier."""
    name = rule.value.show[number]
    where = rule.source.place("show", number)
    if name in vocabulary.parameters:
        return
    table, column = _place(rule.value, name, vocabulary, external)
    if table is None:
        offered = ["m", *external]
        problems.add(f"'{name}' can't be shown", where, do=nearest(name.split(".")[0], offered))
        return
    if table.table == "persons" and column in SHOWN_COMPUTED:
        return
    found = table.by_name.get(column)
    if found is None:
        known = [*table.by_name, *(vocabulary.parameters if "." not in name else ())]
        problems.add(
            f"There is no column '{column}' in {table.table}", where, do=nearest(column, known)
        )
    elif found.privacy == "direct":
        problems.add(
            f"'{name}' is a direct identifier, which no finding shows", where, do="Leave it out"
        )


def _place(
    rule: CrossCheck, name: str, vocabulary: Vocabulary, external: Mapping[str, Table]
) -> tuple[Table | None, str]:
    """The table and column of a fact: `x` of what is judged, `m.x` of the person, `table.x` of records."""
    owner, dot, column = name.partition(".")
    if not dot:
        return vocabulary.tables[rule.table or "households"], name
    if owner == "m":
        is_person = rule.level == "person"
        return vocabulary.tables["persons"] if is_person else None, column
    return (external.get(owner) if owner in rule.needs else None), column
