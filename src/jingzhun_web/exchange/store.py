"""Folders of exchange under the platform's home: snapshots, and the workspace of other departments' records."""

from __future__ import annotations

import os
import shutil
from datetime import date
from pathlib import Path

from jingzhun.frames.files import replace_text
from jingzhun.frames.partitions import REGISTER
from jingzhun.frames.workspace import Index, Partition, Workspace
from jingzhun.standard import schema
from jingzhun_web.areas.packs import PACK
from jingzhun_web.kit.environment import environment

PRIVATE = 0o700
COUNTIES = ".counties"
"""Folder of snapshots with each county's last files."""


def private(path: Path) -> Path:
    """A folder that only the platform's own account enters, made where it is missing."""
    path.mkdir(parents=True, exist_ok=True, mode=PRIVATE)
    path.chmod(PRIVATE)
    return path


def snapshots_folder() -> Path:
    """Where snapshots are."""
    return private(environment().home / "snapshots")


def exchange_workspace(*, on: date | None = None) -> Workspace | None:
    """The workspace with the deliveries; made when `on` (the day) is given, else None where there is none."""
    folder = environment().home / "exchange"
    if (folder / "workspace.toml").exists():
        return Workspace.open(folder)
    if on is None:
        return None
    return Workspace.create(private(folder), pack=PACK, created=on)


def link(source: Path, target: Path) -> None:
    """The same file under a second name; copied where the disk can't do that."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except FileExistsError:
        return
    except FileNotFoundError:
        raise
    except OSError:
        shutil.copy2(source, target)


def is_of_departments(part: Partition) -> bool:
    """Whether a file belongs in the exchange workspace: a table of the standard other than the register."""
    return part.table not in REGISTER and part.table in schema.tables() and not part.is_derived


def fill_from(source: Workspace, *, on: date) -> int:
    """Give the exchange workspace another workspace's tables (not the register) and deliveries, by link.

    Returned is the number of files that came in. What is there already stays, so that it may be repeated.
    """
    target = exchange_workspace(on=on)
    if target is None:
        raise AssertionError("made when a day is given")
    held = target.index.slots
    fresh = [p for p in source.index.partitions if is_of_departments(p) and p.slot not in held]
    known = {entry.get("id") for entry in target.imports}
    entries = [entry for entry in source.imports if entry.get("id") not in known]
    for part in fresh:
        link(source.path / part.path, target.path / part.path)
    index = Index((*target.index.partitions, *fresh), (*target.imports, *entries))
    replace_text(target.path / "index.json", index.text())
    return len(fresh)
