"""docs/summary-json.md names every key of summary.json."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from invented_summary import make_summary

HERE = Path(__file__).parent
DOC = HERE.parents[2] / "docs/summary-json.md"
AREAS = ("by_prefecture[]", "by_county[]", "by_township[]")
CHANGES = "entered|left|stayed|not_poor|unknown|appeared|disappeared"
# Keys that are data, and how the page writes them.
DATA = (
    (r"\.causes\.\w+$", ".causes.<cause>"),
    (r"^(distribution)\.\w+", r"\1.<dimension>"),
    (r"^(cross)\.\w+", r"\1.<table>"),
    (r"^(seconds)\.\w+", r"\1.<stage>"),
    (r"^(findings\.by_group)\.\w+", r"\1.<group>"),
    (r"^(crosscheck\.findings\.by_finding)\.\w+", r"\1.<kind>"),
    (r"^(crosscheck\.findings\.by_severity)\.\w+", r"\1.<severity>"),
    (r"^(crosscheck\.findings\.by_band)\.\w+", r"\1.<band>"),
    (r"^(crosscheck\.events)\.\w+", r"\1.<event>"),
    (r"^(crosscheck\.quality\[\]\.verdicts)\.\w+", r"\1.<verdict>"),
    (r"^(findings\.by_severity)\.\w+", r"\1.<severity>"),
    (r"^((?:by_county\[\]\.)?vetoes|missing|not_met)\.([^.]+)\.\w+$", r"\1.\2.<indicator>"),
    (rf"^(comparison\.persons)\.({CHANGES})$", r"\1.<change>"),
    (rf"^(comparison\.by_county\[\])\.({CHANGES})$", r"\1.<change>"),
    (r"^(comparison\.effects_per_person_yuan)\.\w+\.\w+$", r"\1.<change>.<driver>"),
)


def keys(node: Any, path: str = "") -> Iterator[str]:
    """The path of every leaf."""
    if isinstance(node, dict):
        for name, child in node.items():
            yield from keys(child, f"{path}.{name}" if path else name)
    elif isinstance(node, list):
        for child in node:
            yield from keys(child, f"{path}[]")
    else:
        yield path


def written(path: str, profiles: list[str]) -> str:
    """The path as the page writes it; areas have the keys of the whole."""
    for profile in profiles:
        path = path.replace(f".{profile}", ".<profile>")
    for pattern, text in DATA:
        path = re.sub(pattern, text, path)
    return path


def documented() -> set[str]:
    rows = [row for row in DOC.read_text(encoding="utf-8").splitlines() if row.startswith("| `")]
    named = {key for row in rows for key in re.findall(r"`([^`]+)`", row.split("|")[1])}
    status = {key for key in named if "." not in key}
    income = {key for key in named if key.startswith("income.")}
    named |= {f"{area}.{key}" for area in AREAS for key in status | income}
    ranks = {key for key in named if key.startswith("concentration[]")}
    for other in ("concentration_by_rate[]", "concentration_townships[]"):
        named |= {key.replace("concentration[]", other) for key in ranks}
    return named


def undocumented(summary: dict[str, Any]) -> list[str]:
    # Longer names first, as one profile may begin like another.
    profiles = sorted(summary.get("profiles", {}), key=len, reverse=True)
    return sorted({written(path, profiles) for path in keys(summary)} - documented())


@pytest.mark.parametrize(
    "summary",
    [make_summary(900), json.loads((HERE / "data/real_summary.json").read_text(encoding="utf-8"))],
    ids=["invented", "of a run on the sample province"],
)
def test_every_key_is_documented(summary: dict[str, Any]) -> None:
    assert undocumented(summary) == []


def test_every_row_says_what_the_key_means() -> None:
    rows = [row for row in DOC.read_text(encoding="utf-8").splitlines() if row.startswith("| `")]
    assert [row for row in rows if not "".join(row.split("|")[2:]).strip()] == []
