"""Whoever sees rows sees only the rows of their areas: in pages, exports, counts and raw SQL."""

from __future__ import annotations

import re

import psycopg
import pytest

from jingzhun.frames.workspace import Workspace
from jingzhun_web.access.roles import RIGHTS, Right, Role
from jingzhun_web.kit.grants import JOBS, READ, UNTOUCHED, WRITTEN
from jingzhun_web.kit.rls import APP_ROLE
from jingzhun_web.kit.scope import span

from .people import PROVINCE, SignedIn, county_of, see

ON_FILE = re.compile(r'href="/households/([^/"]+)/(\d{4})/"')
READERS = [role for role in Role if Right.SEE_ARCHIVES in RIGHTS[role]]


def count(connection: psycopg.Connection, table: str, where: str = "true") -> int:
    statement = f"SELECT count(*) FROM {table} WHERE {where}"  # noqa: S608
    found = connection.execute(statement).fetchone()
    assert found is not None
    return int(found[0])


def test_without_a_scope_raw_sql_sees_nobody(raw: psycopg.Connection) -> None:
    assert count(raw, "registry_household") == 0
    assert count(raw, "registry_person") == 0


def test_raw_sql_sees_the_rows_of_the_scope_and_no_others(
    raw: psycopg.Connection, villages: list[int], province: Workspace
) -> None:
    first, last = span(str(county_of(villages[0])))
    see(raw, PROVINCE)
    everybody = count(raw, "registry_household")
    expected = count(raw, "registry_household", f"area BETWEEN {first} AND {last}")
    see(raw, str(county_of(villages[0])))

    assert everybody == province.rows("households", province.latest_period)
    assert 0 < count(raw, "registry_household") == expected < everybody
    assert count(raw, "registry_household", f"area NOT BETWEEN {first} AND {last}") == 0


def test_raw_sql_can_write_nobody_into_another_area(
    raw: psycopg.Connection, villages: list[int]
) -> None:
    here, elsewhere = (
        villages[0],
        next(v for v in villages if county_of(v) != county_of(villages[0])),
    )
    see(raw, str(county_of(here)))

    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        raw.execute(
            "INSERT INTO registry_household (household_id, period, village_code, area, version, source)"
            " VALUES ('invented', 2019, %s, %s, 1, '')",
            [str(elsewhere), elsewhere],
        )


def test_raw_sql_can_move_nobody_out_of_the_scope(
    raw: psycopg.Connection, villages: list[int]
) -> None:
    elsewhere = next(v for v in villages if county_of(v) != county_of(villages[0]))
    see(raw, str(county_of(villages[0])))

    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        raw.execute("UPDATE registry_household SET area = %s", [elsewhere])


def test_the_application_neither_owns_tables_nor_bypasses_their_policies(
    raw: psycopg.Connection,
) -> None:
    role = raw.execute(
        "SELECT rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = current_user"
    ).fetchone()
    owned = count(raw, "pg_tables", "schemaname = 'public' AND tableowner = current_user")

    assert role == (False, False, False)
    assert owned == 0


def test_every_table_that_has_an_area_has_row_security(owner: psycopg.Connection) -> None:
    unguarded = owner.execute(
        "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
        " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attname = 'area'"
        " AND NOT c.relrowsecurity"
    ).fetchall()

    assert unguarded == []


def test_every_table_is_guarded_or_in_a_list(owner: psycopg.Connection) -> None:
    rows = owner.execute(
        "SELECT relname, relrowsecurity FROM pg_class"
        " WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
    ).fetchall()
    listed = {*WRITTEN, *READ, *UNTOUCHED, "registry_upload"}

    forgotten = [
        name
        for name, guarded in rows
        if not guarded and name not in listed and not name.startswith(JOBS)
    ]

    assert forgotten == []


def test_the_application_can_delete_no_row_that_holds_people(owner: psycopg.Connection) -> None:
    deletable = owner.execute(
        "SELECT table_name FROM information_schema.role_table_grants"
        " WHERE grantee = %s AND privilege_type = 'DELETE'",
        [APP_ROLE],
    ).fetchall()

    assert {name for (name,) in deletable if not name.startswith(JOBS)} <= set(WRITTEN)


@pytest.mark.parametrize("role", READERS)
def test_a_list_holds_the_households_of_the_area_and_no_others(
    role: Role, sign_in: SignedIn, villages: list[int], province: Workspace
) -> None:
    village = villages[0]
    client = sign_in(role, village)
    expected = {home for home, place in _homes(province) if place == str(village)}

    shown = {found for found, _ in ON_FILE.findall(client.get("/households/").content.decode())}

    assert shown == expected


@pytest.mark.parametrize("role", READERS)
def test_an_archive_of_another_area_is_not_there(
    role: Role, sign_in: SignedIn, villages: list[int], province: Workspace
) -> None:
    client = sign_in(role, villages[0])
    stranger = _household_outside(province, villages[0])

    answer = client.get(f"/households/{stranger}/{province.latest_period}/")

    assert answer.status_code == 404
    assert (
        stranger
        not in client.get(f"/households/?text={stranger}").content.decode().split("value=")[0]
    )


@pytest.mark.parametrize("role", [r for r in READERS if Right.EXPORT in RIGHTS[r]])
def test_an_export_ends_with_the_number_of_its_rows(
    role: Role, sign_in: SignedIn, villages: list[int], province: Workspace
) -> None:
    client = sign_in(role, villages[0])

    lines = b"".join(client.get("/households/export.csv")).decode("utf-8-sig").splitlines()

    assert len(lines) > 2
    assert lines[-1].startswith(f"# rows: {len(lines) - 2},sha256: ")
    assert all(line.split(",")[1] == str(villages[0]) for line in lines[1:-1])


def test_somebody_without_a_role_sees_no_page_with_people(
    sign_in: SignedIn, villages: list[int]
) -> None:
    client = sign_in(Role.ADMINISTRATOR, villages[0])

    assert client.get("/households/").status_code == 403
    assert client.get("/households/export.csv").status_code == 403


def test_nobody_sees_a_page_without_signing_in(sign_in: SignedIn, villages: list[int]) -> None:
    client = sign_in(Role.VILLAGE, villages[0])
    client.post("/sign-out/")

    for address in ("/", "/households/", "/households/export.csv", "/log/"):
        assert client.get(address).status_code == 302


def _household_outside(province: Workspace, village: int) -> str:
    return next(h for h, place in _homes(province) if not place.startswith(str(village)[:6]))


def _homes(province: Workspace) -> list[tuple[str, str]]:
    """Household number and village of everybody on file."""
    columns = ["household_id", "village_code"]
    rows = province.scan("households", period=province.latest_period, columns=columns).collect()
    return [(str(home), str(place)) for home, place in rows.rows()]
