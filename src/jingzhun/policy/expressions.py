"""Every expression of a pack read once, so that a wrong one is refused when the pack is loaded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from jingzhun.errors import ParameterError
from jingzhun.policy.binding import DefinitionError
from jingzhun.policy.cel.check import check_bool, check_number
from jingzhun.policy.cel.errors import CelError
from jingzhun.policy.cel.scope import Scope
from jingzhun.policy.cel.tree import Const, Dated, Expr, walk
from jingzhun.policy.crosscheck_reading import check_crosschecks
from jingzhun.policy.crosscheck_rules import CrossCheck
from jingzhun.policy.facts import facts_of
from jingzhun.policy.loading import Parts
from jingzhun.policy.problems import Located, Problems, Source
from jingzhun.policy.profiles import Profile
from jingzhun.policy.scopes import Vocabulary, about_person
from jingzhun.standard.yaml_source import Step

Check = Callable[[str, Scope], Expr]


def check_expressions(parts: Parts, vocabulary: Vocabulary, problems: Problems) -> None:
    """Add a problem for every expression that can't be read, or gives the wrong kind of value."""
    reader = _Reader(vocabulary, problems, _late_date(parts), parts.info.source)
    if reader.scope("household") is None and not reader.explained(parts):
        return
    info = parts.info
    for key in ("welfare", "household_size"):
        reader.read(getattr(info.value, key), "household", check_number, info.source, key)
    for part in parts.profiles:
        _profile(part.value, part.source, reader)
    for rule in parts.checks:
        reader.read(rule.value.when, rule.value.level, check_bool, rule.source, "when")
    check_crosschecks(parts.crosschecks, vocabulary, problems, reader.crosscheck)
    if parts.monitoring is not None:
        for i, colour in enumerate(parts.monitoring.value.colours):
            source = parts.monitoring.source
            reader.read(colour.when, "household", check_bool, source, "colours", i, "when")


def _late_date(parts: Parts) -> date:
    """A date on which every parameter has a value and the latest income rules hold."""
    days = [p.value.first_date for p in parts.parameters]
    days += [r.value.valid_from for r in parts.income if r.value.valid_from]
    return max([*days, parts.info.value.reviewed])


def _profile(profile: Profile, source: Source, reader: _Reader) -> None:
    checks: dict[str, Check] = {
        "met": check_bool,
        "score": check_number,
        "value": check_number,
        "threshold": check_number,
    }
    for number, indicator in enumerate(profile.indicators):
        for key, how in checks.items():
            text = getattr(indicator, key)
            if text is None:
                continue
            steps = ("indicators", number, key)
            expr = reader.read(text, profile.level, how, source, *steps)
            if expr is not None:
                reader.begun(expr, profile, source.at(*steps), source)


@dataclass
class _Reader:
    vocabulary: Vocabulary
    problems: Problems
    on: date
    info: Source

    def __post_init__(self) -> None:
        self.scopes: dict[tuple[str, str], Scope | None] = {}
        self.definition_error: DefinitionError | None = None

    def scope(self, level: str, table: str = "") -> Scope | None:
        """The scope of a level (for records, of a table); None when its definitions can't be read."""
        if level == "person":
            household = self.scope("household")
            return None if household is None else about_person(household)
        key = (level, table)
        if key not in self.scopes:
            try:
                self.scopes[key] = self.vocabulary.scope(
                    self.on, level=level, table=table, extra=facts_of(level)
                )
            except DefinitionError as error:
                self.scopes[key] = None
                self.definition_error = error
            except ParameterError as error:
                self.scopes[key] = None
                where = self.info.place("income_rule")
                self.problems.add(error.what, where, why=error.why, do=error.do)
        return self.scopes[key]

    def explained(self, parts: Parts) -> bool:
        """Add the problem of the definition that could not be read; whether to go on (never)."""
        error = self.definition_error
        for part in parts.definitions:
            if error is not None and part.value.id == error.id:
                self.problems.add_expression(error.error, part.source, "expression")
        return False

    def read(self, text: str, level: str, how: Check, source: Source, *steps: Step) -> Expr | None:
        """The expression, or None with a problem added."""
        return self._read_in(self.scope(level), text, how, source, *steps)

    def crosscheck(self, rule: Located[CrossCheck]) -> Expr | None:
        """The condition of a cross-check rule, or None with a problem added."""
        scope = self.scope(rule.value.level, rule.value.table or "")
        return self._read_in(scope, rule.value.when, check_bool, rule.source, "when")

    def _read_in(
        self, scope: Scope | None, text: str, how: Check, source: Source, *steps: Step
    ) -> Expr | None:
        if scope is None:
            return None
        try:
            return how(text, scope)
        except CelError as error:
            self.problems.add_expression(error, source, *steps)
            return None

    def begun(self, expr: Expr, profile: Profile, steps: tuple[Step, ...], source: Source) -> None:
        """Every parameter a profile uses has a value from the profile's first date on."""
        for node in walk(expr):
            name = node.name if isinstance(node, Const | Dated) else None
            parameter = self.vocabulary.parameters.get(name or "")
            if parameter is not None and parameter.first_date > profile.valid_from:
                self.problems.add(
                    f"Parameter {parameter.name} begins on {parameter.first_date}, after the profile",
                    source.file.place(steps),
                    why=f"Profile {profile.id} is valid from {profile.valid_from}",
                    do="Give the parameter an earlier value with its source, or begin the profile later",
                )
