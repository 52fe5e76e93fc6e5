"""Commands that run inside Django, each in a process of its own as owner or application; called by `cli`."""

from __future__ import annotations

import getpass
import os
import secrets
import sys
from collections.abc import Callable
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jingzhun_web.settings")
django.setup()

from django.core.management import call_command
from django.db import transaction

from jingzhun.errors import UserError
from jingzhun.frames.workspace import Workspace
from jingzhun.policy.pack import load_pack
from jingzhun.standard.divisions.codes import full_code
from jingzhun_web.access.services import first_administrator
from jingzhun_web.areas.services import load_areas
from jingzhun_web.audit import services as audit
from jingzhun_web.demo import demo_accounts
from jingzhun_web.kit import scope
from jingzhun_web.kit.grants import give_grants
from jingzhun_web.registry.loading import load_register

PACK = "gansu"


def migrate() -> None:
    """Tables, policies, grants, and the areas of the pack."""
    call_command("migrate", verbosity=0)
    give_grants()
    with transaction.atomic():
        print(f"Areas: {load_areas(pack=load_pack(PACK)):,}")


def check_migrations() -> None:
    """Ends with an error when the database is behind."""
    call_command("migrate", check_unapplied=True, verbosity=0)


def load(path: str) -> None:
    """The last period of a workspace into the archive; nothing when it is there already."""
    workspace = Workspace.open(path)
    everywhere = scope.Scope.of_areas(_top(workspace))
    with scope.entered(everywhere):
        made = load_register(by=0, workspace=workspace, period=workspace.latest_period)
    if made is None:
        print("The register is there already.")
    else:
        print(
            f"Register of {made.period}: {made.households:,} households, {made.persons:,} persons"
        )


def _top(workspace: Workspace) -> list[str]:
    """The areas that no other of the pack's contains."""
    return [d.code for d in load_pack(workspace.pack).divisions if d.parent_code is None]


def createadmin(username: str, area: str) -> None:
    """The first administrator of an area."""
    password = getpass.getpass("Password: ")
    code = int(full_code(area))
    with scope.entered(scope.Scope.of_areas([area])):
        first_administrator(username=username, area=code, password=password)
    print(f"Account {username.lower()} administers {area}")


def demo_accounts_(file: str) -> None:
    """One account per role, with new passwords, printed once and kept in a file of the owner only."""
    accounts = demo_accounts(lambda: secrets.token_urlsafe(9))
    target = Path(file)
    if accounts:
        lines = [
            f"{account.username:<14}{account.password:<16}{account.role}  {account.place}"
            for account in accounts
        ]
        target.write_text("\n".join(lines) + "\n", encoding="utf-8")
        target.chmod(0o600)
    print(f"Accounts (also in {target}):\n{target.read_text(encoding='utf-8')}")


def verify_audit() -> None:
    """The chain of the log."""
    broken = audit.first_break()
    if broken is not None:
        print(f"The audit log is broken at entry {broken}", file=sys.stderr)
        sys.exit(1)
    print("The audit log is whole.")


COMMANDS: dict[str, Callable[..., None]] = {
    "migrate": migrate,
    "check-migrations": check_migrations,
    "load": load,
    "createadmin": createadmin,
    "demo-accounts": demo_accounts_,
    "verify-audit": verify_audit,
}


def main() -> None:
    """Run one command; its name and arguments come from `cli`."""
    name, *arguments = sys.argv[1:]
    try:
        COMMANDS[name](*arguments)
    except UserError as error:
        print(f"jingzhun-web: {error.sentence}", file=sys.stderr)
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()
