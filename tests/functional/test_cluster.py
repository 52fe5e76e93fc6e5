"""The evaluation on Spark: one process, and a real cluster of a master and two workers on this machine."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from typer.testing import CliRunner

from jingzhun.cli.app import app
from jingzhun.frames.spark import EngineError
from jingzhun.policy.pack import Pack
from jingzhun.sample.province import make_sample

pytestmark = [
    pytest.mark.spark,
    pytest.mark.skipif(find_spec("pyspark") is None, reason="the spark extra is not installed"),
    pytest.mark.filterwarnings("ignore"),
]
ON = "2019-12-31"
MOST = 1e-9
PATIENCE_SECONDS = 60


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory, gansu: Pack) -> Path:
    path = tmp_path_factory.mktemp("cluster") / "register"
    make_sample(path, households=3000, seed=11, divisions=gansu.divisions)
    return path


@pytest.fixture(scope="module")
def here(register: Path) -> Path:
    return evaluated(register, "local")


def evaluated(register: Path, engine: str) -> Path:
    out = register.parent / f"results-{engine.partition(':')[0]}"
    asked = ["evaluate", str(register), "--on", ON, "--engine", engine, "--out", str(out)]
    done = CliRunner().invoke(app, asked)
    assert done.exit_code == 0, done.output
    return out


def tables(folder: Path) -> dict[str, pl.DataFrame]:
    found = sorted(folder.rglob("*.parquet"))
    return {path.relative_to(folder).as_posix(): pl.read_parquet(path) for path in found}


def assert_same(one: Path, other: Path) -> None:
    left, right = tables(one), tables(other)
    assert left.keys() == right.keys()
    assert any(name.startswith("evaluation/paper-weighted/") for name in left)
    for name, table in left.items():
        assert_frame_equal(right[name], table, rel_tol=0, abs_tol=MOST)


@contextmanager
def cluster(folder: Path) -> Iterator[str]:
    """A standalone master and two workers on 127.0.0.1; the address of the master."""
    spec = find_spec("pyspark")
    assert spec is not None
    assert spec.submodule_search_locations
    home = Path(spec.submodule_search_locations[0])
    ports = [_free_port() for _ in range(2)]
    address = f"spark://127.0.0.1:{ports[0]}"
    local = {"SPARK_LOCAL_IP": "127.0.0.1", "SPARK_HOME": str(home)}
    common: dict[str, Any] = {"cwd": folder, "env": {**os.environ, **local}}
    master = ["master.Master", "--host", "127.0.0.1", "--port", str(ports[0])]
    worker = ["worker.Worker", "--host", "127.0.0.1", "--cores", "1", "--memory", "2g", address]
    # Numbers of the page are free ones too, so that nothing on this machine is in the way.
    commands = [[*master, "--webui-port", str(ports[1])], *[[*worker, "--webui-port", "0"]] * 2]
    with (folder / "cluster.log").open("wb") as log:
        started = []
        try:
            for command in commands:
                whole = [str(home / "bin/spark-class"), f"org.apache.spark.deploy.{command[0]}"]
                process = subprocess.Popen([*whole, *command[1:]], stdout=log, stderr=log, **common)
                started.append(process)
                if process is started[0]:
                    _wait_for(ports[0])
            _wait_for_workers(folder / "cluster.log", 2)
            yield address
        finally:
            for process in started:
                process.terminate()
            for process in started:
                process.wait(timeout=PATIENCE_SECONDS)


def _free_port() -> int:
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _wait_for(port: int) -> None:
    for _ in range(PATIENCE_SECONDS * 10):
        with closing(socket.socket()) as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError(f"nothing answers on port {port}")


def _wait_for_workers(log: Path, number: int) -> None:
    for _ in range(PATIENCE_SECONDS * 10):
        if log.read_text(errors="replace").count("Registering worker") >= number:
            return
        time.sleep(0.1)
    raise TimeoutError("the workers did not reach the master")


def test_spark_in_this_process_finds_what_the_embedded_engine_finds(
    register: Path, here: Path
) -> None:
    assert_same(here, evaluated(register, "spark-local"))


def test_a_cluster_of_two_workers_finds_what_the_embedded_engine_finds(
    register: Path, here: Path, tmp_path: Path
) -> None:
    with cluster(tmp_path) as address:
        found = evaluated(register, address)

    assert_same(here, found)
    log = (tmp_path / "cluster.log").read_text(errors="replace")
    assert log.count("Launching executor") >= 2, "not more than one executor worked"


def test_an_address_where_nobody_answers_is_said_in_words(register: Path) -> None:
    asked = ["evaluate", str(register), "--on", ON, "--engine", f"spark://127.0.0.1:{_free_port()}"]

    done = CliRunner().invoke(app, asked)

    assert isinstance(done.exception, EngineError)
    assert "No master answered there" in done.exception.sentence


def test_an_engine_that_does_not_exist_is_said_in_words(register: Path) -> None:
    done = CliRunner().invoke(app, ["evaluate", str(register), "--on", ON, "--engine", "dask"])

    assert isinstance(done.exception, EngineError)
    assert "Choose local, spark-local or spark://host:port" in done.exception.sentence
