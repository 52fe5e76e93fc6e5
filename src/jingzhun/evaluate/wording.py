"""An explanation in words, English and Chinese, and as plain data for other programs."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from jingzhun.evaluate import outcomes
from jingzhun.evaluate.counterfactual import Change
from jingzhun.evaluate.explain import (
    MET,
    NOT_MET,
    UNKNOWN_STATE,
    ExplainedItem,
    Explanation,
    Missing,
)
from jingzhun.policy.cel import text_of
from jingzhun.policy.citing import cited
from jingzhun.policy.parameters import Entry
from jingzhun.standard import schema
from jingzhun.standard.labels import Label
from jingzhun.standard.units import total_unit, with_unit

STATES = {
    MET: Label(en="met", zh="达标"),
    NOT_MET: Label(en="NOT met", zh="不达标"),
    UNKNOWN_STATE: Label(en="not assessable", zh="无法评估"),
}
OUTCOMES = {
    outcomes.PASSED: Label(en="passes", zh="通过"),
    outcomes.FAILED: Label(en="does not pass", zh="不通过"),
    outcomes.NOT_ASSESSABLE: Label(en="can't be assessed", zh="无法评估"),
}
DEFAULT = Label(en="our own default, not an official value", zh="本系统默认值，非官方规定")
UNVERIFIED = Label(en="not verified", zh="未核实")
YES, NO, UNKNOWN = (
    Label(en="yes", zh="是"),
    Label(en="no", zh="否"),
    Label(en="not known", zh="未知"),
)
NO_BASIS = Label(
    en="Nothing is left empty, but there is no basis to compute it, such as no member who shares the budget.",
    zh="信息已填全，但缺少计算基础，例如没有共享家庭收支的在册成员。",
)
PASSES_ANYWAY = Label(
    en="Would pass as soon as what is missing is known, whatever it is.",
    zh="补全缺少的信息后，无论结果如何均可通过。",
)
TABLES = {"household": "households", "member": "persons", "village": "villages"}


def value_text(
    value: Any, language: str, column: schema.Column | None = None, unit: str | None = None
) -> str:
    """A value as its reader writes it: yes and no, names of codes, numbers with their unit."""
    match value:
        case None:
            text = UNKNOWN.text(language)
        case bool():
            text = (YES if value else NO).text(language)
        case list() | tuple():
            parts = [value_text(part, language, column, unit) for part in value]
            text = ("、" if language == "zh" else ", ").join(parts)
        case date():
            chinese = f"{value.year}年{value.month}月{value.day}日"
            text = chinese if language == "zh" else value.isoformat()
        case int() | float():
            text = with_unit(value, unit or (column.unit if column else None), language)
        case _:
            text = _code_name(str(value), language, column)
    return text


def _code_name(value: str, language: str, column: schema.Column | None) -> str:
    if column is None or column.codes is None:
        return value
    code = schema.code_list(column.codes).by_code().get(value)
    return code.label.text(language) if code else value


def column_of(owner: str, name: str) -> schema.Column | None:
    """The column of the standard behind a fact; None for computed ones."""
    return schema.table(TABLES[owner]).by_name.get(name)


def _label(owner: str, name: str, language: str) -> str:
    column = column_of(owner, name)
    return column.label.text(language) if column else name


def _who(persons: Sequence[str], explanation: Explanation, language: str) -> str:
    """Members by their relation to the head: head 户主, son 之子 ... with the record number."""
    relations = schema.code_list("relation").by_code()
    named = []
    for person in persons:
        code = relations.get(explanation.persons.get(person, "99"))
        label = code.label.text(language) if code else ""
        named.append(f"{label} ({person})" if language == "en" else f"{label}（{person}）")
    return ("、" if language == "zh" else ", ").join(named)


def change_text(change: Change, explanation: Explanation, language: str) -> str:
    """One change: what, for whom, from what to what."""
    column = column_of(change.owner, change.column)
    befores = dict.fromkeys(value_text(v, language, column) for v in change.before)
    before = " / ".join(befores)
    after = value_text(change.after, language, column)
    label = _label(change.owner, change.column, language)
    colon, arrow = (": ", "->") if language == "en" else ("：", "→")
    text = f"{label}{colon}{before} {arrow} {after}"
    if not change.persons:
        return text
    return f"{_who(change.persons, explanation, language)}{colon}{text}"


def missing_text(missing: Missing, explanation: Explanation, language: str) -> str:
    """A missing fact, and of whom."""
    label = _label(missing.owner, missing.column, language)
    if missing.owner == "member" and missing.persons:
        who = _who(missing.persons, explanation, language)
        return f"{label} ({who})" if language == "en" else f"{label}（{who}）"
    if missing.owner == "member":
        return (
            f"{label} (no members recorded)" if language == "en" else f"{label}（未登记家庭成员）"
        )
    return label


def parameter_text(entry: Entry, language: str, chinese: Mapping[str, str]) -> str:
    """A parameter with its value, date, source and how sure it is; `chinese`: clauses of sources."""
    value = value_text(entry.value, language, unit=entry.unit)
    marks = [DEFAULT.text(language)] if entry.default else []
    if not entry.is_verified and not entry.default:
        marks.append(UNVERIFIED.text(language))
    since = value_text(entry.since, language)
    source = cited(entry.source, language, chinese)
    if language == "zh":
        notes = "；".join(
            [
                f"自{since}起",
                f"来源：{source}",
                f"可信度：{cited(entry.confidence, language, chinese)}",
                *marks,
            ]
        )
        return f"{entry.label.zh} = {value}（{notes}）"
    notes = "; ".join(
        [f"since {since}", f"source: {source}", f"confidence: {entry.confidence}", *marks]
    )
    return f"{entry.label.en} = {value} ({notes})"


def lines(explanation: Explanation, language: str) -> list[str]:
    """The whole explanation as lines of text in one language (`en` or `zh`)."""
    found = [_headline(explanation, language), ""]
    for item in explanation.items:
        found += _item_lines(item, explanation, language)
    return [*found, "", *_ending(explanation, language), *_references(explanation, language)]


def _references(explanation: Explanation, language: str) -> list[str]:
    """The sources cited above, written out."""
    texts = [i.item.indicator.source for i in explanation.items]
    texts += [entry.source for i in explanation.items for entry in i.parameters]
    named = [
        f"    [{name}] {cited(title, language, explanation.chinese)}"
        for name, title in explanation.references.items()
        if any(f"[{name}]" in text for text in texts)
    ]
    heading = "Sources:" if language == "en" else "来源："
    return ["", heading, *named] if named else []


def _headline(explanation: Explanation, language: str) -> str:
    profile = explanation.stick.profile
    outcome = OUTCOMES[explanation.outcome].text(language)
    on = value_text(explanation.on, language)
    mark = f" [{DEFAULT.text(language)}]" if profile.default else ""
    score = ""
    if explanation.score is not None:
        reached = value_text(float(explanation.score), language)
        wanted = value_text(explanation.stick.pass_mark, language)
        english = f", {reached} of 100 points, pass mark {wanted}"
        score = english if language == "en" else f"，得分{reached}，合格线{wanted}"
    if language == "zh":
        return (
            f"户编号 {explanation.household_id} · {profile.label.zh}{mark} · {on}：{outcome}{score}"
        )
    return (
        f"Household {explanation.household_id}, {profile.label.en}{mark}, on {on}: {outcome}{score}"
    )


_SIGNS = {MET: "+", NOT_MET: "-", UNKNOWN_STATE: "?"}


def _item_lines(item: ExplainedItem, explanation: Explanation, language: str) -> list[str]:
    en = language == "en"
    indicator = item.item.indicator
    state = STATES[item.state].text(language)
    text = f"{_SIGNS[item.state]} {indicator.label.text(language)}{': ' if en else '：'}{state}"
    if item.item.weight and explanation.stick.is_weighted:
        points = value_text(float(item.points or 0.0), language)
        weight = value_text(item.item.weight, language)
        text += f", {points} of {weight} points" if en else f"，{points}/{weight}分"
    if indicator.veto:
        text += ", veto" if en else "，一票否决"
    found = [text]
    found += _measured(item, explanation, language)
    found.append(_basis(item, explanation, language))
    chinese = explanation.chinese
    found += [f"    {parameter_text(entry, language, chinese)}" for entry in item.parameters]
    if item.missing:
        names = _joined((missing_text(m, explanation, language) for m in item.missing), language)
        found.append(f"    Missing: {names}" if en else f"    缺少信息：{names}")
    elif item.state == UNKNOWN_STATE:
        found.append(f"    {NO_BASIS.text(language)}")
    if item.state != MET:
        found += _advice(item, explanation, language)
    return found


def _basis(item: ExplainedItem, explanation: Explanation, language: str) -> str:
    """Where the indicator is from, and how sure that is."""
    indicator = item.item.indicator
    source = cited(indicator.source, language, explanation.chinese)
    marks = [DEFAULT.text(language)] if indicator.default else []
    if language == "zh":
        notes = "；".join([f"可信度：{indicator.confidence}", *marks])
        return f"    指标来源：{source}（{notes}）"
    notes = "; ".join([f"confidence: {indicator.confidence}", *marks])
    return f"    Source: {source} ({notes})"


def _measured(item: ExplainedItem, explanation: Explanation, language: str) -> list[str]:
    unit = item.item.indicator.unit
    if item.value is None:
        return []
    value = value_text(item.value, language, unit=unit)
    threshold = None if item.threshold is None else value_text(item.threshold, language, unit=unit)
    if language == "zh":
        what = item.value_label.zh if item.value_label else "数值"
        text = f"    {what}：{value}" + (f"，标准：{threshold}" if threshold else "")
    else:
        what = item.value_label.en if item.value_label else "value"
        text = f"    {what[0].upper()}{what[1:]}: {value}"
        text += f", threshold: {threshold}" if threshold else ""
    return [text + _shortfall(item, explanation, language)]


def _shortfall(item: ExplainedItem, explanation: Explanation, language: str) -> str:
    """What lacks of the threshold; of an amount per person also the sum for the household."""
    if item.shortfall is None:
        return ""
    zh, size, unit = language == "zh", explanation.household_size, item.item.indicator.unit
    gap = with_unit(math.ceil(item.shortfall * 100) / 100, unit, language)
    text = f"，差{gap}" if zh else f"; short by {gap}"
    whole = total_unit(unit)
    if not (size and whole):
        return text
    total = with_unit(math.ceil(item.shortfall * size), whole, language)
    persons = with_unit(size, "persons", language)
    return f"{text}，{persons}合计差{total}" if zh else f"{text}, {total} for {persons}"


def _advice(item: ExplainedItem, explanation: Explanation, language: str) -> list[str]:
    en = language == "en"
    found = []
    for changes in item.changes[:3]:
        texts = _joined((change_text(c, explanation, language) for c in changes), language)
        found.append(f"    Would be met by: {texts}" if en else f"    达标所需变化：{texts}")
    advice = item.item.indicator.advice.text(language)
    found.append(f"    What helps: {advice}" if en else f"    帮扶建议：{advice}")
    return found


def _joined(texts: Iterable[str], language: str) -> str:
    return ("；" if language == "zh" else "; ").join(texts)


def _ending(explanation: Explanation, language: str) -> list[str]:
    labels = {i.item.id: i.item.indicator.label.text(language) for i in explanation.items}
    person = (
        "A person decides, not a score; the household can object."
        if language == "en"
        else "是否脱贫由人认定，不由分数自动决定；农户可以提出异议。"
    )
    found = []
    if explanation.passes_anyway:
        found.append(PASSES_ANYWAY.text(language))
    joint = " + "
    for way in () if explanation.passes_anyway else explanation.ways[:5]:
        names = joint.join(labels[id_] for id_ in way)
        found.append(
            f"Would pass with: {names}" if language == "en" else f"以下达标即可通过：{names}"
        )
    if explanation.tipping:
        names = _joined((labels[id_] for id_ in explanation.tipping), language)
        found.append(
            f"Would no longer pass without any one of: {names}"
            if language == "en"
            else f"以下任一项不达标即不能通过：{names}"
        )
    return [*found, person]


def as_data(explanation: Explanation) -> dict[str, Any]:
    """The explanation as JSON-ready data, with texts in both languages."""
    return {
        "household_id": explanation.household_id,
        "profile": explanation.stick.id,
        "on": explanation.on.isoformat(),
        "outcome": explanation.outcome,
        "score": explanation.score,
        "pass_mark": explanation.stick.pass_mark,
        "indicators": [_item_data(item, explanation) for item in explanation.items],
        "would_pass_with": [list(way) for way in explanation.ways],
        "would_pass_once_known": explanation.passes_anyway,
        "would_fail_without": list(explanation.tipping),
        "text": {language: lines(explanation, language) for language in ("en", "zh")},
    }


def _item_data(item: ExplainedItem, explanation: Explanation) -> dict[str, Any]:
    indicator = item.item.indicator
    judged = item.item.met if item.item.met is not None else item.item.score
    return {
        "id": indicator.id,
        "label": indicator.label.model_dump(),
        "state": item.state,
        "value": _plain(item.value),
        "value_label": item.value_label.model_dump() if item.value_label else None,
        "threshold": _plain(item.threshold),
        "unit": indicator.unit,
        "shortfall": item.shortfall,
        "points": item.points,
        "weight": indicator.weight,
        "veto": indicator.veto,
        "default": indicator.default,
        "source": indicator.source,
        "confidence": indicator.confidence,
        "rule": None if judged is None else text_of(judged, named=True),
        "parameters": [
            {
                "name": e.name,
                "value": _plain(e.value),
                "unit": e.unit,
                "since": e.since.isoformat(),
                "source": e.source,
                "confidence": e.confidence,
                "default": e.default,
                "area": e.area,
            }
            for e in item.parameters
        ],
        "missing": [
            {"of": m.owner, "field": m.column, "persons": list(m.persons)} for m in item.missing
        ],
        "changes": [
            [
                {
                    "of": c.owner,
                    "field": c.column,
                    "persons": list(c.persons),
                    "before": [_plain(v) for v in c.before],
                    "after": _plain(c.after),
                    "text": {
                        language: change_text(c, explanation, language) for language in ("en", "zh")
                    },
                }
                for c in changes
            ]
            for changes in item.changes
        ],
        "advice": indicator.advice.model_dump(),
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
