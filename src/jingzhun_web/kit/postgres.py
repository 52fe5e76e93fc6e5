"""The database's two roles and addresses.

`jingzhun_owner` owns the tables and migrates them; `jingzhun_app` is what the platform connects with: it owns
nothing, and row-level security holds for it.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import psycopg
from psycopg import sql

from jingzhun_web.kit.rls import APP_ROLE

OWNER_ROLE = "jingzhun_owner"
DATABASE = "jingzhun"


@dataclass(frozen=True)
class Addresses:
    """Where the database is, for the owner and for the application."""

    owner: str
    app: str


def prepared(superuser: str) -> Addresses:
    """Make roles and database where they are missing; returned are addresses with fresh passwords."""
    passwords = {role: secrets.token_urlsafe(24) for role in (OWNER_ROLE, APP_ROLE)}
    with psycopg.connect(superuser, autocommit=True) as connection:
        for role, password in passwords.items():
            _make_role(connection, role, password)
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
        if found.fetchone() is None:
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {} ENCODING 'UTF8' TEMPLATE template0").format(
                    sql.Identifier(DATABASE), sql.Identifier(OWNER_ROLE)
                )
            )
    info = psycopg.conninfo.conninfo_to_dict(superuser)
    host, port = quote(str(info["host"]), safe=""), info.get("port", "5432")
    made = {
        role: f"postgresql://{role}:{password}@/{DATABASE}?host={host}&port={port}"
        for role, password in passwords.items()
    }
    return Addresses(made[OWNER_ROLE], made[APP_ROLE])


def _make_role(connection: psycopg.Connection, role: str, password: str) -> None:
    name = sql.Identifier(role)
    found = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
    if found is None:
        connection.execute(
            sql.SQL("CREATE ROLE {} NOSUPERUSER NOCREATEDB NOBYPASSRLS").format(name)
        )
    connection.execute(
        sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}").format(name, sql.Literal(password))
    )


def database_settings(address: str | None) -> dict[str, Any]:
    """Django's entry for a PostgreSQL address; without one, an entry that can't connect."""
    info = psycopg.conninfo.conninfo_to_dict(address or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": info.get("dbname", DATABASE),
        "USER": info.get("user", ""),
        "PASSWORD": info.get("password", ""),
        "HOST": info.get("host", ""),
        "PORT": str(info.get("port", "")),
        "OPTIONS": {"pool": False, "prepare_threshold": 5},
    }
