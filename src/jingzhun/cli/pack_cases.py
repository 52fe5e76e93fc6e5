"""A pack's cases run through both evaluators: the interpreter and the compiled columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import polars as pl

from jingzhun.errors import UserError
from jingzhun.evaluate import outcomes
from jingzhun.evaluate.yardstick import Yardstick, outputs, yardstick
from jingzhun.frames.partitions import KEY, storage_schema
from jingzhun.policy.cases import Case
from jingzhun.policy.cel import Expr, Interpreter, Program, Scope, check_bool
from jingzhun.policy.cel.interpret import Unknown
from jingzhun.policy.crosscheck_rules import CrossCheck
from jingzhun.policy.facts import facts_of
from jingzhun.policy.pack import Pack
from jingzhun.standard.schema import Table

EVALUATORS = ("interpreter", "columns")
_TABLES = {"household": "households", "village": "villages", "county": "counties"}
_FIRST = "p1"

Answers = Mapping[str, Any]


@dataclass(frozen=True)
class Difference:
    """One point on which a case came out otherwise than expected, and in which evaluator."""

    evaluator: str
    what: str
    expected: str
    got: str


@dataclass(frozen=True)
class CaseResult:
    """A case with everything that came out otherwise; `error` when it could not be run at all."""

    case: Case
    differences: tuple[Difference, ...]
    error: str = ""

    @property
    def passed(self) -> bool:
        """Whether both evaluators gave what the case expects."""
        return not self.differences and not self.error


def run_cases(pack: Pack, cases: Sequence[Case]) -> list[CaseResult]:
    """Every case through both evaluators, in order."""
    return [run_case(pack, case) for case in cases]


def run_case(pack: Pack, case: Case) -> CaseResult:
    """One case through both evaluators. A rule that can't be asked on the case's date is an error in words."""
    try:
        run = _profile_answers if case.profile is not None else _rule_answers
        found = run(pack, case)
    except UserError as error:
        return CaseResult(case, (), error.sentence)
    expected = _expected(case)
    differences = tuple(
        Difference(evaluator, what, _text(value), _text(answers.get(what)))
        for evaluator, answers in zip(EVALUATORS, found, strict=True)
        for what, value in expected.items()
        if answers.get(what) != value
    )
    return CaseResult(case, differences)


def _expected(case: Case) -> dict[str, Any]:
    expect = case.expect
    if case.profile is None:
        return {"finding": expect.finding}
    given = expect.model_fields_set
    wanted: dict[str, Any] = {"outcome": expect.outcome}
    if "score" in given:
        wanted["score"] = expect.score
    for name in ("vetoes", "missing"):
        if name in given:
            wanted[name] = tuple(getattr(expect, name) or ())
    return wanted | dict(expect.indicators)


def _text(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(value) or "none"
    return "none" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


# -- profiles ------------------------------------------------------------------------------------


def _profile_answers(pack: Pack, case: Case) -> list[Answers]:
    profile = pack.profile(case.profile or "")
    stick = yardstick(pack, profile.id, case.on)
    named = outputs([stick], values=False)
    frames = _Frames(pack, case, profile.level)
    rows = [_interpreted(pack, case, profile.level, named), _compiled(stick.scope, named, frames)]
    return [_judged(stick, row) for row in rows]


def _judged(stick: Yardstick, row: Answers) -> Answers:
    """Outcome, score, vetoes, missing and states from the bare answers to the indicators."""
    kinds = {name: pl.Boolean if name.endswith("__met") else pl.Float64 for name in row}
    frame = nw.from_native(pl.DataFrame([dict(row)], schema=kinds), eager_only=True)
    columns = {
        "outcome": outcomes.outcome(0, stick),
        "score": outcomes.score(0, stick),
        "vetoes": outcomes.veto_list(0, stick),
        "missing": outcomes.missing_list(0, stick),
    }
    columns |= {f"is_{item.id}": outcomes.met_column(0, item) for item in stick.items}
    found = frame.select(*(expr.alias(name) for name, expr in columns.items())).rows(named=True)[0]
    states = {True: "met", False: "not_met", None: "not_assessable"}
    score = found["score"]
    return {
        "outcome": found["outcome"],
        "score": None if score is None else round(score, 9),
        "vetoes": _split(found["vetoes"]),
        "missing": _split(found["missing"]),
        **{item.id: states[found[f"is_{item.id}"]] for item in stick.items},
    }


def _split(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split(",") if part)


# -- checks and cross-checks ----------------------------------------------------------------------


def _rule_answers(pack: Pack, case: Case) -> list[Answers]:
    rule = pack.checks[case.check] if case.check else pack.crosschecks[case.crosscheck or ""]
    table = rule.table if isinstance(rule, CrossCheck) else None
    scope = pack.scope(case.on, level=rule.level, table=table or "")
    named = {"finding": check_bool(rule.when, scope)}
    frames = _Frames(pack, case, rule.level, table)
    rows = [_interpreted(pack, case, rule.level, named), _compiled(scope, named, frames)]
    return [{"finding": "unknown" if row["finding"] is None else row["finding"]} for row in rows]


# -- the two evaluators ----------------------------------------------------------------------------


def _interpreted(pack: Pack, case: Case, level: str, named: Mapping[str, Expr]) -> dict[str, Any]:
    subject = _subject(case, level)
    members = _with_lists(pack, case)
    asked = Interpreter(case.on, subject, members, case.village or None, _area(case, subject))
    person = members[0] if level == "person" and members else None
    values = {name: asked.value(expr, person=person) for name, expr in named.items()}
    return {name: None if isinstance(v, Unknown) else v for name, v in values.items()}


def _compiled(scope: Scope, named: Mapping[str, Expr], frames: _Frames) -> dict[str, Any]:
    program = Program(scope, named)
    if scope.subject in ("village", "county", "record"):
        return program.apply(frames.subject()).collect().rows(named=True)[0]
    keep = ("person_id",) if scope.subject == "person" else ()
    tables = (frames.subject(), frames.persons(), frames.villages())
    rows = program.apply(*tables, keep=keep, records=frames.records()).collect()
    found = rows.rows(named=True)
    if scope.subject == "person":
        found = [row for row in found if row.pop("person_id") == _FIRST]
    return found[0] if found else dict.fromkeys(named)


def _subject(case: Case, level: str) -> dict[str, Any]:
    rows = {"village": case.village, "county": case.county, "record": case.record}
    return rows.get(level, case.household)


def _area(case: Case, subject: Mapping[str, Any]) -> str:
    codes = (subject.get(name) for name in ("village_code", "county_code", "area_code"))
    return case.area or next((str(code) for code in codes if code), "")


def _code_of(area: str) -> str | None:
    """The whole division code of an area; None when it is not known."""
    return area.ljust(12, "0") if area else None


def _lists(pack: Pack, case: Case) -> list[str]:
    """External tables that are known in a case: some member has the list, if only an empty one."""
    external = {name for name, table in pack.tables().items() if table.is_external}
    return sorted(
        {n for member in case.members for n in member if member[n] is not None} & external
    )


def _with_lists(pack: Pack, case: Case) -> list[dict[str, Any]]:
    """The members; those without a list that others have, have no records."""
    none: dict[str, Any] = {name: [] for name in _lists(pack, case)}
    return [{**none, **member} for member in case.members]


@dataclass(frozen=True)
class _Frames:
    """The case laid out as tables of one household (or village, county, record of `table`)."""

    pack: Pack
    case: Case
    level: str
    table: str | None = None

    def subject(self) -> nw.LazyFrame[Any]:
        """The judged row; for persons the row of their household."""
        level = "household" if self.level == "person" else self.level
        row = dict(_subject(self.case, level))
        code = {"county": "county_code", "record": "area_code"}.get(level, "village_code")
        area = _area(self.case, row)
        row[code] = area[:6] if level == "county" else _code_of(area)
        extra = dict.fromkeys(facts_of(level), pl.Int64())
        return self._frame([{KEY: 1, **row}], self._table(level), extra)

    def persons(self) -> nw.LazyFrame[Any]:
        """The members, numbered p1, p2 ..."""
        lists = _lists(self.pack, self.case)
        rows = [
            {KEY: 1, **{n: v for n, v in member.items() if n not in lists}, "person_id": f"p{n}"}
            for n, member in enumerate(self.case.members, 1)
        ]
        return self._frame(rows, self.pack.tables()["persons"], {"document_copies": pl.Int64()})

    def records(self) -> dict[str, nw.LazyFrame[Any]]:
        """The members' records, by table."""
        return {
            table: self._frame(
                [
                    {"record_id": f"{n}-{i}", **record, "person_id": f"p{n}"}
                    for n, member in enumerate(self.case.members, 1)
                    for i, record in enumerate(member.get(table, []), 1)
                ],
                self.pack.tables()[table],
                {"person_id": pl.String()},
            )
            for table in _lists(self.pack, self.case)
        }

    def villages(self) -> nw.LazyFrame[Any]:
        """The household's village, if the case has one."""
        code = _code_of(_area(self.case, self.case.household))
        rows = [{"village_code": code, **self.case.village}] if self.case.village else []
        return self._frame(rows, self.pack.tables()["villages"], {})

    def _table(self, level: str) -> Table:
        return self.pack.tables()[self.table or _TABLES[level]]

    def _frame(
        self, rows: list[dict[str, Any]], table: Table, extra: Mapping[str, pl.DataType]
    ) -> nw.LazyFrame[Any]:
        kinds = {**storage_schema(table), **extra, KEY: pl.Int64()}
        return nw.from_native(pl.DataFrame(rows, schema=kinds).lazy())
