"""Why one household passes or fails: each indicator in words, and what would change the outcome.

The values come from the interpreter, which follows the same rules as the compiled columns. Nothing here
names a person: members are told apart by their relation to the head and their record number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import combinations
from types import ModuleType
from typing import Any

from jingzhun.evaluate import outcomes
from jingzhun.evaluate.counterfactual import Change, smallest_changes
from jingzhun.evaluate.yardstick import Item, Yardstick
from jingzhun.policy.cel import Expr, Interpreter, check
from jingzhun.policy.cel.interpret import Unknown
from jingzhun.policy.cel.tree import Const, Dated, Value, fields, walk
from jingzhun.policy.cel.virtual import SOURCES
from jingzhun.policy.pack import Pack
from jingzhun.policy.parameters import Entry
from jingzhun.standard import schema
from jingzhun.standard.labels import Label

MET, NOT_MET, UNKNOWN_STATE = "met", "not_met", "not_assessable"

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Subject:
    """The household to explain: its row, its members, its village's row (null fields are unknown)."""

    household: Row
    members: Sequence[Row]
    village: Row | None
    area: str


@dataclass(frozen=True)
class Missing:
    """A fact that is not known: a column of the household or village, or of the members named."""

    owner: str
    column: str
    persons: tuple[str, ...] = ()


@dataclass(frozen=True)
class ExplainedItem:
    """One indicator of the explanation. Points are null when not assessable or not weighted."""

    item: Item
    state: str
    value: Value | None
    threshold: Value | None
    points: float | None
    parameters: tuple[Entry, ...]
    missing: tuple[Missing, ...]
    changes: tuple[tuple[Change, ...], ...] = ()
    value_label: Label | None = None
    """What the value is, where the indicator's own label does not say it."""

    @property
    def shortfall(self) -> float | None:
        """How much the value lacks of the threshold; null where either is no number or nothing lacks."""
        if (
            self.state != NOT_MET
            or isinstance(self.value, bool)
            or isinstance(self.threshold, bool)
        ):
            return None
        if not isinstance(self.value, int | float) or not isinstance(self.threshold, int | float):
            return None
        gap = float(self.threshold) - float(self.value)
        return gap if gap > 0 else None


@dataclass(frozen=True)
class Explanation:
    """One household under one profile on a date."""

    household_id: str
    stick: Yardstick
    on: date
    household_size: int | None
    items: tuple[ExplainedItem, ...]
    outcome: str
    score: float | None
    persons: Mapping[str, str] = field(default_factory=dict)
    """Record number of a member -> code of the relation to the head."""
    ways: tuple[tuple[str, ...], ...] = ()
    """Smallest sets of indicators which, met, would make the household pass."""
    tipping: tuple[str, ...] = ()
    """For a household that passes: indicators of which one alone, lost, would make it fail."""
    passes_anyway: bool = False
    """Not assessable, but would pass whatever the answers that are missing."""
    references: Mapping[str, str] = field(default_factory=dict)
    """What the sources [S..] of the pack stand for."""
    chinese: Mapping[str, str] = field(default_factory=dict)
    """Clauses of source texts in Chinese."""


def explain(pack: Pack, stick: Yardstick, subject: Subject, *, backend: ModuleType) -> Explanation:
    """The explanation of one household. `backend` is a data-frame library for trying out changes."""
    asked = Interpreter(stick.on, subject.household, subject.members, subject.village, subject.area)
    items = tuple(_item(pack, stick, item, subject, asked, backend) for item in stick.items)
    outcome, score = _outcome(stick, {item.item.id: _share(item, stick) for item in items})
    return Explanation(
        household_id=str(subject.household["household_id"]),
        stick=stick,
        on=stick.on,
        household_size=_size(pack, stick, asked),
        items=items,
        outcome=outcome,
        score=score,
        persons={str(m["person_id"]): str(m.get("relation") or "99") for m in subject.members},
        ways=() if outcome == outcomes.PASSED else _ways(stick, items),
        tipping=_tipping(stick, items) if outcome == outcomes.PASSED else (),
        passes_anyway=outcome == outcomes.NOT_ASSESSABLE and _passes_anyway(stick, items),
        references=pack.sources,
        chinese=pack.chinese,
    )


def _item(
    pack: Pack,
    stick: Yardstick,
    item: Item,
    subject: Subject,
    asked: Interpreter,
    backend: ModuleType,
) -> ExplainedItem:
    judged = item.met if item.met is not None else item.score
    if judged is None:
        raise AssertionError("an indicator has one of the two")
    answer = _known(asked.value(judged))
    share = None if answer is None else _as_share(answer)
    state = UNKNOWN_STATE if share is None else MET if share >= 1 - outcomes.TOLERANCE else NOT_MET
    missing = _missing(judged, subject, asked) if state == UNKNOWN_STATE else ()
    changes: Sequence[tuple[Change, ...]] = ()
    if state != MET and item.met is not None:
        changes = smallest_changes(
            item.met, stick.scope, subject.household, subject.members, subject.village, backend
        )
    if missing:  # what isn't known must be found out, not changed
        changes = [found for found in changes if all(_fills(change, missing) for change in found)]
    return ExplainedItem(
        item=item,
        state=state,
        value=None if item.value is None else _known(asked.value(item.value)),
        threshold=None if item.threshold is None else _known(asked.value(item.threshold)),
        points=None if share is None or not stick.is_weighted else share * item.weight,
        parameters=_parameters(pack, judged, stick.on, subject.area),
        missing=missing,
        changes=tuple(changes),
        value_label=_value_label(pack, item),
    )


def _value_label(pack: Pack, item: Item) -> Label | None:
    """The label of the definition or column that the value is, such as children out of school."""
    name = (item.indicator.value or "").strip()
    known = pack.definitions.get(name)
    if known is not None:
        return known.label
    column = schema.table("households").by_name.get(name)
    return column.label if column is not None else None


def _fills(change: Change, missing: Sequence[Missing]) -> bool:
    """Whether a change says only what is not known yet, of those on whom the answer hangs."""
    return any(
        (gap.owner, gap.column) == (change.owner, change.column)
        and set(change.persons) <= set(gap.persons)
        for gap in missing
    )


def _size(pack: Pack, stick: Yardstick, asked: Interpreter) -> int | None:
    if stick.profile.level != "household":
        return None
    size = _known(asked.value(check(pack.household_size, stick.scope)))
    return int(size) if isinstance(size, int | float) else None


def _known(value: Value | Unknown) -> Value | None:
    return None if isinstance(value, Unknown) else value


def _as_share(answer: Value) -> float:
    if isinstance(answer, bool):
        return 1.0 if answer else 0.0
    if isinstance(answer, int | float):
        return min(max(float(answer), 0.0), outcomes.FULL_SCORE) / outcomes.FULL_SCORE
    raise TypeError("checked before: a condition or a number")


def _share(item: ExplainedItem, stick: Yardstick) -> float | None:
    """Share of full marks, null when not assessable."""
    if item.state == UNKNOWN_STATE:
        return None
    if stick.is_weighted and item.item.weight:
        return (item.points or 0.0) / item.item.weight
    return 1.0 if item.state == MET else 0.0


def _outcome(stick: Yardstick, shares: Mapping[str, float | None]) -> tuple[str, float | None]:
    """The outcome and score from shares of full marks; the same rule as `outcomes` has for columns."""
    vetoed = any(
        (share := shares[item.id]) is not None and share < 1 - outcomes.TOLERANCE
        for item in stick.vetoes
    )
    score: float | None = None
    if stick.pass_mark is not None:
        score = sum((shares[item.id] or 0.0) * item.weight for item in stick.items)
        best = score + sum(item.weight for item in stick.items if shares[item.id] is None)
        vetoed = vetoed or best < stick.pass_mark - outcomes.TOLERANCE
    if vetoed:
        return outcomes.FAILED, score
    if any(share is None for share in shares.values()):
        return outcomes.NOT_ASSESSABLE, score
    return outcomes.PASSED, score


def _ways(stick: Yardstick, items: Sequence[ExplainedItem]) -> tuple[tuple[str, ...], ...]:
    """The smallest sets of indicators that would have to become met, all of the same least size."""
    shares = {item.item.id: _share(item, stick) for item in items}
    open_ids = [item.item.id for item in items if item.state != MET]
    for size in range(1, len(open_ids) + 1):
        ways = [
            chosen
            for chosen in combinations(open_ids, size)
            if _outcome(stick, {**shares, **dict.fromkeys(chosen, 1.0)})[0] == outcomes.PASSED
        ]
        if ways:
            return tuple(ways)
    return ()


def _passes_anyway(stick: Yardstick, items: Sequence[ExplainedItem]) -> bool:
    shares = {item.item.id: _share(item, stick) or 0.0 for item in items}
    return _outcome(stick, shares)[0] == outcomes.PASSED


def _tipping(stick: Yardstick, items: Sequence[ExplainedItem]) -> tuple[str, ...]:
    shares = {item.item.id: _share(item, stick) for item in items}
    return tuple(
        item.item.id
        for item in items
        if _outcome(stick, {**shares, item.item.id: 0.0})[0] != outcomes.PASSED
    )


def _parameters(pack: Pack, judged: Expr, on: date, area: str) -> tuple[Entry, ...]:
    """The dated parameters that an expression reads, with source and confidence."""
    names = [node.name for node in walk(judged) if isinstance(node, Const | Dated) and node.name]
    known = [name for name in dict.fromkeys(names) if name in pack.parameters]
    return tuple(pack.parameters[name].entry(on, area) for name in known)


def _missing(judged: Expr, subject: Subject, asked: Interpreter) -> tuple[Missing, ...]:
    """Facts that the expression reads and nobody recorded, of those members on whom the answer hangs."""
    found: list[Missing] = []
    doubtful = _doubtful(judged, subject, asked)
    for one in fields(judged):
        name = SOURCES.get(one.name, one.name)
        if one.owner == "member":
            persons = tuple(str(m["person_id"]) for m in doubtful if m.get(name) is None)
            if persons or not subject.members:
                found.append(Missing("member", name, persons))
            continue
        row = subject.household if one.owner == "household" else (subject.village or {})
        if row.get(name) is None:
            found.append(Missing(one.owner, name))
    return tuple(dict.fromkeys(found))


def _doubtful(judged: Expr, subject: Subject, asked: Interpreter) -> Sequence[Row]:
    """Members for whom, each taken alone, there is no answer; all where that is nobody."""
    alone = [
        member
        for member in subject.members
        if isinstance(replace(asked, members=[member]).value(judged), Unknown)
    ]
    return alone or subject.members
