"""A running demo on an embedded PostgreSQL of its own, and a real Chromium that looks at it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jingzhun.policy.pack import Pack
from jingzhun.sample.province import make_sample
from jingzhun_web.access.roles import Role
from web.folders import folder_for_all

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
LONGEST_START = 900
DESKTOP, PHONE = (1280, 900), (390, 844)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here needs a browser; without one it is skipped, with the reason."""
    reason = (
        "playwright is not installed"
        if find_spec("playwright") is None
        else "there is no Chromium on this machine"
        if CHROMIUM is None
        else ""
    )
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if reason:
                item.add_marker(pytest.mark.skip(reason=reason))


@dataclass(frozen=True)
class Demo:
    """A running platform: its address, and the password of each role's account."""

    address: str
    passwords: dict[str, str]


@pytest.fixture(scope="session")
def invented(tmp_path_factory: pytest.TempPathFactory, gansu: Pack) -> Path:
    """A province in whose busiest village two households have not been lifted out."""
    path = tmp_path_factory.mktemp("demo") / "province"
    make_sample(path, households=400, seed=2, divisions=gansu.divisions)
    return path


@pytest.fixture(scope="session")
def demo(invented: Path) -> Iterator[Demo]:
    """The demo as `make demo` starts it, on a free port."""
    port = _free_port()
    with folder_for_all() as home:
        known = {k: v for k, v in os.environ.items() if not k.startswith(("JINGZHUN_", "DATABASE"))}
        given = {"JINGZHUN_HOME": str(home / "home"), "JINGZHUN_PORT": str(port)}
        command = [sys.executable, "-c", "from jingzhun_web.cli import main; main()", "demo"]
        with (home / "log").open("wb") as log:
            server = subprocess.Popen(
                [*command, str(invented)], env=known | given, stdout=log, stderr=log
            )
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(f"{address}/sign-in/", server, home / "log")
            yield Demo(address, _passwords(home / "home" / "accounts.txt"))
        finally:
            server.send_signal(signal.SIGINT)
            try:
                server.wait(60)
            except subprocess.TimeoutExpired:
                server.kill()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + LONGEST_START
    while time.monotonic() < end and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310  (our own address)
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    pytest.fail(f"The demo did not start: {log.read_text(encoding='utf-8')[-2000:]}")


def _passwords(file: Path) -> dict[str, str]:
    lines = [line.split() for line in file.read_text(encoding="utf-8").splitlines()]
    return {parts[0]: parts[1] for parts in lines if len(parts) > 2}


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser; ended with its file, because no other test can start one while this one's loop runs."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  (skipped without it)

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@dataclass
class Window:
    """A page of the browser, and what went wrong in it."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)
    """Errors and warnings of the console, and addresses outside that were asked for."""

    def open(self, path: str) -> None:
        """Go to a page and let it come to rest."""
        self.page.goto(f"{self.address}{path}")
        self.page.wait_for_load_state("networkidle")

    def follow(self, press: Callable[[], None]) -> None:
        """Press what leads to another page, and let that page come to rest.

        The old page is at rest too: without waiting for the other one, a slow machine would read the old one.
        """
        with self.page.expect_navigation():
            press()
        self.page.wait_for_load_state("networkidle")


Opens = Callable[..., Window]


@pytest.fixture
def window(demo: Demo, chromium: Browser) -> Iterator[Opens]:
    """Opens a window as somebody, of a size, in a language; the test fails on any complaint."""
    opened: list[Window] = []
    with ExitStack() as stack:

        def opens(
            role: Role | None, size: tuple[int, int] = DESKTOP, language: str = "en"
        ) -> Window:
            width, height = size
            context = chromium.new_context(viewport={"width": width, "height": height})
            stack.callback(context.close)
            name = "django_language"
            context.add_cookies([{"name": name, "value": language, "url": demo.address}])
            made = Window(context.new_page(), demo.address)
            listen(made)
            opened.append(made)
            if role is not None:
                sign_in(made, role.value, demo.passwords[role.value])
            return made

        yield opens
        for one in opened:
            assert one.complaints == []


def sign_in(window: Window, username: str, password: str) -> None:
    """Sign somebody in."""
    window.open("/sign-in/")
    window.page.fill("[name=username]", username)
    window.page.fill("[name=password]", password)
    window.follow(window.page.locator("main form button").first.click)


def listen(window: Window) -> None:
    """Note errors, warnings, and addresses outside."""
    page = window.page
    page.on(
        "pageerror", lambda error: window.complaints.append(f"{page.url}: {error} {error.stack}")
    )
    page.on(
        "console",
        lambda said: (
            window.complaints.append(said.text) if said.type in ("error", "warning") else None
        ),
    )
    inside = (window.address, "data:", "blob:")
    page.on(
        "request",
        lambda asked: None if asked.url.startswith(inside) else window.complaints.append(asked.url),
    )
