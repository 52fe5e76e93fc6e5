"""What must be right before real data come in: Django's own checks for deployment, and the platform's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.core import checks
from django.db import connection

import jingzhun_web
from jingzhun_web.access.models import User
from jingzhun_web.access.roles import Role
from jingzhun_web.kit import scope
from jingzhun_web.kit.environment import environment
from jingzhun_web.kit.keys import DEMO_KEY, seals

OLDEST_POSTGRES = 15
EVERYWHERE = scope.Scope(((0, 10**scope.DIGITS - 1),))
_LEFT_TO_THE_PROXY = {"security.W005", "security.W008", "security.W021"}
"""Redirects to HTTPS, and what browsers remember of neighbouring hosts, are the reverse proxy's."""
_OPEN = {"areas_area"}
"""Tables with areas that everybody may read."""

_ROLE = "SELECT rolsuper, rolbypassrls, rolname FROM pg_roles WHERE rolname = current_user"
_OWNED = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user"
_UNGUARDED = """
SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'area'
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND NOT c.relrowsecurity
ORDER BY 1
"""


def faults_of_deployment() -> Iterator[str]:
    """One sentence for each thing that must be put right; none when the platform is ready."""
    yield from _of_settings()
    yield from _of_keys()
    yield from _of_the_machine()
    yield from _of_the_database()
    yield from _of_accounts()
    yield from _of_django()


def _of_settings() -> Iterator[str]:
    env = environment()
    if env.mode != "production":
        yield "The mode is demo: set JINGZHUN_MODE=production."
    if "*" in env.allowed_hosts or not set(env.allowed_hosts) - {"127.0.0.1", "localhost", "[::1]"}:
        yield "No host name is set: JINGZHUN_ALLOWED_HOSTS must name the address in the browser."
    if env.owner_database_url:
        yield (
            "JINGZHUN_OWNER_DATABASE_URL is set where pages are served: "
            "give it only to migrate, backup and restore."
        )
    if env.second_factor == "off":
        yield "The second factor is off: JINGZHUN_SECOND_FACTOR=identifiers asks those who see names."


def _of_keys() -> Iterator[str]:
    keys = seals()
    if DEMO_KEY in keys.keys or keys.index_key == DEMO_KEY[::-1]:
        yield "The keys are the demo's, which everybody knows: set JINGZHUN_DATA_KEYS and _INDEX_KEY."
    if keys.index_key in keys.keys:
        yield "The index key is one of the data keys: make another one."
    if len(set(keys.keys)) < len(keys.keys):
        yield "JINGZHUN_DATA_KEYS names a key twice."


def _of_the_machine() -> Iterator[str]:
    package = Path(jingzhun_web.__file__).parent
    if not (package / "static/platform/built.txt").is_file():
        yield "The built pages are missing: install the wheel that make wheel makes."
    if not list(package.glob("**/*.mo")):
        yield "The compiled translations are missing: install the wheel that make wheel makes."
    home = environment().home
    if not home.is_absolute() or not home.is_dir():
        yield f"JINGZHUN_HOME is {home}: it must be the whole path of a folder that is there."
    elif home.stat().st_mode & 0o007:
        yield f"{home} can be entered by everybody: chmod o-rwx {home}."


def _of_the_database() -> Iterator[str]:
    with connection.cursor() as cursor:
        version = cursor.connection.info.server_version // 10_000
        if version < OLDEST_POSTGRES:
            yield f"PostgreSQL is of version {version}; at least {OLDEST_POSTGRES} is needed."
        cursor.execute(_ROLE)
        superuser, bypasses, role = cursor.fetchone() or (True, True, "?")
        if superuser or bypasses:
            yield f"The role {role} of DATABASE_URL bypasses row security: use one that can't."
        cursor.execute(_OWNED)
        if cursor.fetchone() != (0,):
            yield f"The role {role} of DATABASE_URL owns tables, so that no policy holds for it."
        cursor.execute("SELECT has_database_privilege(current_database(), 'TEMPORARY')")
        if cursor.fetchone() != (True,):
            yield f"The role {role} may not make temporary tables: GRANT TEMPORARY ON DATABASE."
        cursor.execute(_UNGUARDED)
        for (table,) in cursor.fetchall():
            if table not in _OPEN:
                yield f"The table {table} has areas and no row security."


def _of_accounts() -> Iterator[str]:
    with scope.entered(EVERYWHERE):
        found = User.objects.filter(username__in=Role.values, display_name__endswith="(demo)")
        for username in found.order_by("username").values_list("username", flat=True):
            yield f"The account {username} is the demo's: begin with a database that never saw the demo."


def _of_django() -> Iterator[str]:
    for message in checks.run_checks(include_deployment_checks=True):
        is_ours = message.id not in _LEFT_TO_THE_PROXY
        if is_ours and message.level >= checks.WARNING:
            yield f"{message.id}: {message.msg}"
