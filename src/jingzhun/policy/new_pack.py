"""A small valid pack to start from."""

from __future__ import annotations

import re
from pathlib import Path

from jingzhun.errors import PackError, Place

_TEMPLATE = Path(__file__).parent / "starter"
_PLACEHOLDER = "new-pack"


def new_pack(folder: Path) -> list[Path]:
    """Write a small valid pack with comments into `folder`; its id is the folder's name.

    Returns the files written. PackError when the folder has something in it, or a name that is no id.
    """
    name = folder.resolve().name.lower()
    if not re.fullmatch(r"[a-z][a-z0-9_-]*", name):
        raise PackError(
            f"'{folder.name}' can't be the id of a pack",
            do="Name the folder with small letters, digits and hyphens, as in my-county",
        )
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise PackError("The folder is not empty", where=Place(str(folder)), do="Name a new folder")
    written = []
    for source in sorted(_TEMPLATE.rglob("*.yaml")):
        target = folder / source.relative_to(_TEMPLATE)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(source.read_text("utf-8").replace(_PLACEHOLDER, name), "utf-8")
        except OSError as error:
            raise PackError(
                "The file can't be written", where=Place(str(target)), why=str(error.strerror)
            ) from error
        written.append(target)
    return written
