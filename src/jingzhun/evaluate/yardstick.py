"""A profile made ready for a date: each indicator as checked expressions with weight and veto."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from jingzhun.errors import ParameterError
from jingzhun.policy.cel import Expr, Program, Scope, check, check_bool, check_number
from jingzhun.policy.facts import facts_of
from jingzhun.policy.pack import Pack
from jingzhun.policy.profiles import Indicator, Profile


@dataclass(frozen=True)
class Item:
    """One indicator on one date. `met` gives true or false, `score` 0 to 100; one of the two is set."""

    indicator: Indicator
    met: Expr | None
    score: Expr | None
    value: Expr | None
    threshold: Expr | None

    @property
    def id(self) -> str:
        """The indicator's id."""
        return self.indicator.id

    @property
    def weight(self) -> float:
        """Points for meeting it in full; 0 where the profile does not weigh."""
        return float(self.indicator.weight or 0)


@dataclass(frozen=True)
class Yardstick:
    """A profile on one date: what is asked, what it weighs, when it is passed."""

    profile: Profile
    on: date
    items: tuple[Item, ...]
    scope: Scope

    @property
    def id(self) -> str:
        """The profile's id."""
        return self.profile.id

    @property
    def pass_mark(self) -> float | None:
        """Score from which the profile is passed; None when only the vetoes decide."""
        return self.profile.pass_mark

    @property
    def is_weighted(self) -> bool:
        """Whether a score is counted."""
        return self.pass_mark is not None

    @property
    def vetoes(self) -> tuple[Item, ...]:
        """Indicators of which one unmet is enough to fail."""
        return tuple(item for item in self.items if item.indicator.veto)


def yardstick(pack: Pack, profile_id: str, on: date) -> Yardstick:
    """The profile of a pack as it stands on a date.

    Raises PackError when there is no such profile, ParameterError when it does not hold on the date.
    """
    profile = pack.profile(profile_id)
    if not profile.is_valid(on):
        raise ParameterError(
            f"Profile {profile.id} is not valid on {on.isoformat()}",
            why=f"It is valid from {profile.valid_from} until {profile.valid_until or 'further notice'}",
            do="Choose another date or profile; `jingzhun pack show` lists them",
        )
    scope = pack.scope(
        on,
        level=profile.level,
        income_rule=profile.income_rule,
        extra=facts_of(profile.level),
    )
    items = tuple(_item(indicator, scope) for indicator in profile.indicators)
    return Yardstick(profile, on, items, scope)


def _item(indicator: Indicator, scope: Scope) -> Item:
    return Item(
        indicator,
        met=None if indicator.met is None else check_bool(indicator.met, scope),
        score=None if indicator.score is None else check_number(indicator.score, scope),
        value=None if indicator.value is None else check(indicator.value, scope),
        threshold=None if indicator.threshold is None else check(indicator.threshold, scope),
    )


def outputs(yardsticks: Sequence[Yardstick], *, values: bool) -> dict[str, Expr]:
    """Named expressions of several profiles for one program; with `values`, what was measured too."""
    named: dict[str, Expr] = {}
    for number, stick in enumerate(yardsticks):
        for item in stick.items:
            head = f"q{number}__{item.id}"
            judged = item.met if item.met is not None else item.score
            if judged is not None:
                named[f"{head}__{'met' if item.met is not None else 'score'}"] = judged
            if values and item.value is not None:
                named[f"{head}__value"] = item.value
    return named


def program(yardsticks: Sequence[Yardstick], *, values: bool = True) -> Program:
    """All profiles of one level compiled together: what they share is computed once."""
    return Program(yardsticks[0].scope, outputs(yardsticks, values=values))
