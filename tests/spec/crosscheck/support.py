"""Invented hits, rules and findings for the tests of the cross-check."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from jingzhun.crosscheck.findings import HIT, RULE, STORED, Origin, findings_of

ON = date(2019, 12, 31)
COUNTY, VILLAGE = "621124", "621124100200"


def origin(on: date = ON, data: str = "data-1") -> Origin:
    return Origin(on=on, data_hash=data, engine_version="0", pack_hash="pack")


def hit(household: str | None = "H1", person: str | None = "P1", **other: Any) -> dict[str, Any]:
    """One hit of a person who owns the car v1, by a certain link."""
    row = {
        "rule": "X01",
        "household_id": household,
        "person_id": person,
        "subject_id": household,
        "village_code": VILLAGE,
        "county_code": COUNTY,
        "record_ids": ["vehicles:v1"],
        "link_band": "certain",
        "values": '{"kind":"car"}',
    }
    return row | other


def hits(*rows: Mapping[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=dict(HIT))


def rule(rule_id: str = "X01", **other: Any) -> dict[str, Any]:
    row = {
        "rule": rule_id,
        "finding": "wrongly_included",
        "severity": "high",
        "deadline_days": 20,
        "message_en": "A member owns a car.",
        "message_zh": "家庭成员名下有小轿车。",
        "verdict_path": "village_check",
    }
    return row | other


def rules(*rows: Mapping[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(rows) or [rule()], schema=dict(RULE))


def found(*rows: Mapping[str, Any], on: date = ON, data: str = "data-1") -> pl.DataFrame:
    """Findings of a cross-check with these hits."""
    names = sorted({str(row["rule"]) for row in rows})
    return findings_of(hits(*rows), rules(*map(rule, names)), origin(on, data))


def nothing_stored() -> pl.DataFrame:
    return pl.DataFrame(schema=dict(STORED))
