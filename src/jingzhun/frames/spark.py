"""The cluster engine: the same tables of a workspace as Spark frames, seen through narwhals.

Spark and Java are needed only here. `spark-local` runs Spark inside this process; `spark://host:port` uses
a cluster whose workers see the workspace and the results under the same path as this machine.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import narwhals as nw
import polars as pl

from jingzhun.errors import UserError
from jingzhun.frames.files import content_hash
from jingzhun.frames.partitions import KEY, storage_schema
from jingzhun.frames.results import ResultFolder
from jingzhun.frames.workspace import Workspace
from jingzhun.standard import schema

EMBEDDED = "local"
LOCAL = "spark-local"
SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    # Unknown stays null: a sum or division that fails must not end the job.
    "spark.sql.ansi.enabled": "false",
    "spark.sql.parquet.compression.codec": "zstd",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}
PARTITIONS_PER_CORE = 4
"""Pieces of a shuffle for each core of this machine; a cluster has its own setting."""

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
def session(engine: str, *, memory: str = "2g") -> Iterator[Any]:
    """A Spark session for the address `spark-local` or `spark://host:port`, stopped at the end.

    Memory and cores of executors come from Spark's own configuration (`SPARK_CONF_DIR`). EngineError when
    Spark or Java is not installed, or the cluster does not answer.
    """
    if not is_spark(engine):
        raise EngineError(
            f"There is no engine '{engine}'", do="Choose local, spark-local or spark://host:port"
        )
    started = _started(_builder(engine, memory), engine)
    started.sparkContext.setLogLevel("ERROR")
    try:
        yield started
    finally:
        started.stop()


def _builder(engine: str, memory: str) -> Any:
    try:
        sql = import_module("pyspark.sql")
    except ModuleNotFoundError as error:
        raise EngineError(
            "Spark is not installed", do="Install it with  pip install 'jingzhun[spark]'"
        ) from error
    builder = sql.SparkSession.builder.appName("jingzhun").config("spark.driver.memory", memory)
    for name, value in SETTINGS.items():
        builder = builder.config(name, value)
    if engine == LOCAL:
        pieces = str(PARTITIONS_PER_CORE * (os.cpu_count() or 1))
        builder = builder.config("spark.sql.shuffle.partitions", pieces)
    if engine == LOCAL or "//127.0.0.1:" in engine:
        for name in ("spark.driver.host", "spark.driver.bindAddress"):
            builder = builder.config(name, "127.0.0.1")
    return builder.master("local[*]" if engine == LOCAL else engine)


def _started(builder: Any, engine: str) -> Any:
    errors = import_module("pyspark.errors")
    py4j = import_module("py4j.protocol")
    try:
        return builder.getOrCreate()
    except errors.PySparkRuntimeError as error:
        raise EngineError(
            "Spark could not be started",
            why=f"{error.getCondition() or 'No Java was found, or it ended at once'}",
            do="Install Java 17 or later, and let JAVA_HOME name its folder",
        ) from error
    except py4j.Py4JError as error:
        raise EngineError(
            f"Spark at {engine} could not be used",
            why="No master answered there, or no worker has enough memory and cores",
            do="Check the address, and that master and workers run",
        ) from error


def scan(
    spark: Any, ws: Workspace, table: str, *, period: int, columns: Sequence[str]
) -> nw.LazyFrame[Any]:
    """Rows of a table in one period as a Spark frame; columns that the files lack come as null."""
    types = {**storage_schema(schema.table(table)), KEY: pl.Int64}
    fields = ", ".join(f"{name} {_TYPES[str(types[name])]}" for name in dict.fromkeys(columns))
    paths = [str((ws.path / part.path).resolve()) for part in ws.files(table, period)]
    frame = (
        spark.read.schema(fields).parquet(*paths) if paths else spark.createDataFrame([], fields)
    )
    found: nw.LazyFrame[Any] = nw.from_native(frame)
    return found


@contextmanager
def kept(frame: nw.LazyFrame[Any]) -> Iterator[nw.LazyFrame[Any]]:
    """The frame, computed once and kept by the executors for as long as the block lasts."""
    native = frame.to_native().persist()
    try:
        again: nw.LazyFrame[Any] = nw.from_native(native)
        yield again
    finally:
        native.unpersist()


def write_by_county(
    folder: ResultFolder, name: str, rows: nw.LazyFrame[Any], *, order: Sequence[str]
) -> None:
    """Write `<name>/<county>` for every county that has rows; executors write, one file per county.

    `rows` has a column county_code. Files have the columns, order and types of those written locally.
    """
    functions = import_module("pyspark.sql.functions")
    scratch = (folder.path / name).with_name(f"{Path(name).name}.parts").resolve()
    parted = rows.to_native().withColumn("part", functions.col("county_code"))
    sorted_rows = parted.repartition("part").sortWithinPartitions("part", *order)
    sorted_rows.write.partitionBy("part").parquet(scratch.as_uri())
    for part in sorted(scratch.glob("part=*")):
        files = sorted(part.glob("*.parquet"))
        if len(files) != 1:
            raise AssertionError(f"{len(files)} files for one county")
        _adopt(folder, f"{name}/{part.name.removeprefix('part=')}", files[0])
    shutil.rmtree(scratch)


def _adopt(folder: ResultFolder, name: str, file: Path) -> None:
    """Make a file that an executor wrote a table of the run."""
    target = folder.path / f"{name}.parquet"
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(file, target)
    count = pl.scan_parquet(target).select(pl.len()).collect().item()
    folder.tables[f"{name}.parquet"] = {"rows": count, "sha256": content_hash(target)}
