"""The scope in which a pack's expressions are read on a date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from jingzhun.policy.binding import DatedValue, DefinitionError, Named, bind, words
from jingzhun.policy.cel.parse import parse
from jingzhun.policy.cel.scope import FieldInfo, Scope
from jingzhun.policy.definitions import Definition
from jingzhun.policy.income import IncomeRule, income_definitions, rule_on
from jingzhun.policy.parameters import Parameter
from jingzhun.standard.schema import Table


@dataclass(frozen=True)
class Vocabulary:
    """Parameters, definitions and income rules of a pack: what its expressions may say."""

    parameters: Mapping[str, Parameter]
    definitions: Mapping[str, Definition]
    income: Sequence[IncomeRule]
    income_rule: str | None
    tables: Mapping[str, Table]

    def definitions_on(self, on: date, income_rule: str | None = None) -> dict[str, Definition]:
        """All definitions on a date, the income of a rule (the pack's own by default) among them."""
        wanted = income_rule or self.income_rule
        income = () if wanted is None else income_definitions(rule_on(self.income, wanted, on))
        return {**{d.id: d for d in income}, **self.definitions}

    def scope(
        self,
        on: date,
        *,
        level: str = "household",
        table: str = "",
        income_rule: str | None = None,
        extra: Mapping[str, FieldInfo] | None = None,
    ) -> Scope:
        """The names an expression of a level may use on a date; for the level record, of one table.

        ParameterError when a definition needs a parameter that has not begun on the date.
        """
        if level == "person":
            return about_person(self.scope(on, income_rule=income_rule, extra=extra))
        if level == "household":
            known = self.definitions_on(on, income_rule)
        else:
            known = {name: d for name, d in self.definitions.items() if d.level == level}
        begun = [p for p in self.parameters.values() if p.first_date <= on]
        values = [DatedValue(p.name, p.value(on), p.values_by_area(on)) for p in begun]
        named = [Named(d.id, d.expression, d.level) for d in known.values()]
        try:
            return bind(
                on,
                parameters=values,
                definitions=named,
                level=level,
                table=table,
                tables=self.tables,
                extra=extra,
            )
        except DefinitionError as error:
            self._not_begun(known[error.id], on)
            raise

    def _not_begun(self, definition: Definition, on: date) -> None:
        """Raise the ParameterError of a parameter that the definition uses and that has not begun."""
        for word in sorted(words(parse(definition.expression))):
            if word in self.parameters and self.parameters[word].first_date > on:
                self.parameters[word].entry(on)


def about_person(household: Scope) -> Scope:
    """The same names for rules about one person, seen as `m`."""
    return replace(household, subject="person", member_name="m")
