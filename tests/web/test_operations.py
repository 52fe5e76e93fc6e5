"""Whoever runs the machine: backups come back equal, what is wrong is told before anything is written."""

from __future__ import annotations

import base64
import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile

import psycopg
import pytest

from jingzhun.frames.workspace import Workspace
from jingzhun_web.kit.environment import Environment, SettingsError
from jingzhun_web.kit.postgres import Addresses
from jingzhun_web.operations.backup import BackupError, is_signed
from jingzhun_web.operations.processes import ProcessError, must_be_free, run_together
from jingzhun_web.operations.restore import checked, opened

from .folders import folder_for_all

SECRET = "x" * 60
KEPT = "a file that somebody handed in"


def inside(*arguments: str, **given: str) -> subprocess.CompletedProcess[str]:
    """A command of the platform in a process of its own, with these settings."""
    return subprocess.run(
        [sys.executable, "-m", "jingzhun_web.inside", *arguments],
        env={**os.environ, "JINGZHUN_DB_ROLE": "owner", **given},
        capture_output=True,
        text=True,
        check=False,
    )


def web(*arguments: str, **given: str) -> subprocess.CompletedProcess[str]:
    command = Path(sys.executable).with_name("jingzhun-web")
    return subprocess.run(
        [command, *arguments],
        env={**os.environ, **given},
        capture_output=True,
        text=True,
        check=False,
    )


def settings(addresses: Addresses, home: Path) -> dict[str, str]:
    return {
        "DATABASE_URL": addresses.app,
        "JINGZHUN_OWNER_DATABASE_URL": addresses.owner,
        "JINGZHUN_HOME": str(home),
    }


def in_database(addresses: Addresses, name: str) -> Addresses:
    return Addresses(
        *(a.replace("/jingzhun?", f"/{name}?") for a in (addresses.owner, addresses.app))
    )


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """A folder of the platform with one file in it."""
    with folder_for_all() as folder:
        kept = folder / "files/ab" / ("ab" * 32)
        kept.parent.mkdir(parents=True)
        kept.write_text(KEPT, encoding="utf-8")
        yield folder


@pytest.fixture(scope="module")
def archive(addresses: Addresses, province: Workspace, home: Path) -> Path:
    """A backup of the invented province."""
    target = home / "backup.zip"
    done = inside("backup", str(target), **settings(addresses, home))
    assert done.returncode == 0, done.stderr
    return target


@pytest.fixture(scope="module")
def empty(addresses: Addresses) -> Iterator[Callable[[str], Addresses]]:
    """Makes new databases beside that of the tests; removed at the end."""
    made: list[str] = []
    owner = psycopg.conninfo.conninfo_to_dict(addresses.owner)
    superuser = f"host={owner['host']} port={owner['port']} user=postgres dbname=postgres"

    def make(name: str) -> Addresses:
        made.append(name)
        with psycopg.connect(superuser, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} OWNER jingzhun_owner TEMPLATE template0")
        return in_database(addresses, name)

    yield make
    with psycopg.connect(superuser, autocommit=True) as connection:
        for name in made:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def manifest_of(path: Path) -> dict[str, dict[str, object]]:
    with ZipFile(path) as file:
        found: dict[str, dict[str, object]] = json.loads(file.read("manifest.json"))
    return found


def test_a_restored_installation_equals_the_one_that_was_backed_up(
    archive: Path, empty: Callable[[str], Addresses], tmp_path: Path
) -> None:
    there = settings(empty("restored"), tmp_path / "home")

    restored = inside("restore", str(archive), **there)
    again = inside("backup", str(tmp_path / "again.zip"), **there)
    audit = inside("verify-audit", **there)
    second = inside("restore", str(archive), **there)

    assert restored.returncode == again.returncode == audit.returncode == 0, restored.stderr
    before, after = manifest_of(archive), manifest_of(tmp_path / "again.zip")
    # The log has one entry more: that somebody restored.
    log = before["tables"].pop("audit_entry"), after["tables"].pop("audit_entry")
    assert log[1]["rows"] == log[0]["rows"] + 1  # type: ignore[index]
    assert len(before["tables"]) > 15
    assert before["tables"]["registry_household"]["rows"] > 0  # type: ignore[index]
    assert before["tables"] == after["tables"]
    assert before["files"] == after["files"]
    assert (tmp_path / "home/files/ab" / ("ab" * 32)).read_text(encoding="utf-8") == KEPT
    assert "The audit log is whole" in audit.stdout
    assert second.returncode == 2
    assert "The database is not empty" in second.stderr


def test_after_a_restore_every_trigger_is_on_again_and_numbers_go_on(
    archive: Path, empty: Callable[[str], Addresses], tmp_path: Path
) -> None:
    addresses = empty("triggers")
    done = inside("restore", str(archive), **settings(addresses, tmp_path / "home"))

    assert done.returncode == 0, done.stderr
    with psycopg.connect(addresses.owner) as connection:
        off = connection.execute(
            "SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'O'"
        ).fetchone()
        behind = connection.execute(
            "SELECT nextval(pg_get_serial_sequence('registry_household', 'id'))"
            " > (SELECT max(id) FROM registry_household)"
        ).fetchone()
    assert off == (0,)
    assert behind == (True,)


def test_a_backup_is_for_its_owner_only_and_holds_no_name_and_no_number(
    archive: Path, province: Workspace
) -> None:
    persons = province.read("persons", province.counties(2019)[0], 2019)
    assert persons is not None
    with ZipFile(archive) as file:
        content = file.read("tables/registry_person").decode()

    assert archive.stat().st_mode & 0o077 == 0
    assert not any(number in content for number in persons["document_number"].drop_nulls())


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-200])


def _scratched(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(bytes(data))


def _changed(path: Path, name: str, change: Callable[[bytes], bytes]) -> None:
    """One entry rewritten, as whoever wants to deceive would: the archive itself is in order."""
    with ZipFile(path) as file:
        entries = {entry: file.read(entry) for entry in file.namelist()}
    entries[name] = change(entries[name])
    with ZipFile(path, "w", ZIP_STORED) as file:
        for entry, data in entries.items():
            file.writestr(entry, data)


def _another_row(path: Path) -> None:
    _changed(path, "tables/areas_area", lambda data: data + data.splitlines(keepends=True)[0])


def _another_manifest(path: Path) -> None:
    _changed(path, "manifest.json", lambda data: data.replace(b'"rows": ', b'"rows": 1'))


@pytest.mark.parametrize("damage", [_cut, _scratched, _another_row, _another_manifest])
def test_a_damaged_or_changed_backup_is_refused_before_anything_is_written(
    archive: Path, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    copy = tmp_path / "copy.zip"
    copy.write_bytes(archive.read_bytes())
    damage(copy)

    with pytest.raises(BackupError), opened(copy) as file:
        checked(file, copy)


def test_a_backup_of_other_keys_is_refused(
    archive: Path, empty: Callable[[str], Addresses], tmp_path: Path
) -> None:
    key = base64.b64encode(os.urandom(32)).decode()
    keys = {"JINGZHUN_DATA_KEYS": key, "JINGZHUN_INDEX_KEY": key}

    done = inside("restore", str(archive), **settings(empty("keys"), tmp_path / "home"), **keys)

    assert done.returncode == 2
    assert "JINGZHUN_DATA_KEYS" in done.stderr
    assert "Traceback" not in done.stderr


def test_production_refuses_the_demo_and_says_what_it_needs() -> None:
    key = base64.b64encode(os.urandom(32)).decode()
    given = {
        "JINGZHUN_MODE": "production",
        "DATABASE_URL": "postgresql://nobody@localhost/nothing",
        "JINGZHUN_SECRET_KEY": SECRET,
        "JINGZHUN_DATA_KEYS": key,
        "JINGZHUN_INDEX_KEY": key,
        "JINGZHUN_BEHIND_HTTPS": "true",
    }

    demo = web("demo", "nowhere", **given)
    backup = web("backup", "nowhere.zip", **given)
    bare = web("serve", JINGZHUN_MODE="production")

    assert demo.returncode == backup.returncode == bare.returncode == 2
    assert "JINGZHUN_OWNER_DATABASE_URL" in backup.stderr
    assert "The demo does not run in production mode" in demo.stderr
    assert "JINGZHUN_SECRET_KEY" in bare.stderr
    assert "Traceback" not in demo.stderr + bare.stderr


def test_the_check_before_real_data_finds_the_demo(addresses: Addresses, home: Path) -> None:
    given = settings(addresses, home) | {"JINGZHUN_DB_ROLE": "app"}

    done = inside("check", **given)
    as_owner = inside("check", **given | {"DATABASE_URL": addresses.owner})

    assert done.returncode == 1
    for fault in ("The mode is demo", "The keys are the demo's", "No host name is set"):
        assert fault in done.stderr
    assert "row security" not in done.stderr
    assert "owns tables" in as_owner.stderr


def test_a_port_in_use_is_told_with_a_way_out() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        with pytest.raises(ProcessError, match=f"JINGZHUN_PORT={port + 1}"):
            must_be_free("127.0.0.1", port)


def test_when_one_process_ends_by_itself_all_end(tmp_path: Path) -> None:
    mark = tmp_path / "ended"
    waits = ["bash", "-c", f"trap 'touch {mark}; exit 0' TERM; while true; do sleep 0.1; done"]

    with pytest.raises(ProcessError, match="worker ended by itself, code 3"):
        run_together(
            {"web server": waits, "worker": ["bash", "-c", "sleep 1; exit 3"]},
            environment=os.environ,
        )

    assert mark.exists()


SERVER = """
import socket, sys, time
listens = socket.create_server(("127.0.0.1", int(sys.argv[1])))
if sys.argv[2] == "answers":
    asked, _ = listens.accept()
    asked.recv(1000)
    asked.sendall(b"HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\n\\r\\n")
time.sleep(1)
"""


@pytest.mark.parametrize("does", ["answers", "only listens"])
def test_the_platform_is_ready_when_a_page_is_answered(
    does: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = str(probe.getsockname()[1])
    place = {"JINGZHUN_HOST": "127.0.0.1", "JINGZHUN_PORT": port}

    with pytest.raises(ProcessError, match="ended by itself"):
        run_together(
            {"web server": [sys.executable, "-c", SERVER, port, does]},
            environment=os.environ | place,
            ready="It runs.",
        )

    assert ("It runs." in capsys.readouterr().out) == (does == "answers")


def test_a_database_that_does_not_answer_is_told_in_a_sentence() -> None:
    done = inside(
        "verify-audit", DATABASE_URL="postgresql://x@127.0.0.1:1/x", JINGZHUN_DB_ROLE="app"
    )

    assert done.returncode == SettingsError.exit_code
    assert "The database does not answer" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_signature_is_of_the_whole_manifest(archive: Path) -> None:
    manifest = manifest_of(archive)

    assert is_signed(manifest)
    assert not is_signed({**manifest, "version": {}})


def test_the_guide_lists_every_setting_and_no_other() -> None:
    guide = (Path(__file__).parents[2] / "docs/operations.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([A-Z_]+)` \|", guide, flags=re.MULTILINE)
    fields = {
        str(field.validation_alias or f"JINGZHUN_{name.upper()}")
        for name, field in Environment.model_fields.items()
    }

    assert set(rows) == fields
    assert len(rows) == len(fields)
