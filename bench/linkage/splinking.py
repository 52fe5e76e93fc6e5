"""Splink 5 on a pair of files (or one), set up by a `Setup`."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb
import polars as pl
from splink import Linker, SettingsCreator
from splink.backends.duckdb import DuckDBAPI

logging.getLogger("splink").setLevel(logging.ERROR)
LOWEST = 0.02
"""Pairs below are not kept; low, so that the best threshold can be looked for afterwards."""


@dataclass(frozen=True)
class Setup:
    """What a user of Splink writes down; rules as Splink's `block_on` or SQL."""

    comparisons: Sequence[Any]
    blocking: Sequence[Any]
    certain: Sequence[Any]
    """Rules for the share of pairs that are one person, and their recall."""
    recall: float
    training: Sequence[Any]
    pairs_for_u: float = 1e6
    more: dict[str, Any] = field(default_factory=dict)
    training_pairs: float | None = None


@dataclass(frozen=True)
class Found:
    links: pl.DataFrame
    """left_id, right_id, probability."""
    compared: int


def link(left: pl.DataFrame, right: pl.DataFrame | None, setup: Setup) -> Found:
    """Train and predict; `unique_id` names the rows. One table: pairs inside it."""
    connection = duckdb.connect()
    api = DuckDBAPI(connection)
    tables = [api.register(left.to_arrow(), dataset_display_name="a_left")]
    if right is not None:
        tables.append(api.register(right.to_arrow(), dataset_display_name="b_right"))
    settings = SettingsCreator(
        link_type="dedupe_only" if right is None else "link_only",
        comparisons=list(setup.comparisons),
        blocking_rules_to_generate_predictions=list(setup.blocking),
        **setup.more,
    )
    linker = Linker(tables[0] if right is None else tables, settings, log_level=logging.ERROR)
    linker.training.estimate_probability_two_random_records_match(
        list(setup.certain), recall=setup.recall
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=setup.pairs_for_u, seed=1)
    for rule in setup.training:
        linker.training.estimate_parameters_using_expectation_maximisation(
            rule, max_pairs=setup.training_pairs
        )
    pairs = linker.inference.compute_blocked_pairs_for_predict()
    compared = connection.table(pairs.physical_name).count("*").fetchall()
    predicted = linker.inference.predict(threshold_match_probability=LOWEST, warning_mode="never")
    found = connection.table(predicted.physical_name).select(
        "unique_id_l as left_id, unique_id_r as right_id, match_probability as probability"
    )
    return Found(found.pl(), int(compared[0][0]))
