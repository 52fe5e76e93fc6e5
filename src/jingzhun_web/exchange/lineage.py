"""Where a value comes from: the import that set it last, the file, the row in it, and the column there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
from django.db import models

from jingzhun_web.exchange.checking import LINEAGE
from jingzhun_web.exchange.models import Import
from jingzhun_web.kit import files
from jingzhun_web.kit.keys import seals
from jingzhun_web.registry.applying import KEYS, MODELS
from jingzhun_web.registry.columns import columns, is_sealed

_IMPORT = re.compile(r"^import (\d+)$")


@dataclass(frozen=True)
class Origin:
    """Where one value comes from. `batch` and what follows are null where no import set it."""

    field: str
    source: str
    """As the row carries it: an import, the first load of a register, or an act."""
    batch: Import | None = None
    file: str | None = None
    row: int | None = None
    column: str | None = None
    """Header in the file, or `=` and a value for all rows."""


def origins(table: str, key: str, period: int) -> list[Origin]:
    """The origin of each known value of a row of the register, in the order of the standard.

    The row's DoesNotExist when there is none in the scope. Reads all its versions, and a kept file per import.
    """
    model = MODELS[table]
    row = model._default_manager.get(**{KEYS[table]: key, "period": period})
    versions: list[models.Model] = [row]
    events: Any = getattr(row, "events")  # noqa: B009
    versions += list(events.order_by("-pgh_id"))
    opened = [_values(table, version) for version in versions]
    sources = [str(getattr(version, "source")) for version in versions]  # noqa: B009
    told: dict[str, tuple[Import | None, str | None, int | None]] = {}
    found = []
    for field, value in opened[0].items():
        if value is None:
            continue
        source = _since(field, opened, sources)
        if source not in told:
            told[source] = _place(source, table, key)
        batch, file, number = told[source]
        column = None if batch is None else _column(batch, table, field)
        found.append(Origin(field, source, batch, file, number, column))
    return found


def _values(table: str, version: models.Model) -> dict[str, Any]:
    """Column -> value; sealed ones opened, for each sealing of the same text differs."""
    open_ = seals().open
    found = {}
    for column in columns(table):
        value = getattr(version, column.name)
        is_opened = is_sealed(column) and value is not None
        found[column.name] = open_(bytes(value)) if is_opened else value
    return found


def _since(field: str, versions: Sequence[dict[str, Any]], sources: Sequence[str]) -> str:
    """The source of the earliest version, counted back from now, that had the value already."""
    place = 0
    while place + 1 < len(versions) and versions[place + 1][field] == versions[0][field]:
        place += 1
    return sources[place]


def _place(source: str, table: str, key: str) -> tuple[Import | None, str | None, int | None]:
    named = _IMPORT.match(source)
    batch = None if named is None else Import.objects.filter(pk=int(named.group(1))).first()
    if batch is None or LINEAGE not in batch.parts:
        return batch, None, None
    rows = pl.read_parquet(files.opened(batch.parts[LINEAGE])).filter(table=table, key=key)
    if not rows.height:
        return batch, None, None
    number, row = rows.select("file", "row").row(0)
    return batch, batch.files.get(number=number).name, int(row)


def _column(batch: Import, table: str, field: str) -> str | None:
    for part in batch.mapping["tables"]:
        rule = (part.get("columns") or {}).get(field)
        if part["table"] == table and rule is not None:
            plain = rule if isinstance(rule, dict) else {"from": rule}
            if "constant" in plain:
                return f"={plain['constant']}"
            return str(plain.get("from") or plain.get("template"))
        if part["table"] == table and field == "period" and "period" in part:
            return f"={part['period']}"
    return None
