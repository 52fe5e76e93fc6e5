"""The data standard is complete: every column says what it is, every code list is used."""

from __future__ import annotations

from collections.abc import Iterator

from jingzhun.policy.pack import load_pack, pack_names
from jingzhun.standard import schema

COUNTED_WITHOUT_UNIT: set[str] = set()
"""Numbers that have no unit, `table.column`."""

YES_OR_NO = ("is_", "has_", "shares_", "speaks_")


def _columns() -> Iterator[tuple[str, schema.Table, schema.Column]]:
    for table in schema.tables().values():
        for column in table.columns:
            yield f"{table.table}.{column.name}", table, column
    households = schema.table("households").model_copy(update={"source": ""})
    for name in pack_names():
        for column in load_pack(name).extra_columns:
            yield f"{name}: {column.name}", households, column


def test_every_column_has_a_source_of_its_own_or_of_its_table() -> None:
    assert [
        place for place, table, column in _columns() if not (column.source or table.source)
    ] == []


def test_every_number_has_a_unit() -> None:
    without = {place for place, _, c in _columns() if c.type in {"int", "decimal"} and not c.unit}

    assert without == COUNTED_WITHOUT_UNIT


def test_every_number_has_bounds_so_that_no_sum_can_overflow() -> None:
    without = [
        place
        for place, _, c in _columns()
        if c.type in {"int", "decimal"} and (c.min is None or c.max is None)
    ]

    assert without == []


def test_the_name_of_an_amount_says_its_unit() -> None:
    silent = [
        place
        for place, _, c in _columns()
        for unit, word in (("yuan", "yuan"), ("mu", "_mu"), ("m2", "_m2"), ("km", "_km"))
        if (c.unit or "").split(" ")[0] == unit and word not in c.name
    ]

    assert silent == []


def test_the_name_of_a_yes_or_no_reads_as_a_sentence() -> None:
    odd = [
        place for place, _, c in _columns() if c.type == "bool" and not c.name.startswith(YES_OR_NO)
    ]

    assert odd == []


def test_a_column_of_codes_names_a_list_that_exists() -> None:
    wrong = [
        place
        for place, _, c in _columns()
        if c.type in {"code", "codes"} and c.codes not in schema.code_lists()
    ]

    assert wrong == []


def test_every_code_list_is_used() -> None:
    used = {column.codes for _, _, column in _columns()}

    assert set(schema.code_lists()) - used == set()


def test_every_code_list_says_source_and_confidence() -> None:
    silent = [
        c.list for c in schema.code_lists().values() if not (c.source and c.confidence[0] in "HML")
    ]

    assert silent == []


def test_codes_and_names_of_a_list_are_unique() -> None:
    doubled = [
        codes.list
        for codes in schema.code_lists().values()
        for words in (
            [v.code for v in codes.values],
            [v.en for v in codes.values],
            [v.zh for v in codes.values],
        )
        if len(set(words)) < len(words)
    ]

    assert doubled == []


def test_what_names_a_person_is_a_direct_identifier() -> None:
    persons = schema.table("persons").by_name
    households = schema.table("households").by_name

    named = [
        persons["name"],
        persons["document_number"],
        households["phone"],
        households["bank_account"],
    ]

    assert {column.privacy for column in named} == {"direct"}


def test_money_health_and_origin_are_never_ordinary() -> None:
    persons = schema.table("persons").by_name
    open_ = [
        place
        for place, table, column in _columns()
        if table.table in {"households", "persons"}
        and (column.income_group or "yuan" in (column.unit or ""))
        and column.privacy == "ordinary"
    ]
    open_ += [n for n in ("health", "ethnicity", "birth_date") if persons[n].privacy == "ordinary"]

    assert open_ == []
