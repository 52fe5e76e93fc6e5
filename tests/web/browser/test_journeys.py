"""Journeys in a browser: a file to the archive, a suspicion to its end, an exit to its decision."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from .conftest import DESKTOP, PHONE, Demo, Window, listen, sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser

LONGEST = 900
Seat = Callable[..., Window]
DAY = "2019-12-20"


@pytest.fixture
def seat(demo: Demo, chromium: Browser) -> Iterator[Seat]:
    """A window in which somebody of the demo has signed in, in English; nobody for the public."""
    opened: list[Window] = []
    with ExitStack() as stack:

        def take(username: str = "", size: tuple[int, int] = DESKTOP) -> Window:
            width, height = size
            context = chromium.new_context(viewport={"width": width, "height": height})
            stack.callback(context.close)
            name = "django_language"
            context.add_cookies([{"name": name, "value": "en", "url": demo.address}])
            made = Window(context.new_page(), demo.address)
            listen(made)
            opened.append(made)
            if username:
                sign_in(made, username, demo.passwords[username])
                in_english(made)
            return made

        yield take
        for one in opened:
            assert one.complaints == []


def in_english(window: Window) -> None:
    """Choose English: an account keeps the language in which somebody used it last, whatever the browser says."""
    if window.page.locator("html").get_attribute("lang") != "en":
        # On a phone the button is in the closed menu; it is its form that counts.
        button = window.page.locator('form[action$="/setlang/"] button[value="en"]')
        window.follow(lambda: button.first.evaluate("button => button.click()"))
    assert window.page.locator("html").get_attribute("lang") == "en"


def act(window: Window, name: str, **fields: str) -> None:
    """Fill in the form of an act and send it."""
    form = window.page.locator(f'form[action$="/{name}/"]').first
    details = window.page.locator("details", has=form)
    if details.count() and details.first.get_attribute("open") is None:
        details.first.locator("summary").click()
    for field, value in fields.items():
        entry = form.locator(f'[name="{field}"]')
        if entry.evaluate("e => e.tagName") == "SELECT":
            entry.select_option(value)
        else:
            entry.fill(value)
    window.follow(form.locator("button").last.click)


def may(window: Window, name: str) -> bool:
    """Whether a page offers an act."""
    return window.page.locator(f'form[action$="/{name}/"]').count() > 0


def wait_for_job(window: Window) -> None:
    """Wait until the job whose page is open has ended well."""
    end = time.monotonic() + LONGEST
    while time.monotonic() < end:
        text = window.page.locator("main").inner_text()
        assert "failed" not in text, text
        if "See the result" in text or re.search(r"\bdone\b", text):
            return
        time.sleep(0.5)
    pytest.fail(f"The job did not end: {window.page.url}")


def wait_for_first_work(window: Window) -> None:
    """Wait until the jobs with which the demo begins have ended."""
    end = time.monotonic() + LONGEST
    while time.monotonic() < end:
        window.open("/jobs/")
        text = window.page.locator("main").inner_text()
        if "waiting" not in text and "running" not in text:
            assert "failed" not in text, text
            return
        time.sleep(1)
    pytest.fail("The demo's first work did not end")


def households(window: Window, query: str = "") -> list[str]:
    """Addresses of the archives that a list shows."""
    window.open(f"/households/{query}")
    found = window.page.locator('main a[href^="/households/"]')
    links = [link.get_attribute("href") or "" for link in found.all()]
    return [link for link in links if re.fullmatch(r"/households/[^/]+/\d{4}/", link)]


def test_a_file_is_checked_agreed_by_a_colleague_and_stands_in_the_archive(
    seat: Seat, tmp_path: Path
) -> None:
    officer, colleague = seat("county"), seat("county2")
    archive = households(officer)[0]
    _, _, household, period, _ = archive.split("/")
    officer.open(archive)
    village = officer.page.locator('nav a[href*="area="]').last.get_attribute("href") or ""
    code = re.findall(r"area=(\d{12})", village)[0]
    file = tmp_path / "land.csv"
    file.write_text(
        f"household_id,period,village_code,cultivated_mu\n{household},{period},{code},7.31\n"
    )

    officer.open("/intake/new/")
    officer.page.set_input_files('[name="handed_in"]', str(file))
    officer.follow(officer.page.locator("main form button").last.click)
    batch = re.findall(r"/intake/(\d+)/", officer.page.url)[0]
    officer.open(f"/intake/{batch}/")
    act(officer, "check")
    wait_for_job(officer)
    officer.open(f"/intake/{batch}/")
    act(officer, "propose")
    assert not may(officer, "approve")

    colleague.open(f"/intake/{batch}/")
    act(colleague, "approve")
    wait_for_job(colleague)

    officer.open(archive)
    assert "7.31" in officer.page.locator("main").inner_text()


def test_a_suspicion_is_looked_into_judged_and_closed(seat: Seat) -> None:
    officer, colleague, reviewer = seat("county"), seat("county2"), seat("township")
    wait_for_first_work(seat("analyst"))
    reviewer.open("/findings/?is_open=on")
    links = reviewer.page.locator('main a[href^="/findings/"]').all()
    pages = [link.get_attribute("href") or "" for link in links]
    finding = next(page for page in pages if re.fullmatch(r"/findings/\d+/", page))

    officer.open(finding)
    targets = officer.page.locator('form[action$="/dispatch/"] [name="area"] option')
    act(officer, "dispatch", area=targets.first.get_attribute("value") or "")
    reviewer.open(finding)
    act(reviewer, "check", on=DAY, note="It was looked at.", statement="It is not ours.")
    assert not may(reviewer, "sign")
    colleague.open(finding)
    act(colleague, "sign")
    reviewer.open(finding)
    act(reviewer, "propose", verdict="not_true")
    assert not may(reviewer, "confirm")
    officer.open(finding)
    act(officer, "confirm")
    if may(officer, "recheck"):
        act(officer, "recheck", holds="yes", note="It is as was judged.")
    act(officer, "close")

    assert "closed" in officer.page.locator("main").inner_text()
    officer.open("/findings/rules/")
    assert "1" in officer.page.locator("main").inner_text()


def test_an_exit_is_proposed_published_objected_to_and_refused(seat: Seat) -> None:
    cadre, reviewer, officer, anybody = seat("village"), seat("township"), seat("county"), seat()
    wait_for_first_work(seat("analyst"))
    archive = households(cadre, "?status=not_exited")[0]
    _, _, household, period, _ = archive.split("/")
    cadre.open(f"/decisions/households/{household}/{period}/")
    assert "In words, and what would change it" in cadre.page.locator("main").inner_text()

    act(cadre, "exit", reason="Work in the county town for a year.")
    case = re.findall(r"/decisions/cases/\d+/", cadre.page.url)[0]
    day = time.strftime("%Y-%m-%d")
    act(cadre, "accept", meeting_on=day, present="20", signed_on=day, statement="We agree.")
    assert not may(cadre, "review")
    reviewer.open(case)
    act(reviewer, "review")
    reviewer.open(case)
    act(reviewer, "publish")

    anybody.open("/public/")
    anybody.follow(anybody.page.locator('main a[href^="/public/lists/"]').first.click)
    shown = anybody.page.locator("main").inner_text()
    assert household not in shown
    assert "*" in shown
    anybody.follow(anybody.page.locator('main a[href^="/public/lists/"]').last.click)
    anybody.page.fill('[name="reason"]', "The work ended in spring; the roof leaks.")
    anybody.follow(anybody.page.locator("main form button").last.click)
    receipt = re.findall(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", anybody.page.content())[0]

    officer.open(case)
    assert not may(officer, "decide")
    answer = officer.page.locator('form[action*="/decisions/objections/"]').first
    answer.locator('[name="outcome"]').select_option("upheld")
    answer.locator('[name="text"]').fill("The home was seen; it is as you say.")
    officer.follow(answer.locator("button").click)
    officer.open(case)
    assert "refused" in officer.page.locator("main").inner_text()

    anybody.open("/public/receipt/")
    anybody.page.fill('[name="receipt"]', receipt)
    anybody.follow(anybody.page.locator("main form button").last.click)
    assert "it is as you say" in anybody.page.locator("main").inner_text()


def test_three_people_see_their_own_areas(seat: Seat) -> None:
    here, next_door, above = seat("village", PHONE), seat("neighbour", PHONE), seat("county")

    own, theirs, all_ = households(here), households(next_door), households(above)

    assert own
    assert theirs
    assert not set(own) & set(theirs)
    assert set(own) <= set(all_)
    next_door.complaints.clear()
    next_door.page.goto(f"{next_door.address}{own[0]}")
    assert "There is no such page" in next_door.page.locator("main").inner_text()
    # The browser itself notes the 404; it is what the test asked for.
    next_door.complaints.clear()
