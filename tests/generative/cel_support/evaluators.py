"""The two evaluators on the same households: the compiler on Polars or Spark, the interpreter one by one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import narwhals as nw
import polars as pl

from jingzhun.policy.cel import Expr, Interpreter, Program, Scope
from jingzhun.policy.cel.interpret import UNKNOWN
from jingzhun.policy.cel.tree import Kind

from . import names
from .households import Coverage, Home, Row, every_record

Schema = Mapping[str, Kind]
ToFrame = Callable[[Sequence[Row], Schema], nw.LazyFrame[Any]]

_PERSON = "n"


def interpreted(
    exprs: Mapping[str, Expr], home: Home, on: date, person: Row | None = None
) -> dict[str, Any]:
    """What the interpreter says of one household or one of its members; None is unknown."""
    asked = Interpreter(
        on, home.household, home.members, home.village, home.household["village_code"]
    )
    values = {name: asked.value(expr, person=person) for name, expr in exprs.items()}
    return {name: None if value is UNKNOWN else value for name, value in values.items()}


def compiled(
    exprs: Mapping[str, Expr],
    scope: Scope,
    homes: Sequence[Home],
    to_frame: ToFrame,
    *,
    covered: Coverage,
    is_sorted: bool = False,
) -> list[dict[str, Any]]:
    """What the compiler says of all households, or of all their members in order.

    `covered`: what the external tables cover. `is_sorted`: grouped by running totals, as partitions of a
    workspace are.
    """
    program = Program(scope, exprs)
    members = [
        {**member, _PERSON: n, "person_id": f"p{n}"}
        for n, member in enumerate(member for home in homes for member in home.members)
    ]
    villages = [
        {"village_code": home.household["village_code"], **home.village}
        for home in homes
        if home.village
    ]
    households = [home.household for home in homes]
    if is_sorted:
        households, members = ([*sorted(rows, key=_key)] for rows in (households, members))
    by_person = scope.subject == "person"
    result = program.apply(
        to_frame(
            households,
            {"key": Kind.INT, "village_code": Kind.STRING, **_schema(names.HOUSEHOLD)},
        ),
        to_frame(
            members,
            {
                "key": Kind.INT,
                _PERSON: Kind.INT,
                "person_id": Kind.STRING,
                "document_number": Kind.STRING,
                **_schema(names.MEMBER),
            },
        ),
        to_frame(villages, {"village_code": Kind.STRING, **_schema(names.VILLAGE)}),
        key="key",
        keep=[_PERSON if by_person else "key"],
        is_sorted=is_sorted,
        records=_records(members, covered, to_frame),
        covered={table: areas for table, areas in covered.items() if areas is not None},
    )
    rows = result.collect("polars").to_native().to_dicts()
    return sorted(rows, key=lambda row: row.pop(_PERSON if by_person else "key"))


def _records(
    members: Sequence[Row], covered: Coverage, to_frame: ToFrame
) -> dict[str, nw.LazyFrame[Any]]:
    """The records of every table that is there, also of people whom it does not cover."""
    return {
        table: to_frame(
            [
                {"person_id": member["person_id"], **record}
                for member in members
                for record in member.get(every_record(table), [])
            ],
            {"person_id": Kind.STRING, **_schema(of)},
        )
        for table, of in names.RECORDS.items()
        if covered.get(table, ()) is not None
    }


def _key(row: Row) -> int:
    return int(row["key"])


def _schema(of: Mapping[Kind, Sequence[str]]) -> Schema:
    stored = {name: kind for kind, named in of.items() for name in named}
    return {n: kind for n, kind in stored.items() if n != "age" and not n.startswith("id_")}


def polars_frame(rows: Sequence[Row], kinds: Schema) -> nw.LazyFrame[Any]:
    """The rows as a lazy Polars frame."""
    types: dict[Kind, pl.DataType] = {
        Kind.BOOL: pl.Boolean(),
        Kind.INT: pl.Int64(),
        Kind.DOUBLE: pl.Float64(),
        Kind.STRING: pl.String(),
        Kind.DATE: pl.Date(),
        Kind.STRINGS: pl.List(pl.String),
    }
    schema = pl.Schema({name: types[kind] for name, kind in kinds.items()})
    data = [{name: row.get(name) for name in kinds} for row in rows]
    return nw.from_native(pl.LazyFrame(data, schema=schema))


def spark_frames(spark: Any, types: Any) -> ToFrame:
    """Rows become frames of a Spark session; `types` is the module `pyspark.sql.types`."""
    kinds_of = {
        Kind.BOOL: types.BooleanType(),
        Kind.INT: types.LongType(),
        Kind.DOUBLE: types.DoubleType(),
        Kind.STRING: types.StringType(),
        Kind.DATE: types.DateType(),
        Kind.STRINGS: types.ArrayType(types.StringType()),
    }

    def to_frame(rows: Sequence[Row], kinds: Schema) -> nw.LazyFrame[Any]:
        schema = types.StructType(
            [types.StructField(name, kinds_of[kind]) for name, kind in kinds.items()]
        )
        data = [tuple(row.get(name) for name in kinds) for row in rows]
        frame: nw.LazyFrame[Any] = nw.from_native(spark.createDataFrame(data, schema))
        return frame

    return to_frame
