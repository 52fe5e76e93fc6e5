"""Every sum that a reader of the published summary knows, over all levels and tables together.

A count is named by its path in the summary. Where the same number is published in two places, that is a sum with
one part. Sums that hold by chance only (a run counted all that it read) are taken as known: a reader may guess.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from jingzhun.report.public.contract import OUTCOMES

Row = dict[str, Any]
Path = tuple[str | int, ...]


class Sum(NamedTuple):
    """Counts that add up to a total; `rest` names what they leave of it, where that is published nowhere."""

    total: Any
    parts: Sequence[Any]
    rest: Any = None


LEVEL_COUNTS = (
    "households", "persons", "registered_households", "poor_households", "poor_persons",
)  # fmt: skip
COUNTY_COUNTS = ("unknown_households", "unknown_persons")
SEVERITIES = ("high", "medium", "low")
LINKS = ("certain", "probable", "review", "unlinked")


def at(summary: Any, path: Path) -> Any:
    """What stands at a path of the summary; None where nothing does."""
    for step in path:
        try:
            summary = summary[step]
        except (KeyError, IndexError, TypeError):
            return None
    return summary


def known_sums(exact: Row) -> list[Sum]:
    """All sums, with rests only where one is left somewhere in the same table.

    Counts that exceed their total overlap, and nobody can subtract; they make no sum.
    """
    found = [*_levels(exact), *_areas(exact), *_groups(exact), *_evaluation(exact), *_lists(exact)]
    return _with_rests(exact, [one for one in found if one[1] or not at(exact, one[0])])


Loose = tuple[Path, Sequence[Path], str]
"""A total, its parts, the table they stand in."""


def _with_rests(exact: Row, found: Sequence[Loose]) -> list[Sum]:
    def left(one: Loose) -> int:
        return int((at(exact, one[0]) or 0) - sum(at(exact, part) or 0 for part in one[1]))

    open_tables = {one[2] for one in found if left(one) > 0}
    return [
        Sum(
            one[0],
            tuple(one[1]),
            ("rest", one[2], *one[0]) if one[2] in open_tables else None,
        )
        for one in found
        if left(one) >= 0
    ]


def _levels(exact: Row) -> Iterator[Loose]:
    """Counties of the province, townships of each county."""
    counties: list[Path] = [("by_county", i) for i in range(len(exact["by_county"]))]
    yield from _below(exact, (), counties, (*LEVEL_COUNTS, *COUNTY_COUNTS))
    places = defaultdict(list)
    for i, row in enumerate(exact["by_township"]):
        places[row["county_code"]].append(("by_township", i))
    for county in counties:
        own: list[Path] = list(places[at(exact, county)["code"]])
        yield from _below(exact, county, own, LEVEL_COUNTS)
    yield ("findings", "total"), [(*c, "findings") for c in counties], "county findings"
    for i, cause in enumerate(exact["causes"]):
        parts = [(*c, "causes", cause["code"]) for c in counties]
        held = [part for part in parts if at(exact, part) is not None]
        yield ("causes", i, "households"), held, "county causes"
    for profile, vetoes in exact["vetoes"].items():
        for one in vetoes:
            parts = [(*c, "vetoes", profile, one) for c in counties]
            held = [part for part in parts if at(exact, part) is not None]
            yield ("vetoes", profile, one), held, "county vetoes"


def _below(exact: Row, above: Path, areas: Sequence[Path], keys: Sequence[str]) -> Iterator[Loose]:
    for key in keys:
        yield (*above, key), [(*area, key) for area in areas], f"{above}{key}"
    for profile in exact["outcomes"]:
        for outcome in OUTCOMES:
            path = ("outcomes", profile, outcome)
            yield (*above, *path), [(*area, *path) for area in areas], f"{above}{path}"


def _areas(exact: Row) -> Iterator[Loose]:
    """What an area's own counts are parts of."""
    areas: list[Path] = [()]
    areas += [
        (level, i) for level in ("by_county", "by_township") for i in range(len(exact[level]))
    ]
    for area in areas:
        level = str(area[:1])
        is_township = level == "('by_township',)"
        for what in ("households", "persons"):
            status = [f"poor_{what}"] if is_township else [f"poor_{what}", f"unknown_{what}"]
            parts = [(*area, key) for key in status]
            yield (*area, what), parts, f"{level} status of {what}"
        registered = (*area, "registered_households")
        yield (*area, "households"), [registered], f"{level} register"
        for profile in exact["outcomes"]:
            yield registered, [(*area, "outcomes", profile, o) for o in OUTCOMES], "outcomes"
        if level == "('by_county',)":
            causes = [(*area, "causes", code) for code in at(exact, area)["causes"]]
            yield registered, causes, "causes of counties"
    yield ("persons",), [("registered_persons",)], "register of persons"
    if exact["missed_households"] is not None:
        yield ("poor_households",), [("missed_households",)], "missed"


def _groups(exact: Row) -> Iterator[Loose]:
    """Causes of the whole, groups of persons, the cross tables."""
    causes = exact["causes"]
    paths = [("causes", i, "households") for i in range(len(causes))]
    yield ("registered_households",), paths, "causes"
    persons = [("causes", i, "persons") for i in range(len(causes))]
    yield ("registered_persons",), persons, "persons of causes"
    for name, rows in exact["distribution"].items():
        for key in ("persons", "poor_persons"):
            parts = [("distribution", name, i, key) for i in range(len(rows))]
            yield (key,), parts, f"{name} {key}"
        for i in range(len(rows)):
            group: Path = ("distribution", name, i)
            yield (*group, "persons"), [(*group, "poor_persons")], f"poor of {name}"
    place = {cause["code"]: i for i, cause in enumerate(causes)}
    for name, cross in exact["cross"].items():
        table: Path = ("cross", name)
        width = len(cross["columns"])
        for i, code in enumerate(cross["rows"]):
            cells = [(*table, "households", i, j) for j in range(width)]
            if code in place:
                yield ("causes", place[code], "households"), cells, "cross"
        totals = [(*table, "column_totals", j) for j in range(width)]
        yield ("registered_households",), totals, "cross totals"
        for j in range(width):
            cells = [(*table, "households", i, j) for i in range(len(cross["rows"]))]
            yield (*table, "column_totals", j), cells, "cross columns"


def _evaluation(exact: Row) -> Iterator[Loose]:
    registered: Path = ("registered_households",)
    yield registered, [("stricter", o) for o in OUTCOMES], "stricter"
    for profile, steps in exact["funnel"].items():
        yield from _funnel(exact, profile, [row["step"] for row in steps])
    for profile, vetoes in exact["vetoes"].items():
        for one in vetoes:
            yield ("not_met", profile, one), [("vetoes", profile, one)], "vetoes not met"
    check: Path = ("exit_check",)
    failing, passing = (*check, "exited_failing"), (*check, "not_exited_passing")
    yield (*check, "exited_households"), [failing], "exits"
    yield registered, [(*check, "exited_households")], "exited"
    yield ("stricter", "failed"), [failing], "exits failing"
    yield ("stricter", "passed"), [passing], "exits passing"


def _funnel(exact: Row, profile: str, steps: Sequence[str]) -> Iterator[Loose]:
    """Steps of a funnel, what drops out between them, and the scores on either side of the pass mark."""
    paths: dict[str, Path] = {
        step: ("funnel", profile, i, "households") for i, step in enumerate(steps)
    }
    missing: Path = ("outcomes", profile, "not_assessable")
    yield ("registered_households",), [paths[steps[0]]], f"start of {profile}"
    yield paths["households"], [paths["assessable"], missing], f"assessable {profile}"
    yield paths[steps[-1]], [("outcomes", profile, "passed")], f"end of {profile}"
    for before, after in pairwise(steps):
        yield paths[before], [paths[after]], f"{profile} {before} {after}"
    mark, scores = exact["profiles"][profile]["pass_mark"] or 0, exact["scores"].get(profile)
    if scores and "score" in paths:
        cells = [("scores", profile, i, "households") for i in range(len(scores))]
        above = [c for c, row in zip(cells, scores, strict=True) if row["from"] >= mark]
        below = [c for c in cells if c not in above]
        yield paths["score"], above, f"scores {profile}"
        yield paths["assessable"], [paths["score"], *below], f"lower scores {profile}"


def _lists(exact: Row) -> Iterator[Loose]:
    """Findings, imports, the comparison, the cross-check."""
    yield from _findings(exact, ("findings",), ("group", "severity"))
    for i, row in enumerate(exact["imports"]):
        if row["table"] in {"households", "persons"}:
            one: Path = ("imports", i)
            yield (*one, "read"), [(*one, "accepted"), (*one, "rejected")], f"{one}"
            if row["accepted"] == exact[row["table"]]:
                yield (row["table"],), [(*one, "accepted")], f"accepted {one}"
    if exact["comparison"]:
        yield from _comparison(exact["comparison"]["reasons"])
    if exact["crosscheck"]:
        yield from _crosscheck(exact["crosscheck"])


def _findings(exact: Row, path: Path, keys: Sequence[str]) -> Iterator[Loose]:
    rules = at(exact, path)["by_rule"]
    for key in keys:
        groups = at(exact, path)[f"by_{key}"]
        yield (*path, "total"), [(*path, f"by_{key}", name) for name in groups], f"{path}"
        for name in groups:
            parts = [(*path, "by_rule", i, "n") for i, r in enumerate(rules) if r[key] == name]
            yield (*path, f"by_{key}", name), parts, f"{path} rules"


def _comparison(reasons: Sequence[Row]) -> Iterator[Loose]:
    """Reasons of each kind; who is poor now has entered or stayed, or was not known before."""
    one: Path = ("comparison",)
    yield ("poor_households",), [(*one, "entered"), (*one, "stayed")], "poor now"
    for change, kind in sorted({(r["change"], r["kind"]) for r in reasons}):
        parts = [
            (*one, "reasons", i, "households")
            for i, r in enumerate(reasons)
            if (r["change"], r["kind"]) == (change, kind)
        ]
        yield (*one, change), parts, f"{change} {kind}"


def _crosscheck(found: Row) -> Iterator[Loose]:
    one: Path = ("crosscheck",)
    path: Path = (*one, "findings")
    findings = found["findings"]
    yield from _findings({"crosscheck": found}, path, ("finding", "severity"))
    yield (*path, "total"), [(*path, "by_band", n) for n in findings["by_band"]], "bands"
    counties: list[Path] = [(*path, "by_county", i) for i in range(len(findings["by_county"]))]
    yield (*path, "total"), [(*c, "n") for c in counties], "cross-check counties"
    for level in SEVERITIES:
        if level in findings["by_severity"]:
            parts = [(*c, level) for c in counties]
            yield (*path, "by_severity", level), parts, "cross-check severities"
    for c in counties:
        yield (*c, "n"), [(*c, level) for level in SEVERITIES], "cross-check county"
    for i in range(len(findings["by_rule"])):
        rule: Path = (*path, "by_rule", i)
        yield (*rule, "n"), [(*rule, "review")], "review"
    for i in range(len(found["sources"])):
        source: Path = (*one, "sources", i)
        yield (*source, "records"), [(*source, link) for link in LINKS], "sources"
    for i, row in enumerate(found["quality"]):
        own: Path = (*one, "quality", i)
        yield (*own, "decided"), [(*own, "verdicts", v) for v in row["verdicts"]], "quality"
