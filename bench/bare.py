"""The yardstick of `bench.platform_requests`: bare ASGI and psycopg, reading the same rows, and nothing else.

No accounts, no scope, no row security (it connects as the tables' owner), no decryption, no transaction, no
framework: the rows as JSON, sealed values as hexadecimal digits.
"""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import parse_qs

import psycopg
import psycopg_pool
from pydantic_core import to_json

CONNECTIONS = 4
_PERSON = "SELECT {} FROM registry_person WHERE household_id = %s AND period = %s ORDER BY relation, person_id"
_VERDICT = (
    "SELECT profile, run_id, outcome, score, detail FROM registry_verdict"
    " WHERE household_id = %s AND period = %s ORDER BY profile"
)
_LIST = (
    "SELECT household_id, period, area, village_code, head_name, version, exit_status, main_cause,"
    " persons_year_end, exit_year, is_registered FROM registry_household WHERE period = %s"
    " AND area BETWEEN %s AND %s ORDER BY area, household_id LIMIT 51"
)
_SEARCH = (
    "SELECT household_id, period, area, village_code, head_name, version, exit_status, main_cause,"
    " persons_year_end, exit_year, is_registered FROM registry_household WHERE period = %s"
    " AND area BETWEEN %s AND %s AND household_id IN (SELECT household_id FROM registry_person"
    " WHERE pinyin_index = %s AND period = %s) ORDER BY area, household_id LIMIT 51"
)
_DASHBOARD = (
    "SELECT area / 1000 * 1000, sum(on_file), sum(registered), sum(exited) FROM registry_village_figures"
    " WHERE period = %s AND area BETWEEN %s AND %s GROUP BY 1 ORDER BY 1"
)
_VILLAGE = "SELECT {} FROM registry_household WHERE period = %s AND area BETWEEN %s AND %s ORDER BY household_id"
_HOUSEHOLD = "SELECT {} FROM registry_household WHERE household_id = %s AND period = %s"
_HOME = _HOUSEHOLD.format(os.environ["BENCH_HOUSEHOLD"])
_WHOLE = _VILLAGE.format(os.environ["BENCH_HOUSEHOLD"])
_CAUSE = _LIST.replace("ORDER BY", "AND main_cause = '02' ORDER BY")
_OUTCOME = _LIST.replace(
    "ORDER BY",
    "AND EXISTS (SELECT FROM registry_verdict AS v WHERE v.household_id = registry_household.household_id"
    " AND v.area = registry_household.area AND v.period = registry_household.period"
    " AND profile = 'gansu-2018' AND outcome = 'failed') ORDER BY",
)
_FOUND = _LIST.replace(
    "ORDER BY",
    "AND EXISTS (SELECT FROM crosscheck_finding AS f WHERE f.household_id = registry_household.household_id"
    " AND f.period = registry_household.period AND f.rule = 'X01' AND engine_state <> 'withdrawn') ORDER BY",
)
# By the index of the area: that of the order would walk all of a province for a county.
_QUEUE = (
    "SELECT id, rule, severity, area, household_id, state, due FROM crosscheck_finding WHERE period = %s"
    " AND area BETWEEN %s AND %s ORDER BY rank + 0, due, id LIMIT 51"
)
_MEMBERS = _PERSON.format(os.environ["BENCH_PERSON"])
_STATEMENTS = {
    "/list": _LIST,
    "/cause": _CAUSE,
    "/outcome": _OUTCOME,
    "/found": _FOUND,
    "/queue": _QUEUE,
    "/whole": _WHOLE,
    "/dashboard": _DASHBOARD,
}
_made: list[psycopg_pool.AsyncConnectionPool[Any]] = []


async def _pool() -> psycopg_pool.AsyncConnectionPool[Any]:
    if not _made:
        options = {"autocommit": True, "row_factory": psycopg.rows.dict_row}
        pool: Any = psycopg_pool.AsyncConnectionPool(
            os.environ["BENCH_DATABASE"],
            min_size=CONNECTIONS,
            max_size=CONNECTIONS,
            kwargs=options,
            open=False,
        )
        _made.append(pool)
        await pool.open()
    return _made[0]


async def _archive(run: Any, given: dict[str, str]) -> Any:
    key = (given["household"], int(given["period"]))
    home = await (await run(_HOME, key)).fetchone()
    members = await (await run(_MEMBERS, key)).fetchall()
    verdicts = await (await run(_VERDICT, key)).fetchall()
    return {"household": home, "members": members, "verdicts": verdicts}


async def _rows(run: Any, statement: str, values: list[Any]) -> Any:
    return {"items": await (await run(statement, values)).fetchall()}


async def app(scope: Any, _receive: Any, send: Any) -> None:
    """The whole application."""
    if scope["type"] != "http":
        return
    given = {name: value[0] for name, value in parse_qs(scope["query_string"].decode()).items()}
    pool = await _pool()
    async with pool.connection() as connection:
        run = connection.execute
        place = [int(given[name]) for name in ("period", "low", "high") if name in given]
        if scope["path"] == "/archive":
            found = await _archive(run, given)
        elif scope["path"] == "/search":
            found = await _rows(run, _SEARCH, [*place, bytes.fromhex(given["index"]), place[0]])
        else:
            found = await _rows(run, _STATEMENTS[scope["path"]], place)
    body = to_json(found, bytes_mode="hex")
    head = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": head})
    await send({"type": "http.response.body", "body": body})
