"""Loading a register into the platform, against bare COPY of the same rows: `python -m bench.platform_load`.

Bare COPY goes into tables with the same columns and nothing else: no key, no index, no policy, no trigger, and
with direct identifiers sealed beforehand. What is measured against it reads the workspace, seals and indexes
identifiers, keeps every constraint, and writes the log.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import django
import polars as pl
import psycopg
from psycopg import sql

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jingzhun_web.settings")
django.setup()

from django.db import connections  # noqa: E402

from bench import results  # noqa: E402
from jingzhun.frames.workspace import Workspace  # noqa: E402
from jingzhun.policy.pack import load_pack  # noqa: E402
from jingzhun.sample.province import make_sample  # noqa: E402
from jingzhun_web.kit import scope  # noqa: E402
from jingzhun_web.kit.embedded import embedded  # noqa: E402
from jingzhun_web.kit.postgres import database_settings  # noqa: E402
from jingzhun_web.registry.loading import as_households, as_persons, load_register, placed  # noqa: E402

GOAL = 3.0
PROVINCE = "620000000000"
TABLES = {"households": "registry_household", "persons": "registry_person"}


def measured(households: int, workspace: Path | None) -> dict[str, float | int]:
    """Seconds of both, and their ratio."""
    with TemporaryDirectory(prefix="jingzhun-bench-") as made:
        folder = Path(made)
        # The embedded server drops to another account where we are root.
        folder.chmod(0o755)
        source = Workspace.open(workspace) if workspace else _sample(folder / "ws", households)
        with _database(folder / "data") as owner:
            rows = sum(source.rows(table, source.latest_period) for table in TABLES)
            loaded = _timed_load(source)
            bare = _timed_copy(source, owner)
    return {
        "households": source.rows("households", source.latest_period),
        "rows": rows,
        "bare_copy_seconds": round(bare, 2),
        "load_seconds": round(loaded, 2),
        "ratio": round(loaded / bare, 2),
        "goal": GOAL,
    }


def _sample(path: Path, households: int) -> Workspace:
    make_sample(path, households=households, seed=7, divisions=load_pack("gansu").divisions)
    return Workspace.open(path)


@contextmanager
def _database(folder: Path) -> Iterator[str]:
    """An embedded database with the platform's tables; yields the owner's address."""
    with embedded(folder) as found:
        given = {"DATABASE_URL": found.app, "JINGZHUN_OWNER_DATABASE_URL": found.owner}
        command = [sys.executable, "-m", "jingzhun_web.inside", "migrate"]
        environment = {**os.environ, **given, "JINGZHUN_DB_ROLE": "owner"}
        subprocess.run(command, env=environment, check=True, capture_output=True)
        connections["default"].settings_dict.update(database_settings(found.app))
        yield found.owner
        connections.close_all()


def _timed_load(source: Workspace) -> float:
    begun = time.perf_counter()
    with scope.entered(scope.Scope.of_areas([PROVINCE])):
        load_register(by=0, workspace=source, period=source.latest_period)
    return time.perf_counter() - begun


def _timed_copy(source: Workspace, owner: str) -> float:
    """Bare COPY, county by county; making the text of the rows is not counted."""
    total = 0.0
    with psycopg.connect(owner) as connection:
        for county in source.counties(source.latest_period):
            for table, frame in _stored(source, county).items():
                total += _copied(connection, TABLES[table], frame)
        begun = time.perf_counter()
        connection.commit()
        return total + time.perf_counter() - begun


def _stored(source: Workspace, county: str) -> dict[str, pl.DataFrame]:
    rows = [source.read(table, county, source.latest_period) for table in TABLES]
    homes, members = placed(*(frame for frame in rows if frame is not None))
    return {"households": as_households(homes, "bench"), "persons": as_persons(members, "bench")}


def _copied(connection: psycopg.Connection, of: str, frame: pl.DataFrame) -> float:
    names = sql.SQL(", ").join(map(sql.Identifier, frame.columns))
    bare, source = sql.Identifier(f"bare_{of}"), sql.Identifier(of)
    connection.execute(
        sql.SQL("CREATE TABLE IF NOT EXISTS {} AS SELECT {} FROM {} WITH NO DATA").format(
            bare, names, source
        )
    )
    # Into tables that are there already, as a register's are: into a new one PostgreSQL may skip its log.
    connection.commit()
    buffer = io.BytesIO()
    frame.write_csv(buffer, include_header=False, null_value="", quote_style="necessary")
    begun = time.perf_counter()
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv)").format(bare, names)
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write(buffer.getvalue())
    return time.perf_counter() - begun


def main() -> None:
    """Measure, keep and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--households", type=int, default=1_000_000)
    parser.add_argument("--workspace", type=Path, help="a sample that is there already")
    chosen = parser.parse_args()
    found = measured(chosen.households, chosen.workspace)
    which = (
        f"--workspace {chosen.workspace}"
        if chosen.workspace
        else f"--households {chosen.households}"
    )
    command = f"python -m bench.platform_load {which}"
    results.write("platform_load", command, found)
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
