"""Findings, verdicts and rule quality as lines of text, in English with Chinese beside it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl

from jingzhun.crosscheck import store
from jingzhun.crosscheck.findings import BANDS, STATES, WITHDRAWN
from jingzhun.crosscheck.history import EVENTS, REASONS
from jingzhun.crosscheck.quality import SUGGESTIONS
from jingzhun.crosscheck.verdicts import VERDICTS
from jingzhun.frames.workspace import Workspace
from jingzhun.policy.checks import FINDINGS
from jingzhun.policy.crosschecks import VERDICT_PATHS
from jingzhun.policy.pack import Pack, load_pack
from jingzhun.standard.labels import Label

Row = Mapping[str, Any]
_NAME = 40


def overview(found: Row, *, rules: int | None = None) -> list[str]:
    """Sources, links, findings by rule, and what changed in the store; with `rules`, the most frequent ones only.

    In an invented province, how far all of it is right: in one line when few rules are shown.
    """
    findings, sources = found["findings"], found["sources"]
    records = sum(row["records"] for row in sources)
    sure = sum(row["certain"] + row["probable"] for row in sources)
    review = sum(row["review"] for row in sources)
    lines = [
        f"{len(sources)} sources with {records:,} records: {sure:,} linked to people on file, "
        f"{review:,} links to be reviewed  部门数据{len(sources)}类",
        f"{findings['total']:,} findings in {findings['households']:,} households, "
        f"{findings['outside']:,} about people not on file  疑点{findings['total']:,}条",
        *_by_rule(findings["by_rule"][:rules]),
        f"Changes: {_changes(found['events'])}"
        if not found["is_older"]
        else "The stored findings are of a later day and were left as they are",
    ]
    if found["truth"]:
        measured = accuracy_lines(found["truth"])
        lines += measured if rules is None else measured[:1]
    return lines


def _by_rule(rules: Iterable[Row]) -> list[str]:
    lines = []
    for rule in rules:
        words = f"{rule['label']['en']} {rule['label']['zh']}"
        review = f" ({rule['review']:,} to be reviewed)" if rule["review"] else ""
        lines.append(f"  {rule['rule']:<5} {rule['n']:>8,}  {words}{review}")
    return lines


def _changes(events: Mapping[str, int]) -> str:
    return ", ".join(f"{n:,} {EVENTS[name].en} {EVENTS[name].zh}" for name, n in events.items())


def first_finding(ws: Workspace, period: int) -> list[str]:
    """The most urgent finding that rests on records, explained, so that one is seen whole."""
    stored = store.findings(ws, period)
    alive = stored.filter((pl.col("state") != WITHDRAWN) & (pl.col("record_ids").list.len() > 0))
    if not alive.height:
        return []
    first = alive.sort("rank", "finding_id").row(0, named=True)
    return ["One of the most urgent:", *explained(first, load_pack(ws.pack))]


def explained(finding: Row, pack: Pack) -> list[str]:
    """One finding: what, of whom, on what evidence, what to ask first, what may follow, until when."""
    band, state = BANDS[finding["link_band"]], STATES[finding["state"]]
    kind = FINDINGS[finding["finding"]]
    who = [f"household {finding['household_id']}"] if finding["household_id"] else ["not on file"]
    who += [f"person {finding['person_id']}"] if finding["person_id"] else []
    lines = [
        f"{finding['finding_id']}  {_both(kind)}, {finding['severity']}, {_both(state)}",
        f"  {finding['message_en']}",
        f"  {finding['message_zh']}",
        f"  Who 对象: {', '.join(who)}, village {finding['village_code']}",
        f"  Evidence 证据: {', '.join(finding['record_ids']) or 'no record'} ({_both(band)})",
        f"  Compared 比对: {_values(finding['values'])}",
    ]
    rule = pack.crosschecks.get(finding["rule"])
    if rule is not None:
        lines += [f"  Ask first 先询问: {_both(text)}" for text in rule.explanations]
    path = [
        _both(VERDICT_PATHS[step])
        for step in str(finding["verdict_path"]).split(",")
        if step in VERDICT_PATHS
    ]
    return [
        *lines,
        f"  If true 如属实: {', '.join(path)}; look into it until {finding['deadline']} 前核实",
    ]


def _values(text: str | None) -> str:
    values: dict[str, Any] = json.loads(text or "{}")
    return ", ".join(f"{name} = {_plain(value)}" for name, value in values.items()) or "nothing"


def _plain(value: Any) -> str:
    if value is None:
        return "not known"
    if isinstance(value, list):
        return "/".join(map(_plain, value))
    return str(value)


def _both(label: Label) -> str:
    return f"{label.en} {label.zh}"


def about(ws: Workspace, period: int, number: str) -> tuple[Sequence[Row], Sequence[Row]]:
    """Findings with this number, or about this household or person, the most urgent first; their events."""
    rows = store.findings(ws, period)
    mine = pl.any_horizontal(
        pl.col(name) == number for name in ("finding_id", "household_id", "person_id", "subject_id")
    )
    found = rows.filter(mine).sort("rank", "finding_id")
    ids = found["finding_id"]
    events = store.events(ws, period).filter(pl.col("finding_id").is_in(ids.implode()))
    return found.to_dicts(), events.to_dicts()


def history(events: Sequence[Row]) -> list[str]:
    """What happened to findings, oldest first."""
    lines = ["History 历史:"]
    for event in events:
        reason = REASONS.get(event["reason"])
        changed = f": {', '.join(event['changed'])}" if event["changed"] else ""
        why = f" ({_both(reason)})" if reason else ""
        words = _both(EVENTS[event["event"]])
        lines.append(f"  {event['on']}  {event['finding_id']}  {words}{changed}{why}")
    return lines


def quality_lines(rows: Sequence[Row], pack: Pack) -> list[str]:
    """A line per rule with its verdicts, precision and load; below it what to retune."""
    heads = "  ".join(f"{_both(label)}" for label in VERDICTS.values())
    lines = [f"Rule: findings, decided ({heads}), precision with 95 % interval, findings a village"]
    for row in rows:
        rule = pack.crosschecks.get(row["rule"])
        words = f"{rule.label.en} {rule.label.zh}" if rule else ""
        counts = " / ".join(f"{n:,}" for n in row["verdicts"].values())
        load = row["load"]
        mean = "-" if load["mean"] is None else f"{load['mean']:.2f}"
        most = 0 if load["most"] is None else int(load["most"])
        lines.append(
            f"  {row['rule']:<5} {words[:_NAME]:<{_NAME}} {row['hits']:>7,}  {row['decided']:>6,} ({counts})  "
            f"{_with_interval(row['precision'], row['precision_interval'])}  {mean} (most {most:,})"
        )
        lines += [f"        -> {_both(SUGGESTIONS[name])}" for name in row["suggestions"]]
    return lines


def accuracy_lines(measured: Row) -> list[str]:
    """Accuracy of links and findings against the truth of an invented province."""
    links = measured["links"]
    lines = [
        f"Against the truth of this invented province: {links['right']:,} of {links['links']:,} links right "
        f"({_with_interval(links['precision'], links['precision_interval'])})"
    ]
    people = [
        f"{row['label']['en']} {row['label']['zh']} {row['recall']:.2%}"
        for row in measured["recall_by_ethnicity"]
        if row["recall"] is not None
    ]
    lines.append(f"  Recall of links by ethnicity: {', '.join(people)}")
    for row in measured["by_finding"]:
        kind = FINDINGS.get(row["finding"])
        words = _both(kind) if kind else str(row["finding"])
        lines.append(
            f"  {words}: {row['right']:,} right of {row['found']:,} found, {row['real']:,} really so; "
            f"precision {_share(row['precision'])}, recall {_share(row['recall'])}"
        )
    return lines


def _with_interval(share: float | None, interval: Any) -> str:
    if share is None or not interval:
        return "not known"
    return f"{share:.2%} [{interval[0]:.2%}, {interval[1]:.2%}]"


def _share(share: float | None) -> str:
    return "not known" if share is None else f"{share:.1%}"
