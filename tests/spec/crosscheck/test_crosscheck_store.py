"""The store of findings in a workspace: atomic, idempotent, with history over days and periods."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from jingzhun.crosscheck import store
from jingzhun.crosscheck.findings import Origin
from jingzhun.frames.workspace import Workspace

from .support import COUNTY, ON, found, hit, origin

YEAR, LATER = 2019, date(2020, 3, 1)


@pytest.fixture
def ws(tmp_path: Path) -> Workspace:
    return Workspace.create(tmp_path / "ws", pack="gansu", created=ON)


def _save(
    ws: Workspace, *hits: Mapping[str, Any], of: Origin | None = None, period: int = YEAR
) -> store.Stored:
    of = of or origin()
    rows = found(*hits, on=of.on, data=of.data_hash)
    return store.save(
        ws,
        period,
        lambda county: rows if county == COUNTY and hits else None,
        [COUNTY] if hits else [],
        of,
        rules=frozenset({"X01"}),
    )


def test_findings_are_stored_with_their_events(ws: Workspace) -> None:
    done = _save(ws, hit(), hit("H2", "P2"))

    assert done.events == {"opened": 2}
    assert store.findings(ws, YEAR)["finding_id"].to_list() == ["X01:H1:P1", "X01:H2:P2"]
    assert store.events(ws, YEAR)["event"].to_list() == ["opened", "opened"]


def test_the_same_run_again_writes_no_file(ws: Workspace) -> None:
    _save(ws, hit())
    before = (ws.path / "index.json").read_bytes()

    again = _save(ws, hit())

    assert again.events == {}
    assert (ws.path / "index.json").read_bytes() == before


def test_history_grows_over_runs_and_keeps_its_order(ws: Workspace) -> None:
    _save(ws, hit())
    _save(ws, of=origin(LATER))
    _save(ws, hit(), of=origin(date(2020, 6, 1)))

    assert store.events(ws, YEAR)["event"].to_list() == ["opened", "withdrawn", "reopened"]
    assert store.findings(ws, YEAR)["state"].to_list() == ["open"]


def test_a_run_of_an_earlier_day_leaves_the_store_as_it_is(ws: Workspace) -> None:
    _save(ws, hit(), of=origin(LATER))

    done = _save(ws, of=origin(ON))

    assert done.is_older
    assert store.findings(ws, YEAR)["state"].to_list() == ["open"]


def test_the_next_period_keeps_the_first_day_and_does_not_touch_the_last_one(
    ws: Workspace,
) -> None:
    _save(ws, hit())

    _save(ws, hit(), of=origin(LATER), period=YEAR + 1)

    assert store.findings(ws, YEAR + 1)["first_on"].to_list() == [ON]
    assert store.findings(ws, YEAR)["last_on"].to_list() == [ON]


def test_an_error_in_the_middle_leaves_everything_as_it_was(ws: Workspace) -> None:
    _save(ws, hit())
    rows = found(hit("H7", "P7"), on=LATER)

    def broken(county: str) -> Any:
        if county == COUNTY:
            return rows
        raise OSError("no space")

    with pytest.raises(OSError, match="no space"):
        store.save(ws, YEAR, broken, [COUNTY, "629999"], origin(LATER), rules=frozenset({"X01"}))

    reopened = Workspace.open(ws.path)
    assert store.findings(reopened, YEAR)["finding_id"].to_list() == ["X01:H1:P1"]


def test_findings_do_not_change_the_hash_of_the_data_they_come_from(ws: Workspace) -> None:
    before = ws.data_hash()

    _save(ws, hit())

    assert ws.data_hash() == before
