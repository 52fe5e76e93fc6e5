"""The answer in short and the headline figures, each with unit, date and source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from jingzhun.disclosure.marks import is_hidden
from jingzhun.report.names import AreaNames
from jingzhun.report.numbers import big, count, day, percent
from jingzhun.report.texts import Both, catalogue, known, say

Row = dict[str, Any]


@dataclass(frozen=True)
class Card:
    """One headline figure."""

    label: Both
    figure: Any
    note: Both
    tone: str = ""


def answers(public: Row, names: AreaNames) -> list[Both]:
    """The findings of the run in sentences, the most important first."""
    parts, found = public["parts"], []
    if parts["identify"]:
        found.append(
            say(
                "answer_poor",
                poor=big(public["poor_persons"]),
                persons=big(public["persons"]),
                line=count(public["line"]["value"]),
                unit=known("unit", str(public["line"]["unit"])),
                rate=percent(public["headcount_rate"]),
            )
        )
    if parts["evaluate"]:
        found += _exit_answers(public)
    half = half_of_poor(public)
    if half and len(public["by_county"]) > 2:
        first = public["concentration"][0]
        found.append(
            say(
                "answer_first",
                counties=half,
                all=len(public["by_county"]),
                name=names.of(first["code"], first["name"]),
            )
        )
    return found


def _exit_answers(public: Row) -> list[Both]:
    stricter, registered = public["stricter"], public["registered_households"]
    found = [
        say(
            "answer_exit",
            passed=big(stricter["passed"]),
            registered=big(registered),
            share=percent(share(stricter["passed"], registered)),
            failed=big(stricter["failed"]),
            missing=big(stricter["not_assessable"]),
        )
    ]
    failing = public["exit_check"]["exited_failing"]
    if failing:
        found.append(say("answer_failing", failing=big(failing)))
    return found


def share(part: Any, whole: Any) -> Any:
    """A share of shown figures; hidden when one of them is, unknown when there is no whole."""
    if is_hidden(part) or is_hidden(whole):
        return part if is_hidden(part) else whole
    return part / whole if part is not None and whole else None


def half_of_poor(public: Row) -> int | None:
    """How many counties, from the poorest by number, hold half of all poor persons."""
    for index, row in enumerate(public["concentration"]):
        if (row["cumulative_share"] or 0) >= 0.5:
            return index + 1
    return None


def cards(public: Row) -> list[Card]:
    """The headline figures this run has."""
    on, texts, check = day(public["on"]), catalogue(), public["exit_check"]

    def card(key: str, figure: Any, unit: str, source: str, tone: str = "") -> Card:
        note = say("card_note", unit=texts[f"unit_{unit}"], on=on, source=texts[f"source_{source}"])
        return Card(texts[f"card_{key}"], figure, note, tone)

    found = []
    if public["parts"]["identify"]:
        found += [
            Card(
                texts["card_file"],
                big(public["persons"]),
                say(
                    "card_note",
                    unit=say("unit_file", n=big(public["households"])),
                    on=on,
                    source=texts["source_register"],
                ),
            ),
            card("poor", big(public["poor_persons"]), "persons", "register", "poor"),
            card("rate", percent(public["headcount_rate"]), "rate", "register", "poor"),
            card("gap", percent(public["poverty_gap_rate"]), "gap", "register", "poor"),
        ]
        if public["missed_households"]:
            missed = big(public["missed_households"])
            found.append(card("missed", missed, "households", "register", "poor"))
    if public["parts"]["evaluate"]:
        stricter = public["stricter"]
        found += [
            card("passed", big(stricter["passed"]), "households", "stricter", "passed"),
            card("missing", big(stricter["not_assessable"]), "households", "stricter", "missing"),
        ]
        if check["exited_households"]:
            failing = big(check["exited_failing"])
            found.append(card("failing", failing, "households", "exit", "failed"))
    return found
