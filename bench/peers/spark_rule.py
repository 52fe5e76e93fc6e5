"""The rule in PySpark, two threads: nullable columns, one grouping of persons, one join."""

from __future__ import annotations

from functools import reduce
from operator import add, and_, or_
from typing import Any, TypeAlias

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as f

from bench.peers import rule
from bench.peers.rule import Peer, Source, Totals

Frames: TypeAlias = tuple[DataFrame, DataFrame]
KEY = "household_key"


def session(cores: int = 2) -> SparkSession:
    started: SparkSession = (
        SparkSession.builder.master(f"local[{cores}]")
        .config("spark.driver.memory", "6g")
        .config("spark.sql.shuffle.partitions", str(4 * cores))
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .getOrCreate()
    )
    started.sparkContext.setLogLevel("ERROR")
    return started


def lazily(source: Source) -> Frames:
    """The columns, read when they are asked for."""
    read = session().read
    return (
        read.parquet(*source.households).select(*source.household_columns),
        read.parquet(*source.persons).select(*source.person_columns),
    )


def load(source: Source) -> Frames:
    """The columns in Spark's own memory."""
    frames = tuple(frame.persist() for frame in lazily(source))
    for frame in frames:
        frame.count()
    return frames


def release(frames: Frames) -> None:
    for frame in frames:
        frame.unpersist(blocking=True)


def exists(condition: Column, name: str) -> Column:
    """Whether the condition holds for some member: unknown where it might."""
    found = f.coalesce(f.bool_or(condition), f.lit(False))
    doubtful = f.bool_or(condition.isNull())
    return f.when(found, True).when(~doubtful, False).alias(name)


def members(persons: DataFrame) -> DataFrame:
    """What is asked of the members, one row per household with persons."""
    p: Any = persons
    current = p.record_state.isNull() | (p.record_state != "2")
    sharing = current & (p.shares_budget.isNull() | p.shares_budget)
    soldier = p.is_active_soldier.isNotNull() & p.is_active_soldier
    insured = soldier | p.has_resident_medical | p.has_employee_medical
    school_age = (p.birth_date <= rule.SIX) & (p.birth_date > rule.SIXTEEN)
    late = (p.birth_date <= rule.SEVEN) & p.student_status.isin(rule.NOT_YET, rule.LEFT)
    absent = (p.student_status == rule.OUT_OF_SCHOOL) | late
    reason = p.not_in_school_reason
    excused = reason.isNotNull() & reason.isin(*rule.MEDICAL_REASONS)
    finished = (p.birth_date <= rule.FOURTEEN) & p.education.isin(*rule.NINE_GRADES)
    of_age = p.birth_date.isNull() | (p.birth_date <= rule.SIXTEEN)
    labourer = current & p.labour_ability.isin(*rule.ABLE) & of_age
    on_support = p.allowance_status.isin(*rule.ON_SUPPORT) | p.special_hardship_status.isin(
        *rule.ON_SUPPORT
    )
    asked = {
        "dropout": current & school_age & absent & ~excused & ~finished,
        "uninsured": current & ~(soldier | (insured & p.has_critical_illness)),
        "labourer": labourer,
        "steady": labourer & (p.work_months >= rule.STEADY_MONTHS),
        "trained": labourer & p.has_skill_training,
        "covered": current & on_support,
    }
    size = f.sum(sharing.cast("long")).alias("size")
    return persons.groupBy(KEY).agg(size, *(exists(c, name) for name, c in asked.items()))


def judged(households: DataFrame) -> dict[str, Column]:
    """Each indicator: met, not met, or unknown."""
    h: Any = households
    net = reduce(add, (h[name] for name in rule.INCOME))
    net = net - reduce(add, (h[name] for name in rule.COSTS))
    tests = {
        "water_litres_per_day": h.water_litres_per_day < rule.LITRES,
        "is_water_quality_safe": ~h.is_water_quality_safe,
        "water_fetch_minutes": h.water_fetch_minutes > rule.MINUTES,
        "water_supply_rate": h.water_supply_rate < rule.SUPPLY,
    }
    fails = reduce(or_, (h[name].isNotNull() & test for name, test in tests.items()))
    recorded = reduce(and_, (h[name].isNotNull() for name in tests))
    certified = h.has_house_certificate.isNotNull() & h.has_house_certificate
    graded = f.when(h.housing_grade.isNotNull(), h.housing_grade.isin("A", "B"))
    linked = h.is_cooperative_member | h.is_enterprise_led | h.is_entrepreneur_led
    return {
        "income": net / f.when(h["size"] != 0, h["size"]) >= rule.LINE,
        "housing": certified | graded.otherwise(~h.is_dangerous_house),
        "education": ~h.dropout,
        "medical": ~h.uninsured,
        "water": ~fails & (recorded | h.has_safe_water),
        "capacity": f.when(h.labourer, h.steady | h.trained | linked).when(~h.labourer, h.covered),
    }


def compute(frames: Frames) -> Totals:
    households, persons = frames
    joined = households.join(members(persons), KEY, "left")
    met = judged(joined)
    rows = joined.filter(f.coalesce("is_registered", f.lit(True))).select(
        f.substring("village_code", 1, 6).alias("county"),
        *(column.alias(item) for item, column in met.items()),
    )
    known = {item: f.coalesce(item, f.lit(True)) for item in met}
    best = reduce(add, (known[item].cast("int") * rule.WEIGHTS[item] for item in met))
    vetoed = reduce(or_, (~known[item] for item in rule.VETOES))
    failed = vetoed | (best < rule.PASS_MARK)
    missing = reduce(or_, (f.isnull(item) for item in met))
    counted = {
        "passed": ~failed & ~missing,
        "failed": failed,
        "not_assessable": ~failed & missing,
        **{f"not_met {item}": ~known[item] for item in met},
        **{f"missing {item}": f.isnull(item) for item in met},
    }
    sums = [f.sum(c.cast("long")).alias(name) for name, c in counted.items()]
    found = rows.groupBy("county").agg(*sums).collect()
    return rule.as_totals({row["county"]: row.asDict() for row in found})


PEER = Peer(load, compute)
