"""The platform on a real PostgreSQL: the embedded one, with an invented province and people who sign in."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import django
import psycopg
import pytest

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jingzhun_web.settings")
# The browser tests of the same process leave a loop behind, which Django would take for async code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
django.setup()

from django.db import connections, transaction  # noqa: E402
from django.test import Client  # noqa: E402

from jingzhun.frames.workspace import Workspace  # noqa: E402
from jingzhun_web.access.models import Grant, User  # noqa: E402
from jingzhun_web.access.roles import Role  # noqa: E402
from jingzhun_web.exchange import store  # noqa: E402
from jingzhun_web.kit import environment, scope  # noqa: E402
from jingzhun_web.kit.embedded import embedded  # noqa: E402
from jingzhun_web.kit.postgres import Addresses, database_settings  # noqa: E402
from jingzhun_web.registry.loading import load_register  # noqa: E402
from jingzhun_web.registry.models import Household  # noqa: E402

from .accounts_support import places  # noqa: E402, F401  (a fixture)
from .archives import house  # noqa: E402, F401
from .decided import same_day  # noqa: E402, F401
from .findings import computed, on_file, team  # noqa: E402, F401
from .folders import folder_for_all  # noqa: E402
from .people import PASSWORD, PROVINCE, SignedIn  # noqa: E402


@pytest.fixture(scope="session")
def addresses() -> Iterator[Addresses]:
    """A database with tables and areas, made by the platform's own commands."""
    with folder_for_all() as folder, embedded(folder / "data") as found:
        given = {"DATABASE_URL": found.app, "JINGZHUN_OWNER_DATABASE_URL": found.owner}
        command = [sys.executable, "-m", "jingzhun_web.inside", "migrate"]
        environment = {**os.environ, **given, "JINGZHUN_DB_ROLE": "owner"}
        subprocess.run(command, env=environment, check=True, capture_output=True)
        connections["default"].settings_dict.update(database_settings(found.app))
        yield found
        connections.close_all()


@pytest.fixture(scope="session")
def province(addresses: Addresses, sample_path: Path) -> Workspace:
    """The invented province, loaded."""
    workspace = Workspace.open(sample_path)
    with scope.entered(scope.Scope.of_areas([PROVINCE])):
        load_register(by=0, workspace=workspace, period=workspace.latest_period)
    return workspace


@pytest.fixture
def home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home of the platform that is the test's own: files, snapshots, exchange."""
    monkeypatch.setenv("JINGZHUN_HOME", str(tmp_path / "home"))
    environment.environment.cache_clear()
    yield tmp_path / "home"
    environment.environment.cache_clear()


@pytest.fixture
def filled_home(home_folder: Path, province: Workspace) -> Path:
    """Such a home with the other departments' records of the province."""
    store.fill_from(province, on=date(2019, 12, 31))
    return home_folder


@pytest.fixture
def undone(province: Workspace) -> Iterator[None]:
    """What a test does in this block is undone at its end."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def owner(addresses: Addresses) -> Iterator[psycopg.Connection]:
    """The database as its owner sees it, for what only an attacker or the operator would do."""
    with psycopg.connect(addresses.owner) as connection:
        yield connection
        connection.rollback()


@pytest.fixture
def raw(province: Workspace, addresses: Addresses) -> Iterator[psycopg.Connection]:
    """Raw SQL through the application's own role."""
    with psycopg.connect(addresses.app) as connection:
        yield connection
        connection.rollback()


@pytest.fixture(scope="session")
def villages(province: Workspace) -> list[int]:
    """Villages with households, those with most first."""
    with scope.entered(scope.Scope.of_areas([PROVINCE])):
        areas = Household.objects.values_list("area", flat=True)
        counts = {area: list(areas).count(area) for area in set(areas)}
    return sorted(counts, key=lambda area: (-counts[area], area))


@pytest.fixture
def sign_in(undone: None) -> SignedIn:
    """Somebody with a role in an area, signed in."""

    def somebody(role: Role, area: int, name: str = "") -> Client:
        username = name or f"{role.value}{area}"
        scope.apply(scope.Scope.of_areas([PROVINCE]))
        user = User(username=username, display_name="invented", area=area)
        user.set_password(PASSWORD)
        user.save()
        Grant.objects.create(user=user, role=role, area=area, given_by=0)
        client = Client(SERVER_NAME="localhost")
        client.post("/sign-in/", {"username": username, "password": PASSWORD})
        return client

    return somebody
