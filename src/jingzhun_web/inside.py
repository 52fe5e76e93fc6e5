"""Commands that run inside Django, each in a process of its own as owner or application; called by `cli`."""

from __future__ import annotations

import getpass
import os
import secrets
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django
import psycopg

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jingzhun_web.settings")
django.setup()

from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, IntegrityError, OperationalError, connections, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone, translation
from procrastinate.contrib.django import app as jobs

from jingzhun.errors import UserError
from jingzhun.frames.workspace import Workspace
from jingzhun.policy.pack import load_pack
from jingzhun.standard.divisions.codes import full_code
from jingzhun_web.access.services import first_administrator
from jingzhun_web.areas.packs import pack
from jingzhun_web.areas.services import load_areas
from jingzhun_web.audit import services as audit
from jingzhun_web.demo import demo_accounts, first_work
from jingzhun_web.exchange.store import fill_from
from jingzhun_web.kit import scope
from jingzhun_web.kit.environment import SettingsError, environment
from jingzhun_web.kit.grants import give_grants
from jingzhun_web.operations.backup import back_up
from jingzhun_web.operations.checks import faults_of_deployment
from jingzhun_web.operations.processes import GRACE
from jingzhun_web.operations.restore import restore
from jingzhun_web.registry.loading import LoadError, first_load, load_register

INTERRUPTED = 130


def migrate() -> None:
    """Tables, policies, grants, and the areas of the pack."""
    call_command("migrate", verbosity=0)
    give_grants()
    with transaction.atomic():
        print(f"Areas: {load_areas(pack=pack()):,}")


def check_migrations() -> None:
    """Ends with an error when the database is behind."""
    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    behind = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if behind:
        raise SettingsError(
            f"The database is behind by {len(behind)} migrations",
            do="Make a backup, then run jingzhun-web migrate",
        )


def demo(path: str, file: str) -> None:
    """Register and accounts of the demo, in one process: each takes seconds to start."""
    _load(path)
    _accounts(Path(file))


def _load(path: str) -> None:
    """All periods of a workspace into the archive, earliest first, or none; what is there already is left."""
    workspace = Workspace.open(path)
    with scope.entered(scope.Scope.of_areas(_top(workspace))), first_load():
        told = [_loaded(workspace, period) for period in workspace.periods]
    print("\n".join(told))
    files = fill_from(workspace, on=timezone.localdate())
    print(f"Villages and other departments' records: {files:,} files linked")


def _loaded(workspace: Workspace, period: int) -> str:
    try:
        made = load_register(by=0, workspace=workspace, period=period, progress=_told)
    except LoadError as error:
        raise LoadError(
            f"The demo's database holds another province: {error.what}",
            do=f"Remove the folder {environment().home}, or name another one: JINGZHUN_HOME",
        ) from error
    if made is None:
        return f"Register of {period}: there already"
    return f"Register of {period}: {made.households:,} households, {made.persons:,} persons"


def _told(county: str, done: int, total: int) -> None:
    if sys.stderr.isatty():
        end = "\r" if done < total else "\r\033[K"
        print(f"Loading county {county}, {done} of {total}", end=end, file=sys.stderr, flush=True)


def _top(workspace: Workspace) -> list[str]:
    """The areas that no other of the pack's contains."""
    return [d.code for d in load_pack(workspace.pack).divisions if d.parent_code is None]


def _accounts(target: Path) -> None:
    """One account per role, with new passwords, printed once and kept in a file of the owner only."""
    accounts = demo_accounts(lambda: secrets.token_urlsafe(9))
    if accounts:
        lines = [
            f"{account.username:<14}{account.password:<16}{account.role}  {account.place}"
            for account in accounts
        ]
        target.write_text("\n".join(lines) + "\n", encoding="utf-8")
        target.chmod(0o600)
    if first_work(today=timezone.localdate()):
        print("Evaluation and cross-check of the latest year begin when the platform runs.")
    if target.exists():
        print(f"Accounts (also in {target}):\n{target.read_text(encoding='utf-8')}")
    else:
        print(
            f"Accounts were made at the first start; {target} with their passwords is gone. "
            f"Remove the folder {environment().home} to begin anew."
        )


def createadmin(username: str, area: str) -> None:
    """The first administrator of an area."""
    ask = getpass.getpass if sys.stdin.isatty() else lambda _: sys.stdin.readline().rstrip("\n")
    password = ask("Password: ")
    code = int(full_code(area))
    try:
        with scope.entered(scope.Scope.of_areas([area])):
            first_administrator(username=username, area=code, password=password)
    except ValidationError as error:
        raise SettingsError("The password is too weak", why=" ".join(error.messages)) from error
    except IntegrityError as error:
        raise SettingsError(f"There is an account {username.lower()} already") from error
    print(f"Account {username.lower()} administers {area}")


def verify_audit() -> None:
    """The chain of the log."""
    broken = audit.first_break()
    if broken is not None:
        print(f"The audit log is broken at entry {broken}", file=sys.stderr)
        sys.exit(1)
    print("The audit log is whole.")


def worker() -> None:
    """Jobs, two at a time, until told to stop; those at hand get time to end."""
    connector: Any = jobs.connector
    with jobs.replace_connector(connector.get_worker_connector()):
        # Two: the look around for jobs of killed workers must not wait behind a long one.
        jobs.run_worker(
            concurrency=2, shutdown_graceful_timeout=GRACE / 2, delete_jobs="successful"
        )


def back_up_(file: str) -> None:
    """All tables and files into one archive."""
    manifest = back_up(Path(file))
    rows = sum(entry["rows"] for entry in manifest["tables"].values())
    with transaction.atomic():
        audit.record(by=0, act="back_up", kind="installation", object_id=manifest["signature"][:12])
    print(
        f"Backup {file}: {len(manifest['tables'])} tables, {rows:,} rows, "
        f"{len(manifest['files']):,} files"
    )


def restore_(file: str) -> None:
    """An archive into the empty database; every table compared with it."""
    manifest = restore(Path(file), migrate)
    for name, entry in manifest["tables"].items():
        print(f"{name:<40}{entry['rows']:>12,} rows  sha256 {entry['sha256'][:16]}  equal")
    with transaction.atomic():
        audit.record(by=0, act="restore", kind="installation", object_id=manifest["signature"][:12])
    print(
        f"Restored the backup of {manifest['made_at']}: {len(manifest['tables'])} tables and "
        f"{len(manifest['files']):,} files are equal by row counts and checksums"
    )


def check_deploy() -> None:
    """What must be right before real data come in; each fault one line, 1 when there is any."""
    faults = list(faults_of_deployment())
    for fault in faults:
        print(f"- {fault}", file=sys.stderr)
    if faults:
        sys.exit(1)
    print("Ready: nothing to object to.")


COMMANDS: dict[str, Callable[..., None]] = {
    "migrate": migrate,
    "check-migrations": check_migrations,
    "createadmin": createadmin,
    "demo": demo,
    "verify-audit": verify_audit,
    "worker": worker,
    "backup": back_up_,
    "restore": restore_,
    "check": check_deploy,
}


def main() -> None:
    """Run one command; its name and arguments come from `cli`."""
    name, *arguments = sys.argv[1:]
    translation.activate("en")
    try:
        COMMANDS[name](*arguments)
    except UserError as error:
        print(f"jingzhun-web: {error.sentence}", file=sys.stderr)
        sys.exit(error.exit_code)
    except (OperationalError, psycopg.OperationalError) as error:
        first = str(error).partition("\n")[0]
        print(f"jingzhun-web: The database does not answer. {first}", file=sys.stderr)
        sys.exit(SettingsError.exit_code)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


if __name__ == "__main__":
    main()
