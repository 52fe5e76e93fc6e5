"""A summary.json of an invented run on Gansu's real divisions: every figure is made up, all sums agree."""

from __future__ import annotations

import csv
import random
from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from invented_crosscheck import make_crosscheck
from invented_lists import (
    CAUSES,
    ETHNICITIES,
    FINDINGS,
    GROUPS,
    HARD,
    INCOME,
    LABELS,
    PROFILES,
)

PACK_DIR = Path(__file__).parents[3] / "src/jingzhun/policy/packs/gansu"
OUTCOMES = ("passed", "failed", "not_assessable")
HOUSEHOLD_PROFILES = ("paper-weighted", "gansu-2018", "gansu-2013-12ind")
Row = dict[str, Any]


def split(total: int, weights: Sequence[float], rng: random.Random) -> list[int]:
    """Whole numbers in about these proportions, with some noise, that add up to `total`."""
    noisy = [w * rng.uniform(0.8, 1.25) for w in weights]
    scale = total / (sum(noisy) or 1)
    parts = [int(w * scale) for w in noisy]
    for index in rng.choices(range(len(parts)), weights=noisy, k=total - sum(parts)):
        parts[index] += 1
    return parts


def _rate(part: float, whole: int) -> float | None:
    return part / whole if whole else None


@cache
def _divisions(level: str, prefectures: tuple[str, ...] = ("62",)) -> list[Row]:
    with (PACK_DIR / "divisions.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["level"] == level]
    return [row for row in rows if row["code"].startswith(prefectures)]


def _township(row: Row, households: int, hardship: float, rng: random.Random) -> Row:
    poor, unknown, fine = split(households, [hardship, 0.012, 1 - hardship], rng)
    size = rng.uniform(3.7, 4.5)
    persons = max(households, round(households * size))
    unknown_persons = min(persons - households + unknown, max(unknown, round(unknown * size)))
    poor_persons = max(poor, round(poor * size * rng.uniform(0.95, 1.1)))
    poor_persons = min(persons - unknown_persons - fine, poor_persons)
    registered = fine + poor + unknown
    passed, failed, missing = split(registered, [0.86 - hardship, hardship + 0.05, 0.04], rng)
    strict = split(passed, [0.94, 0.05, 0.01], rng)
    lenient = split(failed, [0.01, 0.97, 0.02], rng)
    old = split(registered, [0.5, 0.3, 0.2], rng)
    agreed = [a + b for a, b in zip(strict, lenient, strict=True)]
    outcomes = {
        "paper-weighted": dict(zip(OUTCOMES, (passed, failed, missing), strict=True)),
        "gansu-2018": dict(zip(OUTCOMES, (agreed[0], agreed[1], agreed[2] + missing), strict=True)),
        "gansu-2013-12ind": dict(zip(OUTCOMES, old, strict=True)),
    }
    return {
        "code": row["code"],
        "name": row["name"],
        "county_code": row["code"][:6],
        "households": households,
        "registered_households": registered,
        "persons": persons,
        "poor_households": poor,
        "poor_persons": poor_persons,
        "unknown_households": unknown,
        "known_persons": persons - unknown_persons,
        "headcount_rate": _rate(poor_persons, persons - unknown_persons),
        "poverty_gap_rate": _rate(poor_persons * 0.27, persons - unknown_persons),
        "outcomes": outcomes,
        "joint": {
            (a, b): n
            for a, counts in (
                ("passed", strict),
                ("failed", lenient),
                ("not_assessable", [0, 0, missing]),
            )
            for b, n in zip(OUTCOMES, counts, strict=True)
        },
    }


def _townships(households: int, prefectures: tuple[str, ...], rng: random.Random) -> list[Row]:
    rows = _divisions("township", prefectures)
    counties = {row["code"][:6] for row in rows}
    hardship = {
        c: min(0.6, HARD.get(c[:4], 0.05) * rng.uniform(0.5, 1.6)) for c in sorted(counties)
    }
    sizes = split(households, [rng.lognormvariate(0, 0.6) for _ in rows], rng)
    return [
        _township(row, size, hardship[row["code"][:6]] * rng.uniform(0.6, 1.4), rng)
        for row, size in zip(rows, sizes, strict=True)
    ]


def _sum(rows: Sequence[Row], key: str) -> int:
    return sum(row[key] for row in rows)


def _outcomes(rows: Sequence[Row]) -> Row:
    return {
        p: {o: sum(r["outcomes"][p][o] for r in rows) for o in OUTCOMES} for p in HOUSEHOLD_PROFILES
    }


def _vetoes(outcomes: Row, rng: random.Random) -> Row:
    result = {}
    for profile, counts in outcomes.items():
        vetoed = [i for i in PROFILES[profile]["indicators"] if i["veto"]]
        shares = [0.9, 0.25, 0.1, 0.08, 0.06, 0.05]
        result[profile] = {
            i["id"]: int(counts["failed"] * share * rng.uniform(0.8, 1.1))
            for i, share in zip(vetoed, shares, strict=False)
        }
    return result


def _county(code: str, name: str, rows: list[Row], rng: random.Random) -> Row:
    households, persons = _sum(rows, "households"), _sum(rows, "persons")
    outcomes = _outcomes(rows)
    poor_persons, known = _sum(rows, "poor_persons"), _sum(rows, "known_persons")
    causes = split(households, [share for *_, share in CAUSES], rng)
    return {
        "code": code,
        "name": name,
        "prefecture": next(
            p["name"] for p in _divisions("prefecture") if p["code"][:4] == code[:4]
        ),
        "households": households,
        "persons": persons,
        "registered_households": households,
        "poor_households": _sum(rows, "poor_households"),
        "poor_persons": poor_persons,
        "unknown_households": _sum(rows, "unknown_households"),
        "known_persons": known,
        "headcount_rate": _rate(poor_persons, known),
        "poverty_gap_rate": _rate(poor_persons * rng.uniform(0.2, 0.35), known),
        "outcomes": outcomes,
        "vetoes": _vetoes(outcomes, rng),
        "findings": int(households * rng.uniform(0.05, 0.3)),
        "causes": {code: n for (code, *_), n in zip(CAUSES, causes, strict=True)},
        "income": {
            key: round(persons * mean * rng.uniform(0.8, 1.2)) for key, mean in INCOME.items()
        },
        "villages_poor": rng.randint(4, 180),
        "incidence": poor_persons / (persons * rng.uniform(3.5, 6)) if persons else None,
    }


def _income(counties: list[Row]) -> Row:
    totals = {key: sum(c["income"][key] for c in counties) for key in INCOME}
    net = sum(totals.values())
    persons = _sum(counties, "persons")
    transfer = totals["transfer_yuan"]
    return {
        **totals,
        "net_income_yuan": net,
        "persons": persons,
        "per_capita_yuan": net / persons,
        "median_per_capita_yuan": net / persons * 0.87,
        "making_share": (net - transfer) / net,
        "transfusion_share": transfer / net,
    }


def _groups(persons: int, poor: int, rng: random.Random) -> Row:
    result = {}
    lists: dict[str, list[Any]] = {"ethnicity": ETHNICITIES, **GROUPS}
    for name, groups in lists.items():
        shares = [share for *_, share in groups]
        everyone = split(persons, shares, rng)
        if name == "ethnicity" and everyone[-1] == 0:
            everyone[0], everyone[-1] = (
                everyone[0] - 3,
                3,
            )  # three persons of a people far from home
        hit = split(poor, [s * rng.uniform(0.6, 1.7) for s in shares], rng)
        result[name] = [
            {
                "code": code,
                "label": {"en": en, "zh": zh},
                "persons": n,
                "poor_persons": min(n, p),
                "rate": min(n, p) / n if n else None,
            }
            for (code, en, zh, _), n, p in zip(groups, everyone, hit, strict=True)
        ]
    return result


def _funnel(profile: str, counts: Row, vetoes: Row, rng: random.Random) -> list[Row]:
    households = sum(counts.values())
    assessable = households - counts["not_assessable"]
    vetoed = min(counts["failed"], int(counts["failed"] * rng.uniform(0.1, 0.3)))
    score = counts["passed"] + vetoed if PROFILES[profile]["pass_mark"] else assessable
    values = [households, assessable, score, counts["passed"], counts["passed"]]
    steps: tuple[str, ...] = ("households", "assessable", "score", "vetoes", "outcome")
    if not PROFILES[profile]["pass_mark"]:
        steps, values = (steps[0], steps[1], *steps[3:]), [values[0], values[1], *values[3:]]
    return [
        {"step": step, "label": LABELS[step], "households": value}
        for step, value in zip(steps, values, strict=True)
    ]


def _scores(funnel: list[Row], rng: random.Random) -> list[Row]:
    steps = {row["step"]: row["households"] for row in funnel}
    below = split(steps["assessable"] - steps["score"], [2 ** (i / 4) for i in range(16)], rng)
    above = split(steps["score"], [1, 5, 1.2, 3, 9], rng)
    edges = [*range(0, 100, 5), 100]
    return [
        {"from": start, "to": start + 5, "households": n}
        for start, n in zip(edges, [*below, *above], strict=True)
    ]


def _findings(total: int, rng: random.Random) -> Row:
    counts = split(total, [rng.lognormvariate(0, 1.3) for _ in FINDINGS], rng)
    rules = [
        {
            "rule": rule,
            "group": group,
            "severity": severity,
            "finding": finding,
            "label": {"en": en, "zh": zh},
            "n": n,
        }
        for (rule, group, severity, finding, en, zh), n in zip(FINDINGS, counts, strict=True)
    ]
    by: dict[str, Counter[str]] = {"group": Counter(), "severity": Counter()}
    for rule in rules:
        for key, counter in by.items():
            counter[str(rule[key])] += int(str(rule["n"]))
    return {
        "total": total,
        "households": int(total * 0.7),
        "by_rule": rules,
        "by_group": dict(by["group"]),
        "by_severity": dict(by["severity"]),
    }


def _exit_of_counties(counties: list[Row], rng: random.Random) -> list[Row]:
    return [
        {
            "code": c["code"],
            "name": c["name"],
            "outcome": rng.choices(OUTCOMES, [0.7, 0.2, 0.1])[0],
            "incidence": c["incidence"],
            "wrong_exit_rate": rng.uniform(0, 0.03),
            "missed_rate": rng.uniform(0, 0.025),
        }
        for c in counties
    ]


def _cross(counties: list[Row], rng: random.Random) -> Row:
    codes = [code for code, *_ in ETHNICITIES]
    rows = [code for code, *_ in CAUSES]
    totals = [sum(c["causes"][code] for c in counties) for code in rows]
    table = [split(n, [share for *_, share in ETHNICITIES], rng) for n in totals]
    return {"cause_by_ethnicity": {"rows": rows, "columns": codes, "households": table}}


def _concentration(counties: list[Row], poor: int) -> list[Row]:
    done, rows = 0, []
    for county in sorted(counties, key=lambda c: (-c["poor_persons"], c["code"])):
        done += county["poor_persons"]
        rows.append(
            {
                "code": county["code"],
                "name": county["name"],
                "poor_persons": county["poor_persons"],
                "share": county["poor_persons"] / (poor or 1),
                "cumulative_share": done / (poor or 1),
            }
        )
    return rows


def _causes(counties: list[Row], persons: int, households: int) -> list[Row]:
    rows = [
        {
            "code": code,
            "label": {"en": en, "zh": zh},
            "households": (n := sum(c["causes"][code] for c in counties)),
            "persons": round(n * persons / households),
            "share": n / households,
        }
        for code, en, zh, _ in CAUSES
    ]
    return sorted(rows, key=lambda row: -int(str(row["households"])))


def make_summary(
    households: int = 1_010_000, seed: int = 7, prefectures: tuple[str, ...] = ("62",)
) -> Row:
    """The summary of an invented run; a smaller register has more small cells."""
    rng = random.Random(seed)  # noqa: S311 - invented figures
    townships = _townships(households, prefectures, rng)
    names = {row["code"][:6]: row["name"] for row in _divisions("county")}
    by_code = {code: [t for t in townships if t["county_code"] == code] for code in names}
    counties = [_county(code, names[code], rows, rng) for code, rows in by_code.items() if rows]
    persons, poor_persons = _sum(counties, "persons"), _sum(counties, "poor_persons")
    known = _sum(counties, "known_persons")
    outcomes = _outcomes(townships)
    vetoes = {
        p: {i: sum(c["vetoes"][p][i] for c in counties) for i in counties[0]["vetoes"][p]}
        for p in HOUSEHOLD_PROFILES
    }
    not_met = {
        p: {
            i["id"]: vetoes[p].get(i["id"], int(outcomes[p]["failed"] * rng.uniform(0.05, 0.3)))
            for i in profile["indicators"]
        }
        for p, profile in PROFILES.items()
        if p in outcomes
    }
    funnel = {p: _funnel(p, outcomes[p], vetoes[p], rng) for p in HOUSEHOLD_PROFILES}
    joint: Counter[tuple[str, str]] = Counter()
    for township in townships:
        joint.update(township.pop("joint"))
    stricter = {
        "passed": joint["passed", "passed"],
        "failed": sum(n for (a, b), n in joint.items() if "failed" in {a, b}),
    }
    stricter["not_assessable"] = sum(joint.values()) - stricter["passed"] - stricter["failed"]
    return {
        "format": 1,
        "engine_version": "0.1.0",
        "pack": {
            "id": "gansu",
            "version": "1.0",
            "hash": "3f6c0d5b9f0e4a7cb1d2",
            "label": {"en": "Gansu province", "zh": "甘肃省"},
        },
        "on": "2019-12-31",
        "period": 2019,
        "run_id": "2019-12-31-5d41402abc4b",
        "data_hash": "b94d27b9934d3e08a52e52d7da7dabfa",
        "line": {
            "name": "poverty_line_yuan",
            "value": 3218,
            "unit": "yuan a person and year",
            "source": "[S30] text quoting NBS 3,218 and 4,000",
            "confidence": "H",
            "label": {"en": "national poverty line (current prices)", "zh": "国家扶贫标准(现价)"},
        },
        "welfare": {
            "id": "income_per_capita_yuan",
            "label": {"en": "net income per person", "zh": "人均纯收入"},
            "unit": "yuan a person and year",
        },
        "households": households,
        "persons": persons,
        "registered_households": _sum(counties, "registered_households"),
        "registered_persons": persons,
        "poor_households": _sum(counties, "poor_households"),
        "poor_persons": poor_persons,
        "unknown_households": _sum(counties, "unknown_households"),
        "known_persons": known,
        "headcount_rate": _rate(poor_persons, known),
        "poverty_gap_rate": _rate(poor_persons * 0.27, known),
        "poverty_severity": _rate(poor_persons * 0.12, known),
        "missed_households": _sum(counties, "poor_households") // 9,
        "by_county": counties,
        "by_township": townships,
        "causes": _causes(counties, persons, households),
        "income": _income(counties),
        "distribution": _groups(persons, poor_persons, rng),
        "cross": _cross(counties, rng),
        "concentration": _concentration(counties, poor_persons),
        "profiles": PROFILES,
        "outcomes": outcomes,
        "vetoes": vetoes,
        "missing": {p: {i: int(n * 0.05) for i, n in per.items()} for p, per in not_met.items()},
        "not_met": not_met,
        "funnel": funnel,
        "scores": {"paper-weighted": _scores(funnel["paper-weighted"], rng)},
        "stricter": stricter,
        "stricter_of": ["paper-weighted", "gansu-2018"],
        "disagreements": [
            {
                "a": "paper-weighted",
                "b": "gansu-2018",
                "a_outcome": a,
                "b_outcome": b,
                "households": n,
            }
            for (a, b), n in sorted(joint.items())
            if a != b
        ],
        "exit_check": {
            "exited_households": int(households * 0.91),
            "exited_failing": int(households * 0.018),
            "not_exited_passing": int(households * 0.021),
        },
        "villages": {"gansu-2018-village": {"passed": 5764, "failed": 402, "not_assessable": 54}},
        "counties": {"gansu-2018-county": _exit_of_counties(counties, rng)},
        "findings": _findings(_sum(counties, "findings"), rng),
        "imports": [
            {
                "table": "households",
                "source": "households-2019.csv",
                "read": households + 412,
                "accepted": households,
                "rejected": 412,
                "on": "2020-01-08",
            },
            {
                "table": "persons",
                "source": "persons-2019.csv",
                "read": persons + 3,
                "accepted": persons,
                "rejected": 3,
                "on": "2020-01-08",
            },
            {
                "table": "villages",
                "source": "villages-2019.xlsx",
                "read": 17718,
                "accepted": 17716,
                "rejected": 2,
                "on": "2020-01-09",
            },
        ],
        "comparison": {
            "from": 2018,
            "to": 2019,
            "entered": int(poor_persons * 0.03),
            "left": int(poor_persons * 2.4),
            "stayed": int(poor_persons * 0.9),
            "reasons": [
                {
                    "change": "left",
                    "kind": "driver",
                    "code": "income_rose",
                    "label": {"en": "income rose above the line", "zh": "收入超过标准"},
                    "households": int(households * 0.1),
                },
                {
                    "change": "entered",
                    "kind": "driver",
                    "code": "income_fell",
                    "label": {"en": "income fell below the line", "zh": "收入低于标准"},
                    "households": int(households * 0.006),
                },
                {
                    "change": "entered",
                    "kind": "register",
                    "code": "removed",
                    "label": {"en": "taken off the register", "zh": "清退"},
                    "households": int(households * 0.002),
                },
                {
                    "change": "entered",
                    "kind": "register",
                    "code": "moved",
                    "label": {"en": "moved away", "zh": "迁出"},
                    "households": 3,
                },
            ],
        },
        "crosscheck": make_crosscheck(households, counties),
        "seconds": {"check": 7.21, "identify": 3.02, "evaluate": 9.87, "report": 0.4},
        "peak_memory_mib": 612.4,
        "suppression_limit": 5,
    }
