"""What takes minutes: the demo from start to Ctrl-C, a killed worker, the wheel in an empty environment."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen
from zipfile import ZipFile

import pytest

from jingzhun_web.kit.embedded import embedded

from .folders import folder_for_all

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 240
pytestmark = pytest.mark.slow


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(
    *command: str | Path, environment: Mapping[str, str], cwd: Path
) -> Iterator[subprocess.Popen[str]]:
    """A command in a group of its own, as a terminal would start it; nothing of it is left at the end."""
    process = subprocess.Popen(
        command,
        env={**os.environ, **environment},
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(60)
        assert process.stdout is not None
        process.stdout.close()


def lines_until(process: subprocess.Popen[str], words: str) -> list[str]:
    assert process.stdout is not None
    lines: list[str] = []
    for line in process.stdout:
        lines.append(line.rstrip("\n"))
        if words in line:
            return lines
    raise AssertionError("\n".join(lines))


def within(seconds: float, is_so: Callable[[], bool]) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if is_so():
            return True
        time.sleep(1)
    return False


def get(port: int, path: str) -> tuple[int, str]:
    with urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
        return answer.status, answer.read().decode()


def test_the_demo_starts_twice_with_the_same_accounts_and_ctrl_c_ends_all(
    sample_path: Path,
) -> None:
    with folder_for_all() as folder:
        shutil.copytree(sample_path, folder / "demo")
        port = free_port()
        given = {"JINGZHUN_HOME": str(folder / "home"), "JINGZHUN_PORT": str(port)}
        command = (Path(sys.executable).with_name("jingzhun-web"), "demo", str(folder / "demo"))
        printed = []

        for end in (signal.SIGINT, signal.SIGTERM):
            with running(*command, environment=given, cwd=folder) as demo:
                printed.append(lines_until(demo, "runs at"))
                status, page = get(port, "/sign-in/")
                os.killpg(demo.pid, end)
                assert demo.wait(60) == 0
            assert status == 200
            assert "<form" in page
            assert not (folder / "home/postgres/postmaster.pid").exists()
            with pytest.raises(OSError, match="refused"):
                socket.create_connection(("127.0.0.1", port))

        accounts = [[x for x in lines if x.endswith("甘肃省")] for lines in printed]
        assert len(accounts[0]) == 3
        assert accounts[0] == accounts[1]
        assert any("there already" in line for line in printed[1])


def test_the_job_of_a_killed_worker_is_done_by_the_next() -> None:
    with folder_for_all() as folder, embedded(folder / "data") as addresses:
        given = {
            "DATABASE_URL": addresses.app,
            "JINGZHUN_OWNER_DATABASE_URL": addresses.owner,
            "JINGZHUN_HOME": str(folder),
        }

        def work(*arguments: str) -> str:
            done = subprocess.run(
                [sys.executable, "-m", "tests.web.slow_work", *arguments],
                env={**os.environ, **given},
                cwd=ROOT,
                capture_output=True,
                text=True,
                check=True,
            )
            return done.stdout

        owner = {**os.environ, **given, "JINGZHUN_DB_ROLE": "owner"}
        migrate = [sys.executable, "-m", "jingzhun_web.inside", "migrate"]
        subprocess.run(migrate, env=owner, check=True, capture_output=True)
        work("start")
        worker = (sys.executable, "-m", "tests.web.slow_work", "work")
        with running(*worker, "600", environment=given, cwd=ROOT) as first:
            begun = within(60, lambda: work("state").startswith("running"))
            first.kill()
            first.wait()
        with running(*worker, "0", environment=given, cwd=ROOT):
            # Thirty seconds without a sign of life, and the look around once a minute.
            done = within(PATIENCE, lambda: work("state").startswith("done {'slept': '0'}"))

        assert begun
        assert done


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this tree, built from its source archive."""
    target = tmp_path_factory.mktemp("dist")
    subprocess.run([uv(), "build", "--quiet", "--out-dir", target, ROOT], check=True)
    return next(target.glob("*.whl"))


def uv() -> str:
    found = shutil.which("uv") or str(ROOT / ".tools/bin/uv")
    if not Path(found).exists():
        pytest.skip("uv is missing")
    return found


def test_the_wheel_holds_pages_charts_and_every_translation(wheel: Path) -> None:
    names = set(ZipFile(wheel).namelist())
    texts = {str(path.relative_to(ROOT / "src")) for path in ROOT.glob("src/**/django.po")}

    assert {
        "jingzhun_web/static/platform/main.js",
        "jingzhun_web/static/platform/main.css",
    } <= names
    assert "jingzhun/report/static/echarts.min.js" in names
    assert texts
    assert {text[:-2] + "mo" for text in texts} <= names


def test_the_wheel_serves_from_an_empty_environment_without_node(wheel: Path) -> None:
    with folder_for_all() as folder:
        python = folder / "env/bin/python"
        subprocess.run(
            [uv(), "venv", "--quiet", "--python", sys.executable, folder / "env"], check=True
        )
        wanted = f"jingzhun[web] @ {wheel.as_uri()}"
        subprocess.run([uv(), "pip", "install", "--quiet", "--python", python, wanted], check=True)
        port = free_port()
        given = {
            "PATH": f"{python.parent}:/usr/sbin:/sbin",
            "PYTHONPATH": "",
            "JINGZHUN_HOME": str(folder / "home"),
            "JINGZHUN_PORT": str(port),
        }
        command = python.with_name("jingzhun-web")
        subprocess.run([command, "migrate"], env={**os.environ, **given}, cwd=folder, check=True)

        with running(command, "serve", environment=given, cwd=folder) as server:
            lines_until(server, "runs at")
            page = get(port, "/sign-in/")
            script = get(port, "/static/platform/main.js")

        assert shutil.which("node", path=given["PATH"]) is None
        assert page[0] == script[0] == 200
        assert "密码" in page[1]
        assert "/static/platform/main.js" in page[1]
