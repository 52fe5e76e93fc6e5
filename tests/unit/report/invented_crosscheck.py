"""The cross-check part of an invented summary; a smaller register has more small counts."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

Row = dict[str, Any]

# Rule, kind, severity, findings per 1,000 households, words.
RULES = [
    (
        "X01",
        "wrongly_included",
        "high",
        7.0,
        "owns a car, van or truck",
        "名下有小轿车、面包车或货车",
    ),
    ("X02", "wrongly_included", "high", 2.1, "owns a flat or shop in town", "城镇有商品房或商铺"),
    ("X04", "wrongly_included", "high", 1.3, "on the public payroll", "财政供养人员"),
    ("X05", "data_error", "high", 3.8, "dead and still on file", "已死亡仍在册"),
    ("X06", "data_error", "medium", 1.1, "moved out of the county", "户口已迁出"),
    ("X07", "wrongly_included", "medium", 0.9, "high deposit", "大额存款"),
    ("X08", "duplicate", "high", 0.4, "on file twice", "重复登记"),
    ("X10", "not_delivered", "high", 12.0, "not in medical insurance", "未参加医保"),
    ("X11", "not_delivered", "medium", 0.6, "no disability subsidy", "未享受残疾补贴"),
    ("X13", "missed", "high", 4.4, "on allowance, not registered", "低保对象未建档"),
    ("X14", "wrongly_exited", "high", 0.02, "exited, house of grade C or D", "已脱贫仍住危房"),
    ("X16", "undue_benefit", "low", 0.0, "paid after removal", "清退后仍享受"),
]
SOURCES = [
    ("vehicles", "vehicles", "车辆", 0.2),
    ("medical_insurance", "medical insurance", "医疗保险", 4.0),
    ("allowance", "allowances", "低保特困", 0.6),
]
PEOPLES = [
    ("01", "Han", "汉", 2.2),
    ("04", "Tibetan", "藏", 0.2),
    ("26", "Dongxiang", "东乡", 0.003),
]
KINDS = ("wrongly_included", "missed", "duplicate")
BANDS = ("register", "certain", "probable", "outside", "review")


def make_crosscheck(households: int, counties: list[Row], seed: int = 7) -> Row:
    """The `crosscheck` of summary.json for a register of this size and these counties (code, name)."""
    rng = random.Random(seed)  # noqa: S311 - invented figures
    rows: list[tuple[str, str, str, str, str]] = []
    for rule, kind, severity, rate, *_ in RULES:
        for _ in range(int(households * rate / 1000)):
            band = "outside" if kind == "missed" else rng.choices(BANDS, (2, 80, 10, 0, 8))[0]
            rows.append((rule, kind, severity, band, rng.choice(counties)["code"]))
    return {
        "sources": [_source(households, *source, rng=rng) for source in SOURCES],
        "findings": _findings(rows, counties),
        "events": {"opened": len(rows), "updated": 0, "withdrawn": 0, "reopened": 0},
        "is_older": False,
        "quality": [
            _quality(rule[0], rule[4], rule[5], len(rows) // 40, rng) for rule in RULES[:3]
        ],
        "truth": {
            "links": {
                "links": households,
                "right": households - 1,
                "precision": 0.9984,
                "precision_interval": [0.998, 0.9987],
            },
            "recall_by_ethnicity": [_recall(households, *people, rng=rng) for people in PEOPLES],
            "by_finding": [_kind(kind, len(rows) // 4, rng) for kind in KINDS],
        },
    }


def _findings(rows: list[tuple[str, str, str, str, str]], counties: list[Row]) -> Row:
    by_rule = Counter(row[0] for row in rows)
    review = Counter(row[0] for row in rows if row[3] == "review")
    levels = Counter((row[4], row[2]) for row in rows)
    severities = Counter(row[2] for row in rows)
    bands = Counter(row[3] for row in rows)
    found = [c for c in counties if any(row[4] == c["code"] for row in rows)]
    return {
        "total": len(rows),
        "households": int(len(rows) * 0.8),
        "outside": bands["outside"],
        "rules": len(RULES),
        "by_rule": [
            {
                "rule": rule,
                "finding": kind if by_rule[rule] else None,
                "severity": severity if by_rule[rule] else None,
                "label": {"en": en, "zh": zh},
                "n": by_rule[rule],
                "review": review[rule],
            }
            for rule, kind, severity, _, en, zh in RULES
        ],
        "by_finding": dict(sorted(Counter(row[1] for row in rows).items())),
        "by_severity": {level: severities[level] for level in ("high", "medium", "low")},
        "by_band": {band: bands[band] for band in BANDS},
        "by_county": [_county(county, levels) for county in found],
    }


def _county(county: Row, levels: Counter[tuple[str, str]]) -> Row:
    parts = {level: levels[county["code"], level] for level in ("high", "medium", "low")}
    total = sum(parts.values())
    return {
        "code": county["code"],
        "name": county["name"],
        "n": total,
        "households": int(total * 0.8),
        **parts,
    }


def _source(households: int, table: str, en: str, zh: str, share: float, rng: random.Random) -> Row:
    records = int(households * share)
    certain, probable, review = (
        int(records * part) for part in (0.7, 0.04, rng.uniform(0.002, 0.01))
    )
    return {
        "table": table,
        "label": {"en": en, "zh": zh},
        "department": {"en": f"department of {en}", "zh": f"{zh}主管部门"},
        "records": records,
        "received": "2019-12-20",
        "age_days": 11,
        "certain": certain,
        "probable": probable,
        "review": review,
        "unlinked": records - certain - probable - review,
    }


def _quality(rule: str, en: str, zh: str, decided: int, rng: random.Random) -> Row:
    true = int(decided * rng.uniform(0.3, 0.9))
    lawful = (decided - true) // 2
    rest = decided - true - lawful
    return {
        "rule": rule,
        "label": {"en": en, "zh": zh},
        "hits": 40 * decided,
        "open": 40 * decided,
        "decided": decided,
        "verdicts": {"true": true, "lawful_exception": lawful, "not_true": rest, "data_error": 0},
        "precision": true / decided if decided else None,
        "precision_interval": [0.2, 0.9] if decided else None,
        "fact_rate": (true + lawful) / decided if decided else None,
        "suggestions": ["lawful"] if decided else [],
    }


def _recall(households: int, code: str, en: str, zh: str, share: float, rng: random.Random) -> Row:
    records = int(households * share)
    recall = rng.uniform(0.97, 0.999)
    return {
        "code": code,
        "label": {"en": en, "zh": zh},
        "records": records,
        "linked": int(records * recall),
        "with_review": records,
        "recall": recall if records else None,
        "recall_interval": [0.96, 1.0] if records else None,
    }


def _kind(kind: str, real: int, rng: random.Random) -> Row:
    right = int(real * rng.uniform(0.85, 0.99))
    found = right + real // 10
    return {
        "finding": kind,
        "found": found,
        "right": right,
        "missed": real - right,
        "real": real,
        "precision": right / found if found else None,
        "precision_interval": [0.8, 1.0] if found else None,
        "recall": right / real if real else None,
        "recall_interval": [0.8, 1.0] if real else None,
    }
