"""Which income items count: rules by date, and the sums they stand for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pydantic import Field, model_validator

from jingzhun.errors import PackError, ParameterError
from jingzhun.policy.base import Confidence, Id, Name, PackModel
from jingzhun.policy.definitions import Definition
from jingzhun.standard.labels import Label

GROUPS = ("wage", "business", "property", "transfer")
UNIT = "yuan a year"


class Counted(PackModel):
    """Columns that count as income, by group."""

    wage: tuple[Name, ...] = ()
    business: tuple[Name, ...] = ()
    property: tuple[Name, ...] = ()
    transfer: tuple[Name, ...] = ()


class IncomeRule(PackModel):
    """One way to count income, valid from a date until (not including) another.

    Every income column of the data standard stands in exactly one list. Money that is not counted was
    received all the same: it must not lift anybody out. Source: domain.md 1.5.
    """

    id: Id
    label: Label
    source: str
    confidence: Confidence
    default: bool
    like: Id | None = None
    """Takes dates and lists from the rule of this id; then none may be given here."""
    valid_from: date | None = Field(default=None, alias="from")
    valid_until: date | None = Field(default=None, alias="until")
    counted: Counted | None = None
    deducted: tuple[Name, ...] = ()
    added_back: tuple[Name, ...] = ()
    not_counted: tuple[Name, ...] = ()

    @model_validator(mode="after")
    def _either_own_or_like(self) -> IncomeRule:
        own = self.counted is not None and self.valid_from is not None
        if self.like is None and not own:
            raise ValueError("a rule needs  from:  and  counted:, or  like: <another rule>")
        if self.like is not None and (self.counted is not None or self.valid_from is not None):
            raise ValueError("a rule with  like:  takes dates and lists from there; leave them out")
        if own and self.valid_from and self.valid_until and self.valid_until <= self.valid_from:
            raise ValueError("until must lie after from")
        return self

    @property
    def lists(self) -> dict[str, tuple[str, ...]]:
        """Every list of columns, by name."""
        counted = self.counted or Counted()
        return {
            **{group: tuple(getattr(counted, group)) for group in GROUPS},
            "deducted": self.deducted,
            "added_back": self.added_back,
            "not_counted": self.not_counted,
        }

    def is_valid(self, on: date) -> bool:
        """Whether the rule holds on a date."""
        begun = self.valid_from is not None and self.valid_from <= on
        return begun and (self.valid_until is None or on < self.valid_until)


def resolved(rules: Sequence[IncomeRule]) -> tuple[IncomeRule, ...]:
    """The rules with `like` filled in: one rule per spell of the rule referred to."""
    found: list[IncomeRule] = []
    for rule in rules:
        if rule.like is None:
            found.append(rule)
            continue
        spells = [other for other in rules if other.id == rule.like and other.like is None]
        kept = {"id": rule.id, "label": rule.label, "source": rule.source}
        kept |= {"confidence": rule.confidence, "default": rule.default}
        found += [spell.model_copy(update=kept) for spell in spells]
    return tuple(found)


def rule_on(rules: Sequence[IncomeRule], rule_id: str, on: date) -> IncomeRule:
    """The rule of this id that holds on a date. PackError for an unknown id, ParameterError for the date."""
    spells = [rule for rule in rules if rule.id == rule_id]
    if not spells:
        known = ", ".join(dict.fromkeys(rule.id for rule in rules))
        raise PackError(f"The pack has no income rule '{rule_id}'", do=f"Its rules: {known}")
    for rule in spells:
        if rule.is_valid(on):
            return rule
    raise ParameterError(
        f"Income rule {rule_id} does not hold on {on.isoformat()}",
        why=f"It begins on {min(r.valid_from for r in spells if r.valid_from)}",
        do="Choose another date, or add the rule of that time with its source to the pack",
    )


def income_definitions(rule: IncomeRule) -> tuple[Definition, ...]:
    """The four groups and the net income of a rule, as definitions. Business income is net of its cost.

    An item that is not known makes its group and the net income unknown: null is not zero.
    """
    lists = rule.lists
    costs = [f" - {name}" for name in lists["deducted"]] + [
        f" + {name}" for name in lists["added_back"]
    ]
    sums = {group: " + ".join(lists[group]) or "0" for group in GROUPS}
    sums["business"] += "".join(costs)
    texts = {f"{group}_yuan": text for group, text in sums.items()}
    texts["net_income_yuan"] = " + ".join(texts)
    return tuple(
        Definition(
            id=name,
            label=LABELS[name],
            unit=UNIT,
            expression=text,
            source=rule.source,
            default=rule.default,
        )
        for name, text in texts.items()
    )


LABELS = {
    "wage_yuan": Label(en="wage income", zh="工资性收入"),
    "business_yuan": Label(en="business income less its cost", zh="生产经营净收入"),
    "property_yuan": Label(en="property income", zh="财产性收入"),
    "transfer_yuan": Label(en="transfer income that counts", zh="计入的转移性收入"),
    "net_income_yuan": Label(en="net income", zh="纯收入"),
}
