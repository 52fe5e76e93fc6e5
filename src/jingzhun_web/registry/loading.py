"""A workspace's register into the platform, by COPY.

All of a period comes in, or nothing; the same data again changes nothing. Nobody can load households outside
their areas: rows go through a scratch table, since PostgreSQL refuses COPY where row-level security is active,
or, while no household is on file, straight into the archive, and are held against the areas at the end.
"""

from __future__ import annotations

import io
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from multiprocessing import get_context

import django
import polars as pl
from django.db import connection, transaction
from psycopg import sql

from jingzhun.errors import UserError
from jingzhun.frames.workspace import Workspace
from jingzhun_web.audit import services as audit
from jingzhun_web.kit.scope import DIGITS
from jingzhun_web.registry import identifiers
from jingzhun_web.registry.columns import columns, is_sealed
from jingzhun_web.registry.models import HOUSEHOLD_KEYS, PERSON_KEYS, Household, Person, Upload
from jingzhun_web.registry.subjects import HEAD, REDUCED

Tell = Callable[[str, int, int], None]
AHEAD = 2
"""Counties whose rows are held ready; each takes memory."""
FEW = 200_000
"""Households of a small register: starting a process would take longer than it gains."""


class LoadError(UserError):
    """A register can't be loaded."""


@dataclass(frozen=True)
class Text:
    """Rows as COPY reads them. Writing them takes as long as the database takes to read them, so that it is
    done ahead, beside the database's work."""

    columns: Sequence[str]
    content: bytes

    @classmethod
    def of(cls, rows: pl.DataFrame) -> Text:
        """The text of some rows."""
        buffer = io.BytesIO()
        rows.write_csv(buffer, include_header=False, null_value="", quote_style="necessary")
        return cls(rows.columns, buffer.getvalue())


@transaction.atomic
def load_register(
    *, by: int, workspace: Workspace, period: int, progress: Tell = lambda *_: None
) -> Upload | None:
    """Make the archive of a period that of the workspace; None when this very data is there already.

    LoadError when the period holds households already: changes of an archive go through an import.
    """
    data = workspace.data_hash(period)
    if Upload.objects.filter(data_hash=data).exists():
        return None
    if Household.objects.filter(period=period).exists():
        raise LoadError(
            f"There is an archive of {period} already",
            why="A whole register is loaded only where there is none",
            do="Import the changes instead",
        )
    counties = workspace.counties(period)
    counts = {"households": 0, "persons": 0}
    with first_load():
        for place, (county, households, persons) in enumerate(_ahead(workspace, counties, period)):
            counts["households"] += _loaded(Household, households)
            counts["persons"] += _loaded(Person, persons)
            progress(county, place + 1, len(counties))
    upload = Upload.objects.create(data_hash=data, period=period, loaded_by=by, **counts)
    audit.record(
        by=by,
        act="load_register",
        kind="upload",
        object_id=upload.pk,
        area=area_around(counties),
        **counts,
    )
    return upload


def area_around(counties: Sequence[str]) -> int:
    """The smallest area with all of some counties; 0 where no province has them all."""
    for digits in (6, 4, 2):
        heads = {county[:digits] for county in counties}
        if len(heads) == 1:
            return int(heads.pop().ljust(DIGITS, "0"))
    return 0


@contextmanager
def first_load() -> Iterator[None]:
    """Loads in the present transaction; where no household is on file yet, they go straight into the archive,
    and scope, keys and indexes are checked and built at the end, which takes half of the time off.
    Inside another one, that one does it."""
    begun = _asked("SELECT registry_first_load_begins()")
    yield
    if begun:
        _asked("SELECT registry_first_load_ends()")


def _ahead(ws: Workspace, counties: Sequence[str], period: int) -> Iterator[tuple[str, Text, Text]]:
    """Each county's rows; the next one's are made ready while the database takes those of this one."""
    others = iter(counties[1:])
    with _helper(ws.rows("households", period)) as pool:
        waiting = deque(pool.submit(_prepared, ws, c, period) for c in islice(others, AHEAD))
        for county in counties:
            # The first one's are made here: a process takes as long to start.
            first = county == counties[0]
            ready = _prepared(ws, county, period) if first else waiting.popleft().result()
            if not first:
                waiting.extend(pool.submit(_prepared, ws, c, period) for c in islice(others, 1))
            yield county, *ready


def _helper(households: int) -> Executor:
    """Who makes rows ready: another process, because sealing in this one would keep the database waiting."""
    if households < FEW:
        return ThreadPoolExecutor(max_workers=1)
    return ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=django.setup)


def _prepared(ws: Workspace, county: str, period: int) -> tuple[Text, Text]:
    households = ws.read("households", county, period)
    persons = ws.read("persons", county, period)
    if households is None or persons is None:
        raise LoadError(f"County {county} has no households or no persons in {period}")
    source = f"register {period} {ws.data_hash(period)[:12]}"
    homes, members = placed(households, persons)
    return Text.of(as_households(homes, source)), Text.of(as_persons(members, source))


def placed(households: pl.DataFrame, persons: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Households with `area` and the `head_name` of their head, and persons with the area of theirs."""
    homes = households.with_columns(area=pl.col("village_code").cast(pl.Int64))
    members = persons.join(homes.select("household_id", "area"), on="household_id", how="left")
    is_head = pl.col("relation") == HEAD
    if "record_state" in members.columns:
        # Whoever was taken off keeps their relation; not known counts as current.
        is_head &= pl.col("record_state").ne_missing(REDUCED)
    heads = members.filter(is_head).unique("household_id", keep="first", maintain_order=True)
    homes = homes.join(
        heads.select("household_id", head_name="name"), on="household_id", how="left"
    )
    return homes, members


def as_households(rows: pl.DataFrame, source: str) -> pl.DataFrame:
    """Placed households as the database keeps them: direct identifiers sealed, version 1."""
    keys = ["area", *HOUSEHOLD_KEYS]
    head = identifiers.sealed_column(rows["head_name"])
    return _with_columns(rows, "households", keys, HOUSEHOLD_KEYS).with_columns(
        head_name=head, source=pl.lit(source), version=pl.lit(1)
    )


def as_persons(rows: pl.DataFrame, source: str) -> pl.DataFrame:
    """Placed persons as the database keeps them: direct identifiers sealed and indexed."""
    plain, sound = identifiers.name_indexes(rows["name"])
    number = identifiers.document_index(rows["document_number"])
    return _with_columns(rows, "persons", ["area", *PERSON_KEYS], PERSON_KEYS).with_columns(
        name_index=plain,
        pinyin_index=sound,
        document_index=number,
        source=pl.lit(source),
    )


def _with_columns(
    rows: pl.DataFrame, table: str, keys: Sequence[str], without: tuple[str, ...]
) -> pl.DataFrame:
    made: list[pl.Series | pl.Expr] = [pl.col(name) for name in keys]
    for column in columns(table, without=without):
        if column.name not in rows.columns:
            continue
        if is_sealed(column):
            made.append(identifiers.sealed_column(rows[column.name]))
        elif column.type == "codes":
            made.append(_as_array(column.name))
        else:
            made.append(pl.col(column.name))
    return rows.select(*made)


def _as_array(name: str) -> pl.Expr:
    """A list of codes as PostgreSQL writes an array; codes hold no commas or quotes."""
    return (
        pl.when(pl.col(name).is_not_null())
        .then(pl.concat_str(pl.lit("{"), pl.col(name).list.join(","), pl.lit("}")))
        .alias(name)
    )


def _loaded(model: type[Household] | type[Person], rows: Text) -> int:
    if _asked(f"SELECT row_security_active('{model._meta.db_table}')"):
        return inserted_from_scratch(model, copied_to_scratch(model, rows), rows.columns)
    return _copied(rows, _named(model, model._meta.db_table, rows.columns))


def copied_to_scratch(model: type[Household] | type[Person], rows: Text) -> str:
    """COPY rows into a scratch table of this transaction; returned is its name."""
    scratch = f"incoming_{model._meta.db_table}"
    parts = _named(model, scratch, rows.columns)
    connection.ensure_connection()
    with connection.connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP TABLE IF EXISTS {table}").format(**parts))
        # Columns without their constraints: what is left out gets its default in the archive itself.
        cursor.execute(
            sql.SQL(
                "CREATE TEMP TABLE {table} ON COMMIT DROP AS SELECT {names} FROM {into} WITH NO DATA"
            ).format(**parts)
        )
    _copied(rows, parts)
    return scratch


def _copied(rows: Text, parts: Mapping[str, sql.Composable]) -> int:
    statement = sql.SQL("COPY {table} ({names}) FROM STDIN (FORMAT csv)").format(**parts)
    with connection.connection.cursor() as cursor:
        with cursor.copy(statement) as copy:
            copy.write(rows.content)
        return int(cursor.rowcount)


def inserted_from_scratch(
    model: type[Household] | type[Person], scratch: str, names: Sequence[str]
) -> int:
    """Add the scratch table's rows to the model's, whose policies hold; returned is how many."""
    statement = sql.SQL("INSERT INTO {into} ({names}) SELECT {names} FROM {table}")
    with connection.connection.cursor() as cursor:
        cursor.execute(statement.format(**_named(model, scratch, names)))
        return int(cursor.rowcount)


def _asked(statement: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return bool(cursor.fetchone()[0])


def _named(
    model: type[Household] | type[Person], table: str, names: Sequence[str]
) -> dict[str, sql.Composable]:
    return {
        "into": sql.Identifier(model._meta.db_table),
        "table": sql.Identifier(table),
        "names": sql.SQL(", ").join(map(sql.Identifier, names)),
    }
