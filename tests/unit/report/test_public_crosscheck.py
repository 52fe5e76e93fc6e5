"""What is published of the cross-check: nothing small, and nothing from which small counts follow."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from invented_crosscheck import make_crosscheck
from invented_summary import make_summary

from jingzhun.disclosure.marks import is_hidden
from jingzhun.report.public import public_summary

Row = dict[str, Any]
Term = tuple[str, Any, int]
COUNTIES = [{"code": f"6211{n:02}", "name": f"县{n}"} for n in range(21, 27)]
SEVERITIES = ("high", "medium", "low")


def published(households: int, seed: int = 7) -> Row:
    summary = make_summary(900)
    summary["crosscheck"] = make_crosscheck(households, COUNTIES, seed)
    found: Row = public_summary(summary)["crosscheck"]
    return found


def test_a_run_without_records_of_others_has_no_cross_check() -> None:
    summary = make_summary(900)
    del summary["crosscheck"]

    assert public_summary(summary)["crosscheck"] is None


def test_a_key_of_the_cross_check_that_is_not_declared_stays_inside() -> None:
    summary = make_summary(900)
    summary["crosscheck"]["findings"]["rows"] = ["secret"]
    summary["crosscheck"]["sources"][0]["legal_basis"] = "secret"

    assert "secret" not in str(public_summary(summary))


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("households", [200, 900, 4_000])
def test_no_hidden_count_of_the_cross_check_follows_from_the_others(
    households: int, seed: int
) -> None:
    assert exposed(published(households, seed)["findings"]) == []


def test_large_figures_are_shown() -> None:
    found = published(1_000_000)["findings"]

    assert not is_hidden(found["total"])
    assert [rule["rule"] for rule in found["by_rule"] if is_hidden(rule["n"])] == []


def test_what_was_found_of_a_hidden_kind_does_not_stand_beside_the_truth() -> None:
    summary = make_summary(900)
    summary["crosscheck"] = make_crosscheck(4_000, COUNTIES)
    kinds = summary["crosscheck"]["findings"]["by_finding"]
    rows = summary["crosscheck"]["truth"]["by_finding"]
    rows[:] = [{**row, "found": kinds[row["finding"]], "right": 1} for row in rows]

    found = public_summary(summary)["crosscheck"]

    hidden = [k for k, n in found["findings"]["by_finding"].items() if is_hidden(n)]
    told = [r["finding"] for r in found["truth"]["by_finding"] if not is_hidden(r["found"])]
    assert hidden
    assert set(hidden) & set(told) == set()


def exposed(found: Row) -> list[str]:
    """Hidden counts that follow by linear algebra from the shown ones."""
    unknown: dict[str, int] = {}
    rows = []
    for terms in equations(found):
        row = {name: sign for name, figure, sign in terms if figure is None or is_hidden(figure)}
        for name in row:
            unknown.setdefault(name, len(unknown))
        rows.append(row)
    matrix = np.zeros((len(rows) + 1, len(unknown) or 1))
    for index, row in enumerate(rows):
        for name, sign in row.items():
            matrix[index, unknown[name]] = sign
    _, sizes, basis = np.linalg.svd(matrix)
    free = basis[int((sizes > 1e-9).sum()) :]
    fixed = np.abs(free).max(axis=0, initial=0) < 1e-7
    return [name for name, place in unknown.items() if fixed[place]]


def equations(found: Row) -> Iterator[list[Term]]:
    """The sums a reader knows: rules by kind and severity, kinds, severities, bands, counties."""
    total = ("total", found["total"], -1)
    for key in ("by_finding", "by_severity", "by_band"):
        yield [*((f"{key}.{n}", v, 1) for n, v in found[key].items()), total]
    rules = [rule for rule in found["by_rule"] if rule["finding"]]
    for key, of in (("by_finding", "finding"), ("by_severity", "severity")):
        for name, figure in found[key].items():
            own = [(f"rule.{r['rule']}", r["n"], 1) for r in rules if r[of] == name]
            yield [*own, (f"{key}.{name}", figure, -1)]
    counties = found["by_county"]
    yield [*((f"county.{c['code']}", c["n"], 1) for c in counties), total]
    for county in counties:
        code = county["code"]
        parts = [(f"county.{code}.{level}", county[level], 1) for level in SEVERITIES]
        yield [*parts, (f"county.{code}", county["n"], -1)]
    for level in SEVERITIES:
        parts = [(f"county.{c['code']}.{level}", c[level], 1) for c in counties]
        yield [*parts, (f"by_severity.{level}", found["by_severity"][level], -1)]
