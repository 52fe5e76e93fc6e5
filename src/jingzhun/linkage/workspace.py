"""Linking inside a workspace: people of the register to records of other departments, and among themselves.

Links of a table are kept as the workspace's table `links_<table>`, one row per link in the county of the
person's household; records that have a person's number but nobody's name and birth date as `conflicts_<table>`.
All counties become current together. The trained model stays in `models/<table>.json` and is used again for later
deliveries, so that the same records get the same links; of those only records that are new or read otherwise are
compared, as long as the register is the same.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

import jingzhun
from jingzhun.errors import WorkspaceError
from jingzhun.frames.files import replace_text
from jingzhun.frames.partitions import combined_hash
from jingzhun.frames.workspace import UNPLACED, Batch, Workspace
from jingzhun.linkage.delta import link_delta
from jingzhun.linkage.linked import BANDS, Linked
from jingzhun.linkage.linking import dedupe, link
from jingzhun.linkage.model import Model, read_model
from jingzhun.linkage.remembered import recall, remember
from jingzhun.linkage.review import LABELS, with_labels
from jingzhun.linkage.spec import Columns, IdColumns, Spec
from jingzhun.standard import schema

LINKS, CONFLICTS, TWICE = "links_", "conflicts_", "links_register"
PERSON = (
    "household_key",
    "household_id",
    "person_id",
    "name",
    "document_number",
    "birth_date",
    "sex",
)
RECORD = ("record_id", "name", "document_number", "birth_date", "sex", "area_code")


@dataclass(frozen=True)
class SourceLinks:
    """What linking one table came to. `is_new`: false when the same inputs were linked before."""

    table: str
    period: int
    is_new: bool
    model: str
    counts: dict[str, int]


def spec_of(table: str) -> Spec:
    """How records of a table are held against the register: `one_to_one` where a person has one at most."""
    found = schema.table(table)
    return Spec(
        row_id=Columns(left="person_id", right="record_id"),
        ids=(IdColumns(left="document_number", right="document_number", kind="gb11643"),),
        name=Columns(left="name", right="name"),
        birth_date=Columns(left="birth_date", right="birth_date"),
        sex=Columns(left="sex", right="sex"),
        area=Columns(left="village_code", right="area_code"),
        one_to_one=found.one_per_person,
        right_once=not found.one_per_person,
    )


def register_spec() -> Spec:
    """How people of the register are held against each other."""
    return Spec(
        row_id=Columns(left="person_id", right="person_id"),
        ids=(IdColumns(left="document_number", right="document_number", kind="gb11643"),),
        name=Columns(left="name", right="name"),
        birth_date=Columns(left="birth_date", right="birth_date"),
        sex=Columns(left="sex", right="sex"),
        area=Columns(left="village_code", right="village_code"),
    )


def link_source(
    ws: Workspace,
    table: str,
    *,
    period: int,
    retrain: bool = False,
    people: pl.DataFrame | None = None,
) -> SourceLinks:
    """Link a table's records of a period to the register's people and keep the links.

    The same register, records and model change nothing. `people`: rows of `register_people`, when several
    tables are linked one after the other. WorkspaceError when the table holds no records of the period.
    """
    if not ws.files(table, period):
        held = sorted({part.period for part in ws.files(table)})
        raise WorkspaceError(
            f"{ws.path} holds no records of {table} for {period}",
            why=f"Years it has: {', '.join(map(str, held)) or 'none'}",
            do="Import the delivery first; `jingzhun sources` lists what is there",
        )
    spec, model = spec_of(table), None if retrain else known_model(ws, table)
    if model is not None and model.spec != spec.fingerprint:
        model = None
    state = _inputs(ws, table, period)
    before = _state(ws, table, period)
    if model is not None and before.get("inputs") == state and before.get("model") == model.version:
        return SourceLinks(table, period, False, model.version, before["counts"])
    left = register_people(ws, period) if people is None else people
    right = records(ws, table, period)
    linked = _linked(ws, table, period, comparable_people(left), right, model)
    linked.model.save(_model_path(ws, table))
    links = _decided(ws, table, period, _with_household(linked.links, left))
    counts = {**linked.counts, "links": links.height, **_by_band(links)}
    with ws.writing() as batch:
        _put(batch, LINKS + table, period, links, ws.counties(period))
        _put(batch, CONFLICTS + table, period, _with_household(linked.conflicts, left), [])
    kept = {
        "inputs": state,
        "register": _register(ws, period),
        "model": linked.model.version,
        "counts": counts,
        "remembered": remember(_models(ws), f"{table}-{period}", linked, right),
    }
    replace_text(_state_path(ws, table, period), json.dumps(kept, indent=1) + "\n")
    return SourceLinks(table, period, True, linked.model.version, counts)


def _decided(ws: Workspace, table: str, period: int, links: pl.DataFrame) -> pl.DataFrame:
    """Links as clerks decided on those that they were shown."""
    said = ws.read(LABELS + table, UNPLACED, period)
    return links if said is None else with_labels(links, said)


def _by_band(links: pl.DataFrame) -> dict[str, int]:
    found = dict(links.group_by("band").len().iter_rows())
    return {band: int(found.get(band, 0)) for band in BANDS}


def _linked(
    ws: Workspace,
    table: str,
    period: int,
    left: pl.DataFrame,
    right: pl.DataFrame,
    model: Model | None,
) -> Linked:
    """All links of a table; where the register and the model are as before, only changed records are compared."""
    spec, before = spec_of(table), _state(ws, table, period)
    same = model is not None and before.get("model") == model.version
    if model is not None and same and before.get("register") == _register(ws, period):
        known = recall(_models(ws), f"{table}-{period}", before["remembered"], model, right)
        if known is not None:
            earlier, changed = known
            return link_delta(earlier, left, right, spec, changed)
    return link(left, right, spec, model=model)


def find_duplicates(ws: Workspace, *, period: int) -> SourceLinks:
    """People who stand on the register twice: pairs of rows that are one person, kept as `links_register`."""
    people = register_people(ws, period)
    found = dedupe(comparable_people(people), register_spec())
    links = found.links.rename({"right_id": "other_person_id"})
    with ws.writing() as batch:
        _put(batch, TWICE, period, _with_household(links, people), ws.counties(period))
    found.model.save(_model_path(ws, "register"))
    return SourceLinks("register", period, True, found.model.version, found.counts)


def known_model(ws: Workspace, table: str) -> Model | None:
    """The model that a table's records were linked by last; None when they never were."""
    path = _model_path(ws, table)
    return read_model(path) if path.exists() else None


def register_people(ws: Workspace, period: int) -> pl.DataFrame:
    """Everybody on the register of a period, who left in the year too: PERSON, village_code and county."""
    homes = ws.scan("households", period=period, columns=["household_key", "village_code"])
    people = ws.scan("persons", period=period, columns=PERSON).to_native()
    return (
        people.join(homes.to_native(), on="household_key", how="left", maintain_order="left")
        .with_columns(county=pl.col("village_code").str.slice(0, 6))
        .collect()
    )


def comparable_people(people: pl.DataFrame) -> pl.DataFrame:
    """What of `register_people` is held against records."""
    return people.drop("household_key", "household_id", "county")


def records(ws: Workspace, table: str, period: int) -> pl.DataFrame:
    """What is held against people: RECORD columns of a table's records of a period."""
    known = schema.table(table).by_name
    columns = [name for name in RECORD if name in known]
    return ws.scan(table, period=period, columns=columns).to_native().collect()


def _with_household(links: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """Links with their household and county."""
    homes = people.select("person_id", "household_id", "household_key", "county")
    named = links.rename({"left_id": "person_id", "right_id": "record_id"}, strict=False)
    return named.join(homes, on="person_id", how="inner", maintain_order="left")


def _put(batch: Batch, name: str, period: int, rows: pl.DataFrame, counties: Sequence[str]) -> None:
    """Replace a table of a period; counties without links have an empty part, so that they count as linked.

    Evidence becomes JSON, which every tool reads: county by county, as it takes more memory than all the rest.
    """
    held = rows["county"].unique().to_list()
    before = [part.county for part in batch.workspace.files(name, period)]
    order = [key for key in ("person_id", "record_id", "other_person_id") if key in rows.columns]
    for county in sorted({*held, *counties, *before}):
        part = rows.filter(pl.col("county") == county).drop("county").sort(order)
        batch.put(name, county, period, _as_stored(part))
        batch.flush()


def _as_stored(links: pl.DataFrame) -> pl.DataFrame:
    if "evidence" not in links.columns:
        return links
    parts = pl.col("evidence").list.eval(pl.element().struct.json_encode()).list.join(",")
    return links.with_columns(evidence=pl.concat_str(pl.lit("["), parts, pl.lit("]")))


def _inputs(ws: Workspace, table: str, period: int) -> str:
    """One hash over everything that decides the links of a table, the model aside."""
    files = [part for name in (table, LABELS + table) for part in ws.files(name, period)]
    parts = [f"{part.slot}{part.sha256}" for part in files]
    return combined_hash(
        [*parts, _register(ws, period), spec_of(table).fingerprint, jingzhun.__version__]
    )


def _register(ws: Workspace, period: int) -> str:
    """One hash over the people that records are held against."""
    files = [part for name in ("persons", "households") for part in ws.files(name, period)]
    return combined_hash(f"{part.slot}{part.sha256}" for part in files)


def _models(ws: Workspace) -> Path:
    return ws.path / "models"


def _model_path(ws: Workspace, table: str) -> Path:
    return _models(ws) / f"{table}.json"


def _state_path(ws: Workspace, table: str, period: int) -> Path:
    return _models(ws) / f"{table}-{period}.state.json"


def _state(ws: Workspace, table: str, period: int) -> dict[str, Any]:
    path = _state_path(ws, table, period)
    if not path.exists() or not ws.files(LINKS + table, period):
        return {}
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def links(ws: Workspace, table: str, period: int) -> pl.DataFrame:
    """Links of a table, one row each, in order of person and record. WorkspaceError when there are none yet."""
    if not ws.files(LINKS + table, period):
        raise WorkspaceError(
            f"Records of {table} were not linked yet for {period}",
            do=f"Run  jingzhun link {ws.path} {table}",
        )
    return ws.scan(LINKS + table, period=period).to_native().collect()
