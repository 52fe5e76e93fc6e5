"""The first load builds indexes at its end: afterwards all stand, and nobody can take them away."""

from __future__ import annotations

import polars as pl
import psycopg
import pytest
from django.db import connection

from jingzhun_web.kit import scope
from jingzhun_web.registry.loading import placed
from jingzhun_web.registry.models import Household, Person

from .people import PROVINCE


def test_after_the_first_load_every_index_of_the_models_stands(undone: None) -> None:
    wanted = {index.name for model in (Household, Person) for index in model._meta.indexes}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indisvalid"
        )
        standing = {name for (name,) in cursor.fetchall()}

    assert wanted
    assert wanted <= standing


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
