"""Outcomes of the exit profiles: funnels, scores, vetoes, and where profiles disagree."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from jingzhun.disclosure.cells import is_small
from jingzhun.disclosure.marks import is_hidden, marked
from jingzhun.disclosure.tables import Line, Table, hide_line, hide_table
from jingzhun.report.public.contract import OUTCOMES

Summary = dict[str, Any]


def protect_evaluation(exact: Summary, public: Summary, limit: int) -> None:
    """Hide small figures of the evaluation of the whole area, and what would give them away."""
    few = is_hidden(public["registered_households"])
    for name in exact["outcomes"]:
        _protect_outcomes(exact["outcomes"][name], public["outcomes"][name], few, limit)
    _protect_outcomes(exact["stricter"], public["stricter"], few, limit)
    for key in ("vetoes", "missing", "not_met"):
        for name, counts in exact[key].items():
            for indicator, n in counts.items():
                public[key][name][indicator] = marked(n, is_small(n, limit))
    for name in exact["funnel"]:
        _protect_funnel(exact, public, name, limit)
    for name in exact["scores"]:
        _protect_scores(exact, public, name, limit)
    public["disagreements"] = _protected_pairs(exact, public, limit)
    check = public["exit_check"]
    line = Line([check["exited_failing"]], check["exited_households"])
    check["exited_failing"] = marked(check["exited_failing"], hide_line(line, limit)[0])
    for key, n in exact["exit_check"].items():
        check[key] = marked(check[key], is_small(n, limit))


def _protect_outcomes(exact: Summary, public: Summary, few: bool, limit: int) -> None:
    line = Line([exact[outcome] for outcome in OUTCOMES], total_hidden=few)
    for outcome, hidden in zip(OUTCOMES, hide_line(line, limit), strict=True):
        public[outcome] = marked(exact[outcome], hidden)


def _protect_funnel(exact: Summary, public: Summary, name: str, limit: int) -> None:
    """The households left after each step. What drops out between two steps is a count like any other."""
    steps = [row["households"] for row in exact["funnel"][name]]
    drops = [before - after for before, after in pairwise(steps)]
    outcomes = public["outcomes"][name]
    also = {0} if is_hidden(outcomes["not_assessable"]) else set()
    also |= {len(drops)} if is_hidden(outcomes["passed"]) else set()
    kept = {0, len(drops)} - also
    few = is_hidden(public["registered_households"])
    line = Line([*drops, steps[-1]], total_hidden=few, also=frozenset(also), kept=frozenset(kept))
    hidden = hide_line(line, limit)
    for index, row in enumerate(public["funnel"][name]):
        # A step between two hidden counts would part them; the first step is the total itself.
        parts = (few or any(hidden[:index])) and any(hidden[index:])
        row["households"] = marked(row["households"], parts or is_small(row["households"], limit))


def _protect_scores(exact: Summary, public: Summary, name: str, limit: int) -> None:
    """The distribution of scores; those below and those from the pass mark on are two groups with known totals."""
    mark = exact["profiles"][name]["pass_mark"] or 0
    funnel = {row["step"]: row["households"] for row in public["funnel"].get(name, [])}
    total_hidden = is_hidden(funnel.get("score"))
    rows = list(zip(exact["scores"][name], public["scores"][name], strict=True))
    for side in (True, False):
        half = [pair for pair in rows if (pair[0]["from"] >= mark) is side]
        line = Line([row["households"] for row, _ in half], total_hidden=total_hidden)
        for (_, row), hidden in zip(half, hide_line(line, limit), strict=True):
            row["households"] = marked(row["households"], hidden)


def _protected_pairs(exact: Summary, public: Summary, limit: int) -> list[Summary]:
    """For each pair of profiles all nine combinations of outcomes, agreeing ones included."""
    pairs = dict.fromkeys((row["a"], row["b"]) for row in exact["disagreements"])
    rows = []
    for a, b in pairs:
        values = _combinations(exact, a, b)
        passed = values[0][0]
        shown = passed == exact["stricter"]["passed"] and not is_hidden(
            public["stricter"]["passed"]
        )
        table = Table(
            values,
            hidden_rows=_hidden_outcomes(public, a),
            hidden_columns=_hidden_outcomes(public, b),
            total_hidden=is_hidden(public["registered_households"]),
            kept=frozenset({(0, 0)} if shown and not is_small(passed, limit) else ()),
        )
        hidden = hide_table(table, limit)
        rows += [
            {
                "a": a,
                "b": b,
                "a_outcome": left,
                "b_outcome": right,
                "households": marked(values[i][j], hidden[i][j]),
            }
            for i, left in enumerate(OUTCOMES)
            for j, right in enumerate(OUTCOMES)
        ]
    return rows


def _hidden_outcomes(public: Summary, profile: str) -> frozenset[int]:
    return frozenset(i for i, o in enumerate(OUTCOMES) if is_hidden(public["outcomes"][profile][o]))


def _combinations(exact: Summary, a: str, b: str) -> list[list[int]]:
    """The households by outcome under `a` (rows) and `b` (columns); where both agree, what the rest leaves."""
    given = {
        (row["a_outcome"], row["b_outcome"]): row["households"]
        for row in exact["disagreements"]
        if (row["a"], row["b"]) == (a, b)
    }
    table = [[given.get((left, right), 0) for right in OUTCOMES] for left in OUTCOMES]
    for i, outcome in enumerate(OUTCOMES):
        if (outcome, outcome) not in given:
            table[i][i] = max(0, exact["outcomes"][a][outcome] - sum(table[i]))
    return table
