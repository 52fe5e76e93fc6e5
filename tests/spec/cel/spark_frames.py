"""The same small tables on Spark, where it is installed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import narwhals as nw

from jingzhun.policy.cel.tree import Kind

from .linked import Row
from .support import ToFrame

HAS_SPARK = find_spec("pyspark") is not None
SparkSession: Any = import_module("pyspark.sql").SparkSession if HAS_SPARK else None
types: Any = import_module("pyspark.sql.types") if HAS_SPARK else None


def session() -> Any:
    """A small Spark inside this process."""
    settings = {
        "spark.ui.enabled": "false",
        "spark.driver.memory": "1g",
        "spark.sql.shuffle.partitions": "2",
        "spark.default.parallelism": "2",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.sql.session.timeZone": "UTC",
    }
    builder = SparkSession.builder.master("local[2]").appName("jingzhun-spec")
    for name, value in settings.items():
        builder = builder.config(name, value)
    started = builder.getOrCreate()
    started.sparkContext.setLogLevel("ERROR")
    return started


def spark_frame(spark: Any) -> ToFrame:
    """Rows become a Spark frame of this session."""
    kinds_of = {
        Kind.BOOL: types.BooleanType(),
        Kind.INT: types.LongType(),
        Kind.DOUBLE: types.DoubleType(),
        Kind.STRING: types.StringType(),
        Kind.DATE: types.DateType(),
        Kind.STRINGS: types.ArrayType(types.StringType()),
    }

    def to_frame(rows: Sequence[Row], kinds: Mapping[str, Kind]) -> nw.LazyFrame[Any]:
        schema = types.StructType(
            [types.StructField(name, kinds_of[kind]) for name, kind in kinds.items()]
        )
        data = [tuple(row.get(name) for name in kinds) for row in rows]
        frame: nw.LazyFrame[Any] = nw.from_native(spark.createDataFrame(data, schema))
        return frame

    return to_frame
