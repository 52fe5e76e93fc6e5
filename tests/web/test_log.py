"""The log for people: in words, narrowed, with what went out, and checked by whoever reads it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import jingzhun_web
from jingzhun_web.access.roles import Role
from jingzhun_web.audit.models import Entry
from jingzhun_web.console.log import words
from jingzhun_web.crosscheck.permitted import ACTS
from jingzhun_web.dialogue.processes import Kind, State

from .people import PROVINCE, SignedIn, county_of

LITERAL = re.compile(r'act="([a-z_]+)"')
STEPS = {"object", "refuse"}
"""Steps of findings and changes, in tables of their own; in the log they have their thing's name behind them."""


def test_every_act_that_is_recorded_has_words() -> None:
    folder = Path(jingzhun_web.__file__).parent
    recorded = {
        act
        for path in folder.rglob("*.py")
        if "audit.record(" in (text := path.read_text(encoding="utf-8"))
        for act in LITERAL.findall(text)
    }
    recorded -= STEPS
    recorded |= {f"{act}_finding" for act in ACTS}
    recorded |= {f"{kind}_{state}" for kind in Kind for state in State}
    recorded |= {f"{state}_crosscheck" for state in ("start", "done", "failed")}

    assert len(recorded) > 50
    assert [act for act in sorted(recorded) if words.act(act) == act] == []


def test_an_auditor_reads_what_was_exported_by_whom_and_how_much(
    sign_in: SignedIn, villages: list[int]
) -> None:
    county = county_of(villages[0])
    officer = sign_in(Role.COUNTY, county, "exporter")
    list(officer.get("/households/export.csv?period=2019"))
    auditor = sign_in(Role.AUDITOR, int(PROVINCE))

    page = auditor.get("/log/?group=out&who=exporter").content.decode()

    assert "完成导出" in page
    assert re.search(r"行数: \d+", page)
    assert "SHA-256" in page
    assert "登录" not in re.findall(r"<tbody>.*</tbody>", page, re.DOTALL)[0]


def test_the_auditor_of_another_county_does_not_read_of_the_export(
    sign_in: SignedIn, villages: list[int]
) -> None:
    county = county_of(villages[0])
    elsewhere = next(county_of(v) for v in villages if county_of(v) != county)
    list(sign_in(Role.COUNTY, county).get("/households/export.csv?period=2019"))

    page = sign_in(Role.AUDITOR, elsewhere).get("/log/?group=out").content.decode()

    assert "完成导出" not in page


def test_the_log_is_narrowed_by_day_and_thing(sign_in: SignedIn) -> None:
    auditor = sign_in(Role.AUDITOR, int(PROVINCE), "reader")

    none = auditor.get("/log/?since=2999-01-01").content.decode()
    own = auditor.get("/log/?who=reader&group=accounts").content.decode()
    nobody = auditor.get("/log/?who=no+such+account").content.decode()

    assert "没有涉及您所辖地区的记录" in none
    assert "没有涉及您所辖地区的记录" in nobody
    assert "登录" in own


def test_an_auditor_checks_the_chain_and_the_check_is_in_the_log(sign_in: SignedIn) -> None:
    auditor = sign_in(Role.AUDITOR, int(PROVINCE))

    page = auditor.post("/log/verify/", follow=True).content.decode()

    assert "日志完整" in page
    assert Entry.objects.filter(act="verify_log", object_id="whole").exists()


@pytest.mark.parametrize("role", [Role.VILLAGE, Role.TOWNSHIP, Role.COUNTY, Role.ANALYST])
def test_only_auditors_read_and_check_the_log(
    role: Role, sign_in: SignedIn, villages: list[int]
) -> None:
    client = sign_in(role, villages[0])

    assert client.get("/log/").status_code == 403
    assert client.post("/log/verify/").status_code == 403


def test_a_broken_chain_is_told(sign_in: SignedIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jingzhun_web.audit.services.first_break", lambda: 7)
    auditor = sign_in(Role.AUDITOR, int(PROVINCE))

    page = auditor.post("/log/verify/", follow=True).content.decode()

    assert "日志自第7条起不完整" in page
