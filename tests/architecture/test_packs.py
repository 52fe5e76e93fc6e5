"""Policy packs are complete: every number has a unit, a source and a confidence; defaults are marked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from jingzhun.policy.cel import check
from jingzhun.policy.cel.tree import fields
from jingzhun.policy.checks import Check
from jingzhun.policy.crosscheck_rules import CrossCheck
from jingzhun.policy.definitions import Definition
from jingzhun.policy.facts import facts_of
from jingzhun.policy.pack import Pack, load_pack, pack_names
from jingzhun.policy.parameters import Override, Parameter
from jingzhun.policy.profiles import Indicator, Profile
from jingzhun.standard import schema

OWN = ("our own", "invented")

FOR_LATER = {
    # Facts of domain.md 6.2 and 6.3 that the fund ledger of the platform will read.
    "fund_publicity_days",
    "fund_idle_months",
    "fund_idle_long_months",
    "fund_carry_over_maximum",
    "microcredit_maximum_yuan",
}


@pytest.fixture(params=pack_names())
def pack(request: pytest.FixtureRequest) -> Pack:
    return load_pack(str(request.param))


def _texts(given: str | dict[date, str]) -> list[str]:
    return [given] if isinstance(given, str) else list(given.values())


def _parts(parameter: Parameter) -> tuple[Parameter | Override, ...]:
    return (parameter, *parameter.overrides)


def test_every_parameter_has_a_unit_a_source_and_a_confidence_for_each_date(pack: Pack) -> None:
    silent = [
        parameter.name
        for parameter in pack.parameters.values()
        for part in _parts(parameter)
        if not (parameter.unit.strip() and all(t.strip() for t in _texts(part.source)))
        or not all(t[0] in "HML" for t in _texts(part.confidence))
    ]

    assert silent == []


def test_a_number_of_our_own_is_marked_as_default(pack: Pack) -> None:
    unmarked = [
        f"{parameter.name} {since}"
        for parameter in pack.parameters.values()
        for since in parameter.values
        if (entry := parameter.entry(since)).source.startswith(OWN) and not entry.default
    ]

    assert unmarked == []


def test_a_rule_of_our_own_is_marked_as_default(pack: Pack) -> None:
    rules: list[Check | CrossCheck | Profile | Definition | Indicator] = []
    rules += pack.checks.values()
    rules += pack.crosschecks.values()
    rules += pack.profiles.values()
    rules += pack.definitions.values()
    rules += [indicator for profile in pack.profiles.values() for indicator in profile.indicators]

    unmarked = [rule.id for rule in rules if rule.source.startswith(OWN) and not rule.default]

    assert unmarked == []


def test_a_rule_whose_source_names_us_is_never_of_high_confidence(pack: Pack) -> None:
    rules: list[Check | CrossCheck | Profile] = [*pack.checks.values()]
    rules += pack.crosschecks.values()
    rules += pack.profiles.values()

    sure = [rule.id for rule in rules if rule.source.startswith(OWN) and rule.confidence == "H"]

    assert sure == []


def test_every_parameter_is_used_or_kept_for_comparison(pack: Pack) -> None:
    rules = [d.expression for d in pack.definitions.values()]
    rules += [rule.when for rule in pack.checks.values()]
    rules += [rule.when for rule in pack.crosschecks.values()]
    for profile in pack.profiles.values():
        for i in profile.indicators:
            rules += [text for text in (i.met, i.score, i.value, i.threshold) if text]
    if pack.monitoring is not None:
        rules += [colour.when for colour in pack.monitoring.colours]
        rules += [colour.visit_within for colour in pack.monitoring.colours]
        rules += [step.within or "" for step in pack.monitoring.procedure]
        rules += [pack.monitoring.line]
    text = "\n".join([*rules, pack.line])

    # Lines and statistics are also there to be compared with (`--line`), so they need no rule.
    unused = {p.name for p in pack.parameters.values() if p.name not in text and p.kind is None}

    assert unused - FOR_LATER == set()


def test_every_group_of_checks_has_a_check(pack: Pack) -> None:
    groups = {rule.group for rule in pack.checks.values()}

    assert set(pack.check_groups) == groups


def test_every_group_of_cross_checks_has_a_rule(pack: Pack) -> None:
    groups = {rule.group for rule in pack.crosschecks.values()}

    assert set(pack.crosscheck_groups) == groups


def test_every_cross_check_has_cases_that_fire_that_do_not_and_with_something_missing(
    pack: Pack,
) -> None:
    wanted = {True, False, "unknown"}
    tried = {
        rule: {case.expect.finding for case in pack.cases if case.crosscheck == rule}
        for rule in pack.crosschecks
    }

    assert [rule for rule, findings in tried.items() if not wanted <= findings] == []


def test_every_profile_has_cases(pack: Pack) -> None:
    tried = {case.profile for case in pack.cases}

    assert [profile for profile in pack.profiles if profile not in tried] == []


def _figures(pack: Pack) -> Iterator[tuple[str, str, str]]:
    """Place, level and expression of every figure that a profile writes into the results."""
    for profile in pack.profiles.values():
        for i in profile.indicators:
            for text in (i.met, i.score, i.value, i.threshold):
                if text is not None:
                    yield f"{profile.id}/{i.id}", profile.id, text


def test_no_figure_of_a_profile_is_made_of_direct_identifiers(pack: Pack) -> None:
    direct = {
        column.name
        for table in schema.tables().values()
        for column in table.columns
        if column.privacy == "direct"
    }
    telling = []
    for place, profile_id, text in _figures(pack):
        profile = pack.profiles[profile_id]
        on = max(profile.valid_from, date(1998, 1, 1))
        scope = pack.scope(
            on, level=profile.level, income_rule=profile.income_rule, extra=facts_of(profile.level)
        )
        telling += [place for field in fields(check(text, scope)) if field.name in direct]

    assert telling == []
