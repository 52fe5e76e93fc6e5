"""The scratch folders of an import: its files in clear, and workspaces before and after it; gone when it ends.

`before` is what there is, `after` the same with the import in it: the engine alone says what that means.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from jingzhun.frames.files import replace_text
from jingzhun.frames.partitions import REGISTER
from jingzhun.frames.workspace import Index, Partition, Workspace
from jingzhun.quality.intake.record_ids import KEY_FILE, record_key
from jingzhun_web.areas.packs import PACK
from jingzhun_web.exchange import snapshots, store
from jingzhun_web.exchange.fingerprints import UNIT
from jingzhun_web.exchange.models import Import, Kind
from jingzhun_web.kit import files
from jingzhun_web.kit.environment import environment
from jingzhun_web.kit.scope import DIGITS, span
from jingzhun_web.registry.selectors import periods


def folder_of(batch: Import) -> Path:
    """The import's own folder, made where it is missing."""
    return store.private(_home() / str(batch.pk))


def remove(batch: Import) -> None:
    """Delete everything that stands in clear."""
    shutil.rmtree(_home() / str(batch.pk), ignore_errors=True)


@contextmanager
def opened_files(given: Iterable[tuple[str, str]]) -> Iterator[list[Path]]:
    """Kept files (name, SHA-256) in clear under their names, while the block lasts."""
    with TemporaryDirectory(prefix=".files-", dir=_home()) as made:
        paths = []
        for name, sha256 in given:
            path = Path(made) / name
            path.write_bytes(files.opened(sha256))
            paths.append(path)
        yield paths


def before(batch: Import, *, on: date) -> Workspace:
    """What there is now of the area, in a workspace of the import's own. Call it inside the scope."""
    base = folder_of(batch) / "before"
    shutil.rmtree(base, ignore_errors=True)
    if batch.kind == Kind.REGISTER:
        return _register(batch, base, on)
    return _deliveries(batch, base, on)


def after(batch: Import, base: Workspace, *, on: date) -> Workspace:
    """A copy, by links, of what there is, for the import to go into."""
    target = folder_of(batch) / "after"
    shutil.rmtree(target, ignore_errors=True)
    return _cloned(base, target, base.index.partitions, on)


def staged(batch: Import) -> tuple[Workspace, Workspace]:
    """Before and after, as the last check left them."""
    folder = folder_of(batch)
    return Workspace.open(folder / "before"), Workspace.open(folder / "after")


def _register(batch: Import, base: Path, on: date) -> Workspace:
    if batch.period not in periods():
        return Workspace.create(base, pack=PACK, created=on)
    try:
        found = snapshots.taken(area=batch.area, period=batch.period).workspace
    except snapshots.NothingThereError:
        return Workspace.create(base, pack=PACK, created=on)
    own = [p for p in found.index.partitions if p.table in REGISTER and p.period == batch.period]
    return _cloned(found, base, own, on)


def _deliveries(batch: Import, base: Path, on: date) -> Workspace:
    source = store.exchange_workspace(on=on)
    if source is None:
        raise AssertionError("made when a day is given")
    with source.writing():
        # The same records must get the same numbers in the copy.
        record_key(source.path)
    first, last = (bound // UNIT for bound in span(f"{batch.area:0{DIGITS}d}"))
    own = [
        part
        for part in source.index.partitions
        if store.is_of_departments(part)
        and part.period == batch.period
        and first <= int(part.county) <= last
    ]
    made = _cloned(source, base, own, on)
    replace_text(made.path / "index.json", Index(tuple(own), source.imports).text())
    return Workspace.open(made.path)


def _cloned(source: Workspace, target: Path, parts: Iterable[Partition], on: date) -> Workspace:
    made = Workspace.create(target, pack=source.pack, created=on)
    parts = tuple(parts)
    for part in parts:
        store.link(source.path / part.path, target / part.path)
    if (source.path / KEY_FILE).exists():
        shutil.copy2(source.path / KEY_FILE, target / KEY_FILE)
    replace_text(target / "index.json", Index(parts, source.imports).text())
    return Workspace.open(made.path)


def _home() -> Path:
    return store.private(environment().home / "imports")
