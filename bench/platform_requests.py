"""Requests a second of the platform, as ratios to a bare ASGI + psycopg endpoint that reads the same rows.

    python -m bench.platform_requests --households 20000 --seconds 5
    python -m bench.platform_requests --workspace bench/data/crosscheck-1010000 --seconds 10

16 clients over connections kept open, three ways: without a pause, which keeps both cores busy, so that their
times are mostly waiting for one another; as people do, who read for a second on average before they ask again;
and one alone. An evaluation and a cross-check of the whole register are on file. The platform runs as
`jingzhun-web demo` runs it; the bare endpoint (`bench.bare`) runs on the same server program with as many
processes, on the same database, in the same run, before and after each measurement. Whoever asks is a county's
officer, scope on. The database is kept in `bench/data/`. Load comes from one process on the same machine
(`bench.load`): what it takes, the servers miss.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench import data, load, measuring, results
from jingzhun.policy.pack import load_pack
from jingzhun.sample.province import make_sample
from jingzhun_web.kit.embedded import embedded

HOUSEHOLDS, SEED, PERIOD, CLIENTS = 20_000, 2019, 2019, 16
GOALS = {"archive_json": 0.35, "p95_ms": 200}
READING = 1.0
"""Seconds on average that somebody reads before they ask again."""
WORKERS = 2
PORTS = {"platform": 8791, "bare": 8792}


def workspace(households: int) -> Path:
    """The invented register; made when it is not there yet."""
    path = data.FOLDER / f"platform-{households}"
    if not (path / "sample.json").exists():
        divisions = load_pack("gansu").divisions
        make_sample(
            path,
            households=households,
            seed=SEED,
            divisions=divisions,
            periods=(PERIOD,),
            external=False,
        )
    return path


def _inside(*arguments: str, role: str = "app") -> None:
    command = [sys.executable, "-m", "jingzhun_web.inside", *arguments]
    subprocess.run(command, env={**os.environ, "JINGZHUN_DB_ROLE": role}, check=True)


@contextmanager
def database(register: Path) -> Iterator[None]:
    """The platform's database with the register in it, its addresses in the environment."""
    home = data.FOLDER / f"{register.name}-home"
    os.environ["JINGZHUN_HOME"] = str(home)
    os.environ["JINGZHUN_PORT"] = str(PORTS["platform"])
    with embedded(home / "postgres") as addresses:
        os.environ["DATABASE_URL"] = addresses.app
        os.environ["JINGZHUN_OWNER_DATABASE_URL"] = os.environ["BENCH_DATABASE"] = addresses.owner
        _inside("migrate", role="owner")
        _inside("demo", str(register), str(home / "accounts.txt"))
        print(json.dumps(measuring.child("bench.platform_work")["result"]), flush=True)
        yield


@contextmanager
def serving(name: str, command: list[str]) -> Iterator[None]:
    """A server that listens, ended at the end."""
    child = subprocess.Popen(command, cwd=measuring.ROOT)
    try:
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", PORTS[name])) == 0:
                    break
            time.sleep(0.1)
        yield
    finally:
        child.terminate()
        child.wait()


def _commands() -> dict[str, list[str]]:
    from jingzhun_web.cli import _web  # noqa: PLC0415  (reads the environment set above)

    bare = [sys.executable, "-m", "granian", "bench.bare:app", "--interface=asgi"]
    bare += [f"--port={PORTS['bare']}", f"--workers={WORKERS}", "--log-level=warning"]
    return {"platform": _web(), "bare": bare}


def _asked(given: dict[str, Any]) -> dict[str, tuple[str, list[bytes]]]:
    """Kind of request -> the bare kind it is compared with ("" for a bare one), and requests as they go over the
    wire."""
    return {**{kind: ("", asked) for kind, asked in _bare(given).items()}, **_platform(given)}


def _bare(given: dict[str, Any]) -> dict[str, list[bytes]]:
    place = f"period={PERIOD}&low={given['low']}&high={given['high']}"
    all_places = f"period={PERIOD}&low=620000000000&high=629999999999"
    homes, indexes, villages = given["homes"], given["names"].values(), given["villages"]
    get = load.request
    return {
        "bare_archive": [get(f"/archive?household={h}&period={PERIOD}") for h in homes],
        "bare_list": [get(f"/list?{place}")],
        "bare_search": [get(f"/search?{place}&index={index}") for index in indexes],
        "bare_cause": [get(f"/cause?{place}")],
        "bare_outcome": [get(f"/outcome?{place}")],
        "bare_found": [get(f"/found?{place}")],
        "bare_queue": [get(f"/queue?{place}")],
        "bare_village": [get(f"/whole?period={PERIOD}&low={v}&high={v}") for v in villages],
        "bare_dashboard": [get(f"/dashboard?{place}")],
        "bare_province_list": [get(f"/list?{all_places}")],
        "bare_province_found": [get(f"/found?{all_places}")],
        "bare_province_dashboard": [get(f"/dashboard?{all_places}")],
    }


def _platform(given: dict[str, Any]) -> dict[str, tuple[str, list[bytes]]]:
    token = {"Authorization": f"Bearer {given['token']}"}
    page = {"Cookie": f"sessionid={given['session']}", "Accept-Language": "zh-CN"}
    wide = {**page, "Cookie": f"sessionid={given['province_session']}"}
    homes, names = given["homes"], given["names"]
    get = load.request
    return {
        "archive_json": (
            "bare_archive",
            [get(f"/api/households/{h}/{PERIOD}", **token) for h in homes],
        ),
        "archive_page": (
            "bare_archive",
            [get(f"/households/{h}/{PERIOD}/", **page) for h in homes],
        ),
        "list_json": ("bare_list", [get(f"/api/households?period={PERIOD}", **token)]),
        "list_page": ("bare_list", [get("/households/", **page)]),
        "list_by_cause": ("bare_cause", [get(f"/households/?period={PERIOD}&cause=02", **page)]),
        "list_by_outcome": (
            "bare_outcome",
            [get(f"/households/?period={PERIOD}&profile=gansu-2018&outcome=failed", **page)],
        ),
        "list_by_finding": (
            "bare_found",
            [get(f"/households/?period={PERIOD}&finding=X01", **page)],
        ),
        "findings_waiting": ("bare_queue", [get("/findings/", **page)]),
        "export_village": (
            "bare_village",
            [
                get(f"/households/export.csv?period={PERIOD}&area={v}", **page)
                for v in given["villages"]
            ],
        ),
        "search_json": (
            "bare_search",
            [get(f"/api/households?period={PERIOD}&text={n}", **token) for n in names],
        ),
        "search_page": ("bare_search", [get(f"/households/?text={n}", **page) for n in names]),
        "dashboard": ("bare_dashboard", [get("/", **page)]),
        "province_list_page": ("bare_province_list", [get("/households/", **wide)]),
        "province_list_by_finding": (
            "bare_province_found",
            [get(f"/households/?period={PERIOD}&finding=X01", **wide)],
        ),
        "province_dashboard": ("bare_province_dashboard", [get("/", **wide)]),
    }


def _measure(given: dict[str, Any], seconds: float) -> dict[str, Any]:
    asked = _asked(given)
    kinds = [kind for kind in asked if not kind.startswith("bare")]

    def once(kind: str, time_: float, clients: int = CLIENTS, pause: float = 0) -> dict[str, Any]:
        port = PORTS["bare" if kind.startswith("bare") else "platform"]
        return load.measured(port, asked[kind][1], seconds=time_, clients=clients, pause=pause)

    for kind in asked:
        once(kind, min(2, seconds))
    found = {}
    for kind in kinds:
        bare = asked[kind][0]
        around = [once(bare, seconds / 2)]
        found[kind] = once(kind, seconds)
        around.append(once(bare, seconds / 2))
        found[kind]["alone"] = once(kind, seconds / 2, clients=1)
        found[kind]["reading"] = once(kind, seconds, pause=READING)
        rate = sum(one["per_second"] for one in around) / 2
        found[kind] |= {
            "bare": around,
            "bare_per_second": round(rate, 1),
            "ratio": round(found[kind]["per_second"] / rate, 3),
        }
        print(
            kind,
            json.dumps({k: v for k, v in found[kind].items() if k != "bare"}),
            flush=True,
        )
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--households", type=int, default=HOUSEHOLDS)
    parser.add_argument("--workspace", type=Path, help="a sample that is there already")
    parser.add_argument("--seconds", type=float, default=5)
    given = parser.parse_args()
    register = given.workspace or workspace(given.households)
    random.seed(SEED)
    with database(register):
        caller = measuring.child("bench.platform_caller", register)["result"]
        os.environ["BENCH_HOUSEHOLD"] = caller.pop("household_columns")
        os.environ["BENCH_PERSON"] = caller.pop("person_columns")
        commands = _commands()
        with (
            serving("platform", commands["platform"]),
            serving("bare", commands["bare"]),
        ):
            kinds = _measure(caller, given.seconds)
    which = (
        f"--workspace {given.workspace}" if given.workspace else f"--households {given.households}"
    )
    command = f"python -m bench.platform_requests {which} --seconds {given.seconds:g}"
    figures = {"households": caller["on_file"], "clients": CLIENTS, "goals": GOALS, "kinds": kinds}
    results.write("platform_requests", command, figures)


if __name__ == "__main__":
    main()
