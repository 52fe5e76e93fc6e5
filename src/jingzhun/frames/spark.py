"""The cluster engine: the same tables of a workspace as Spark frames, seen through narwhals.

Spark and Java are needed only here. `spark-local` runs Spark inside this process; `spark://host:port` uses
a cluster whose workers see the workspace under the same path.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import narwhals as nw

from jingzhun.errors import UserError
from jingzhun.frames.partitions import column_types
from jingzhun.frames.workspace import Workspace

LOCAL = "spark-local"
_TYPES = {
    "String": "string",
    "Int64": "bigint",
    "Float64": "double",
    "Boolean": "boolean",
    "Date": "date",
    "List(String)": "array<string>",
}


class EngineError(UserError):
    """The engine asked for can't be used here."""


def is_spark(engine: str) -> bool:
    """Whether an engine's address means Spark."""
    return engine == LOCAL or engine.startswith("spark://")


@contextmanager
def session(engine: str, *, memory: str = "2g", cores: int | None = None) -> Iterator[Any]:
    """A Spark session for the address `spark-local` or `spark://host:port`, stopped at the end."""
    if not is_spark(engine):
        raise EngineError(
            f"There is no engine '{engine}'", do="Choose local, spark-local or spark://host:port"
        )
    try:
        sql = import_module("pyspark.sql")
    except ModuleNotFoundError as error:
        raise EngineError(
            "Spark is not installed", do="Install it with  pip install jingzhun[spark]"
        ) from error
    master = f"local[{cores or '*'}]" if engine == LOCAL else engine
    builder = (
        sql.SparkSession.builder.master(master)
        .appName("jingzhun")
        .config("spark.driver.memory", memory)
        .config(
            "spark.driver.host", "127.0.0.1" if engine == LOCAL or "127.0.0.1" in engine else None
        )
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.ansi.enabled", "false")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
    )
    found = builder.getOrCreate()
    found.sparkContext.setLogLevel("ERROR")
    try:
        yield found
    finally:
        found.stop()


def scan(
    spark: Any, ws: Workspace, table: str, *, period: int, columns: Sequence[str]
) -> nw.LazyFrame[Any]:
    """Rows of a table in one period as a Spark frame; columns that the files lack come as null."""
    paths = [str((ws.path / part.path).resolve()) for part in ws.files(table, period)]
    types = column_types(table)
    if not paths:
        fields = ", ".join(f"{name} {_TYPES[str(types[name])]}" for name in columns)
        empty: nw.LazyFrame[Any] = nw.from_native(spark.createDataFrame([], fields))
        return empty
    frame = spark.read.option("mergeSchema", "true").parquet(*paths)
    functions = import_module("pyspark.sql.functions")
    chosen = [
        functions.col(name)
        if name in frame.columns
        else functions.lit(None).cast(_TYPES[str(types[name])]).alias(name)
        for name in columns
    ]
    found: nw.LazyFrame[Any] = nw.from_native(frame.select(*chosen))
    return found
