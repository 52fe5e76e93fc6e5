"""The first load goes straight into the archive: afterwards policies, keys and indexes stand, for everybody."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl
import psycopg
import pytest
from django.db import connection
from psycopg.conninfo import make_conninfo

from jingzhun.frames.workspace import Workspace
from jingzhun_web.audit.models import Entry
from jingzhun_web.kit import scope
from jingzhun_web.kit.postgres import Addresses
from jingzhun_web.kit.rls import APP_ROLE
from jingzhun_web.registry.loading import area_around, placed
from jingzhun_web.registry.models import Household, Person

from .people import PROVINCE, see

ELSEWHERE = "510000000000"
"""Another province."""


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


@pytest.fixture
def emptied(addresses: Addresses, province: Workspace) -> Iterator[psycopg.Connection]:
    """The application's role before a first load, with one household `kept` aside; all of it is undone."""
    superuser = make_conninfo(addresses.owner, user="postgres", password="")
    with psycopg.connect(superuser) as server, server.transaction(force_rollback=True):
        server.execute("CREATE TEMP TABLE kept AS SELECT * FROM registry_household LIMIT 1")
        server.execute(f"GRANT SELECT, UPDATE ON kept TO {APP_ROLE}")
        server.execute("TRUNCATE registry_household, registry_person")
        server.execute(f"SET LOCAL ROLE {APP_ROLE}")
        yield server


def test_who_is_there_twice_is_refused_when_the_keys_come_back(emptied: psycopg.Connection) -> None:
    see(emptied, PROVINCE)
    emptied.execute("SELECT registry_first_load_begins()")
    emptied.execute("INSERT INTO registry_household SELECT * FROM kept")
    emptied.execute("UPDATE kept SET id = id + 1")
    emptied.execute("INSERT INTO registry_household SELECT * FROM kept")

    with pytest.raises(psycopg.errors.UniqueViolation, match="household_once"):
        emptied.execute("SELECT registry_first_load_ends()")


@pytest.mark.parametrize("area", [None, ELSEWHERE])
def test_a_first_load_outside_the_scope_is_refused_at_its_end(
    emptied: psycopg.Connection, area: str | None
) -> None:
    if area:
        see(emptied, area)
    emptied.execute("SELECT registry_first_load_begins()")
    emptied.execute("INSERT INTO registry_household SELECT * FROM kept")

    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="outside the scope"):
        emptied.execute("SELECT registry_first_load_ends()")


def test_a_transaction_can_not_end_within_a_first_load(emptied: psycopg.Connection) -> None:
    """What the end of a transaction does is done here by asking for it: the fixture undoes everything."""
    emptied.execute("SELECT registry_first_load_begins()")

    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="begun and not ended"):
        emptied.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_after_a_first_load_rows_outside_the_scope_are_neither_seen_nor_taken(
    emptied: psycopg.Connection,
) -> None:
    see(emptied, PROVINCE)
    assert emptied.execute("SELECT registry_first_load_begins()").fetchone() == (True,)
    assert emptied.execute("SELECT registry_first_load_begins()").fetchone() == (False,), (
        "inside it"
    )
    emptied.execute("INSERT INTO registry_household SELECT * FROM kept")
    emptied.execute("SELECT registry_first_load_ends()")
    emptied.execute("SET CONSTRAINTS ALL IMMEDIATE")
    see(emptied, ELSEWHERE)

    assert emptied.execute("SELECT count(*) FROM registry_household").fetchone() == (0,)
    emptied.execute("UPDATE kept SET id = id + 1, household_id = 'another'")
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):
        emptied.execute("INSERT INTO registry_household SELECT * FROM kept")


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


def test_no_first_load_begins_where_a_household_is_on_file_even_unseen(undone: None) -> None:
    for areas in ([PROVINCE], []):
        scope.apply(scope.Scope.of_areas(areas))
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT registry_first_load_begins(), row_security_active('registry_person')"
            )
            assert cursor.fetchone() == (False, True)


@pytest.mark.parametrize(
    "statement",
    [
        "DROP INDEX person_by_document",
        "ALTER TABLE registry_person DISABLE ROW LEVEL SECURITY",
        "TRUNCATE registry_person",
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
