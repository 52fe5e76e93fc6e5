"""One word for each thing: what the data, the packs and the code say is in docs/glossary.md."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import get_args

from jingzhun.evaluate.outcomes import OUTCOMES
from jingzhun.identify.dimensions import DIMENSIONS
from jingzhun.identify.measures import MEASURES
from jingzhun.identify.transitions import CHANGES
from jingzhun.policy.cases import State
from jingzhun.policy.checks import FINDINGS, Severity
from jingzhun.policy.income import GROUPS
from jingzhun.policy.pack import load_pack, pack_names
from jingzhun.standard import schema
from jingzhun.standard.schema import Privacy

from .commands import command_names
from .source import CHINESE, ROOT, modules

LEAST_TERMS = 120
NONE = "–"


@dataclass(frozen=True)
class Term:
    """One row of the glossary."""

    english: str
    chinese: str
    meaning: str
    written: tuple[tuple[str, str], ...]
    """(kind, word), such as ("column", "household_id")."""
    not_said: tuple[str, ...]
    source: str


@cache
def _terms() -> tuple[Term, ...]:
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    rows = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in row] for row in rows if len(row) == 6]
    return tuple(
        Term(c[0], c[1], c[2], tuple(_kinds(c[3])), _several(c[4]), c[5])
        for c in cells
        if c[0] != "Term" and not set(c[0]) <= {"-", ":"}
    )


def _kinds(cell: str) -> Iterator[tuple[str, str]]:
    for part in re.finditer(r"([a-z]+) (`[^`]+`(?:, `[^`]+`)*)", cell):
        yield from ((part[1], word) for word in re.findall(r"`([^`]+)`", part[2]))


def _several(cell: str) -> tuple[str, ...]:
    return () if cell == NONE else tuple(part.strip() for part in cell.split(","))


def _written(*kinds: str) -> set[str]:
    """Words of some kinds that the glossary explains."""
    return {word for term in _terms() for kind, word in term.written if kind in kinds}


def _indicators() -> set[str]:
    profiles = [p for pack in map(load_pack, pack_names()) for p in pack.profiles.values()]
    return {indicator.id for profile in profiles for indicator in profile.indicators}


def _of_packs(part: str) -> set[str]:
    return {name for pack in map(load_pack, pack_names()) for name in getattr(pack, part)}


def _vocabularies() -> dict[str, set[str]]:
    """Kind -> the words that really exist."""
    lists = schema.code_lists()
    code = "\n".join(module.text for module in modules())
    files = {term for term in _written("key", "file") if re.search(rf"\b{re.escape(term)}\b", code)}
    return {
        "table": set(schema.tables()),
        "column": {c.name for table in schema.tables().values() for c in table.columns}
        | {"source"},
        "list": set(lists),
        "code": {value.code for codes in lists.values() for value in codes.values},
        "parameter": _of_packs("parameters"),
        "definition": _of_packs("definitions"),
        "profile": _of_packs("profiles"),
        "checks": _of_packs("check_groups"),
        "indicator": _indicators(),
        "finding": set(FINDINGS),
        "severity": set(get_args(Severity)),
        "outcome": set(OUTCOMES),
        "state": set(get_args(State)),
        "dimension": set(DIMENSIONS),
        "change": set(CHANGES),
        "privacy": set(get_args(Privacy)),
        "group": set(GROUPS),
        "measure": {*MEASURES, "poormed"},
        "command": set(command_names()),
        "key": files,
        "file": files,
    }


def test_the_glossary_has_enough_terms_for_the_field() -> None:
    assert len(_terms()) >= LEAST_TERMS


def test_terms_are_in_alphabetical_order_and_stand_once() -> None:
    names = [term.english.lower() for term in _terms()]

    assert names == sorted(set(names))


def test_every_term_has_its_chinese_name_a_meaning_and_a_source() -> None:
    incomplete = [
        term.english
        for term in _terms()
        if not (CHINESE.search(term.chinese) and len(term.meaning) > 15 and term.source)
    ]

    assert incomplete == []


def test_a_word_in_the_data_means_one_thing() -> None:
    counted = Counter(found for term in _terms() for found in term.written)

    assert [found for found, n in counted.items() if n > 1] == []


def test_what_the_glossary_says_is_written_really_is() -> None:
    real = _vocabularies()

    wrong = [
        f"{term.english}: {kind} {word}"
        for term in _terms()
        for kind, word in term.written
        if word not in real.get(kind, set())
    ]

    assert wrong == []


def test_every_reference_is_explained() -> None:
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    sources = (load_pack("gansu").path / "sources.yaml").read_text(encoding="utf-8")

    used = set(re.findall(r"\[(S\d+)\]", text))
    explained = set(re.findall(r"^  (S\d+):", sources, re.MULTILINE))
    explained |= set(re.findall(r"\b(S\d+): ", text))

    assert used - explained == set()


def test_every_indicator_is_explained() -> None:
    assert _indicators() - _written("indicator") == set()


def test_every_group_of_checks_is_explained() -> None:
    assert _of_packs("check_groups") - _written("checks") == set()


def test_every_profile_is_explained() -> None:
    assert _of_packs("profiles") - _written("profile") == set()


def test_findings_severities_outcomes_and_states_are_explained() -> None:
    assert set(FINDINGS) - _written("finding") == set()
    assert set(get_args(Severity)) - _written("severity") == set()
    assert {*OUTCOMES, *get_args(State)} - _written("outcome", "state") == set()


def test_tables_privacy_classes_and_income_groups_are_explained() -> None:
    assert set(schema.tables()) - _written("table") == set()
    assert {*get_args(Privacy), *GROUPS} - _written("privacy", "group") == set()


def test_dimensions_and_changes_between_years_are_explained() -> None:
    assert {*DIMENSIONS, *CHANGES} - _written("dimension", "change") == set()


def test_no_name_in_the_data_is_a_word_we_do_not_say() -> None:
    avoided = {word for term in _terms() for word in term.not_said if re.fullmatch("[a-z]+", word)}
    names = {c.name for table in schema.tables().values() for c in table.columns} | _indicators()
    for part in ("parameters", "definitions", "profiles", "checks", "check_groups"):
        names |= _of_packs(part)

    assert [name for name in sorted(names) if avoided & set(re.split(r"[_-]", name))] == []


def test_a_word_we_do_not_say_is_no_term_itself() -> None:
    terms = {term.english.lower() for term in _terms()}

    assert [word for term in _terms() for word in term.not_said if word.lower() in terms] == []
