"""Numbers for records whose source has none: the same content of the chosen columns, the same number.

They are keyed with a secret of the workspace, for a plain hash of a document number can be undone by trying
all numbers. Two workspaces therefore give the same record different numbers.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from jingzhun.errors import WorkspaceError
from jingzhun.standard.schema import Table

MADE = "record_id"
"""The column that is made from others where the source has none."""
NOT_CONTENT = (MADE, "period", "delivery_id")
KEY_FILE = "record.key"
"""File of the workspace that holds the secret; whoever restores a workspace needs it too."""
_KEY_BYTES = 32
_ID_BYTES = 10
_BETWEEN, _NOTHING = "\x1f", "\x1e"
_DAY = "(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])"
_DOCUMENTS = (
    rf"[0-9]{{6}}(18|19|20)[0-9]{{2}}{_DAY}[0-9]{{3}}[0-9Xx]",
    rf"^[0-9]{{8}}{_DAY}[0-9]{{3}}$",
)
"""A document number inside a longer number, as in those of pupils and of disability certificates."""


def with_record_ids(
    values: pl.DataFrame, table: Table, columns: Sequence[str], key: bytes
) -> pl.DataFrame:
    """The values with a `record_id` in every row that has one or can be given one, else null.

    An empty one is made from `columns`. One that tells who the person is, because a document number stands
    in it or it equals a direct identifier of the row, is replaced by one made from it.
    """
    if MADE not in values.columns:
        values = values.with_columns(pl.lit(None, dtype=pl.String).alias(MADE))
    given = values[MADE]
    is_telling = values.select(_tells(values, table)).to_series()
    made = _made(values, given.is_null(), [n for n in columns if n in values.columns], key)
    made = _made(values, is_telling, [MADE], key, onto=made)
    return values.with_columns(
        pl.when(pl.Series(given.is_null() | is_telling)).then(made).otherwise(given).alias(MADE)
    )


def _tells(values: pl.DataFrame, table: Table) -> pl.Expr:
    direct = [c.name for c in table.columns if c.privacy == "direct" and c.name in values.columns]
    same = [pl.col(MADE) == pl.col(name) for name in direct]
    shaped = [pl.col(MADE).str.contains(shape) for shape in _DOCUMENTS]
    return pl.any_horizontal(*same, *shaped).fill_null(False)


def _made(
    values: pl.DataFrame,
    wanted: pl.Series,
    columns: Sequence[str],
    key: bytes,
    onto: pl.Series | None = None,
) -> pl.Series:
    """Numbers made from some columns in the rows that want one; null where all of these are null."""
    found = pl.repeat(None, values.height, dtype=pl.String, eager=True) if onto is None else onto
    if not columns or not wanted.any():
        return found
    chosen = values.select(_text(values, name).alias(name) for name in columns)
    known = chosen.select(pl.any_horizontal(pl.all().is_not_null())).to_series()
    rows = (wanted & known).arg_true()
    whole = pl.concat_str(pl.all().fill_null(_NOTHING), separator=_BETWEEN)
    texts = chosen[rows].select(whole).to_series().to_list()
    return found.scatter(rows, pl.Series([_number(text, key) for text in texts], dtype=pl.String))


def record_key(workspace: Path) -> bytes:
    """The secret of a workspace, made when it is not there; WorkspaceError when it can't be read.

    Under the workspace's lock only.
    """
    path = workspace / KEY_FILE
    if not path.exists():
        _make(path)
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except (OSError, ValueError) as error:
        raise _unreadable(path) from error
    if len(key) != _KEY_BYTES:
        raise _unreadable(path)
    return key


def _make(path: Path) -> None:
    scratch = path.with_name(f".{path.name}.tmp")
    scratch.unlink(missing_ok=True)
    descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as handle:
        handle.write(secrets.token_hex(_KEY_BYTES))
        handle.flush()
        os.fsync(handle.fileno())
    scratch.replace(path)


def _unreadable(path: Path) -> WorkspaceError:
    return WorkspaceError(
        f"{path} does not hold the key for the numbers of records",
        do="Restore it from a backup; with another key the same records would count as new ones",
    )


def _number(text: str, key: bytes) -> str:
    return hashlib.blake2b(text.encode(), key=key, digest_size=_ID_BYTES).hexdigest()


def _text(values: pl.DataFrame, name: str) -> pl.Expr:
    column = pl.col(name)
    if isinstance(values.schema[name], pl.List):
        return column.list.join(_BETWEEN)
    return column.cast(pl.String)
