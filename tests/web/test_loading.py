"""The first load builds keys and indexes at its end: afterwards all stand, and nobody can take them away."""

from __future__ import annotations

import polars as pl
import psycopg
import pytest
from django.db import connection

from jingzhun.frames.workspace import Workspace
from jingzhun_web.audit.models import Entry
from jingzhun_web.kit import scope
from jingzhun_web.kit.postgres import Addresses
from jingzhun_web.registry.loading import area_around, placed
from jingzhun_web.registry.models import Household, Person

from .people import PROVINCE


def test_after_the_first_load_every_index_of_the_models_stands(undone: None) -> None:
    wanted = {
        *(index.name for model in (Household, Person) for index in model._meta.indexes),
        *("household_once", "person_once", "registry_household_pkey", "registry_person_pkey"),
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indisvalid"
        )
        standing = {name for (name,) in cursor.fetchall()}

    assert wanted <= standing


def test_who_is_there_twice_is_refused_when_the_keys_come_back(
    addresses: Addresses, province: Workspace
) -> None:
    with psycopg.connect(addresses.owner) as owner, owner.transaction(force_rollback=True):
        owner.execute("CREATE TEMP TABLE kept AS SELECT * FROM registry_household LIMIT 1")
        owner.execute("TRUNCATE registry_household, registry_person")
        owner.execute("SELECT registry_indexes_away()")
        owner.execute("INSERT INTO registry_household SELECT * FROM kept")
        owner.execute("UPDATE kept SET id = id + 1")
        owner.execute("INSERT INTO registry_household SELECT * FROM kept")
        with pytest.raises(psycopg.errors.UniqueViolation, match="household_once"):
            owner.execute("SELECT registry_indexes_back()")


def test_the_log_tells_a_load_to_whoever_reads_it_for_the_area_loaded(undone: None) -> None:
    with scope.entered(scope.Scope.of_areas([PROVINCE])):
        loads = Entry.objects.filter(act="load_register").values_list("area", flat=True)

        assert set(loads) == {int(PROVINCE)}


@pytest.mark.parametrize(
    ("counties", "area"),
    [
        (["620102"], 620102000000),
        (["620102", "620103"], 620100000000),
        (["620102", "621102"], 620000000000),
        (["620102", "510102"], 0),
        ([], 0),
    ],
)
def test_the_area_of_a_load_is_the_smallest_with_all_its_counties(
    counties: list[str], area: int
) -> None:
    assert area_around(counties) == area


def test_no_index_goes_where_a_household_is_on_file_even_unseen(undone: None) -> None:
    for areas in ([PROVINCE], []):
        scope.apply(scope.Scope.of_areas(areas))
        with connection.cursor() as cursor:
            cursor.execute("SELECT registry_indexes_away(), registry_indexes_back()")
            assert cursor.fetchone() == (0, 0)


@pytest.mark.parametrize(
    "statement",
    [
        "DROP INDEX person_by_document",
        "SELECT * FROM registry_index_away",
        "INSERT INTO registry_index_away VALUES ('DROP TABLE registry_person')",
    ],
)
def test_the_application_can_not_reach_indexes_by_another_way(undone: None, statement: str) -> None:
    connection.ensure_connection()
    with (
        pytest.raises(psycopg.errors.InsufficientPrivilege),
        connection.connection.transaction(force_rollback=True),
    ):
        connection.connection.execute(statement)


def test_a_head_who_was_taken_off_gives_the_household_no_name() -> None:
    homes = pl.DataFrame({"household_id": ["H1", "H2"], "village_code": ["620102001001"] * 2})
    people = pl.DataFrame(
        {
            "household_id": ["H1", "H1", "H2"],
            "relation": ["01", "01", "01"],
            "record_state": ["2", "1", None],
            "name": ["样例甲", "样例乙", "样例丙"],
        }
    )

    found, _members = placed(homes, people)

    assert found["head_name"].to_list() == ["样例乙", "样例丙"]
