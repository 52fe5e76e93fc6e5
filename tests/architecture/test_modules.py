"""How a module is written: it says what it is for, stays small, and asks neither clock nor chance."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from .source import Module, called, modules

MOST_LINES = 400
MOST_LINES_OF_A_FUNCTION = 60
SHELL = "cli"
"""The one floor that prints and reads the clock."""

_ONE_SUMMARY = "one invented summary written out as data, to be read beside the page it becomes"
LONGER = {
    "tests/unit/report/invented_summary.py": _ONE_SUMMARY,
    "tests/unit/report/invented_summary.py:make_summary": _ONE_SUMMARY,
    "bench/peers/openfisca_rule.py": "OpenFisca wants a class per variable; all of the peer's rule in one place",
}
"""Exceptions to the sizes, `path` or `path:function` -> why."""

TAKES_THE_TIME = {"src/jingzhun/frames/results.py"}
"""Measures how many seconds a stage took; the figure is told and never computed with."""

MAKES_SECRETS = {
    "src/jingzhun/linkage/private/keys.py",
    "src/jingzhun/quality/intake/record_ids.py",
}
"""Make keys that nobody may guess; no figure depends on them."""

CLOCK = {"now", "today", "utcnow"}
CHANCE = {"random", "secrets", "uuid"}


def _engine() -> Iterator[Module]:
    return (module for module in modules() if module.floor != SHELL)


def test_every_module_says_what_it_is_for() -> None:
    silent = [m.place for m in modules() if not ast.get_docstring(m.tree)]

    assert silent == []


def test_no_file_has_more_than_400_lines() -> None:
    everything = modules("src", "tests", "bench")
    long = {m.place: m.text.count("\n") for m in everything if m.text.count("\n") > MOST_LINES}

    assert {place: n for place, n in long.items() if place not in LONGER} == {}


def test_no_function_has_more_than_60_lines() -> None:
    long = {}
    for module in modules("src", "tests", "bench"):
        for function in module.functions():
            # The signature of a command is its list of options, with their help: it is not counted.
            is_command = "src/jingzhun/cli/" in module.place
            start = function.body[0].lineno if is_command else function.lineno
            lines = (function.end_lineno or start) - start + 1
            if lines > MOST_LINES_OF_A_FUNCTION:
                long[f"{module.place}:{function.name}"] = lines

    assert {place: n for place, n in long.items() if place not in LONGER} == {}


def test_no_module_of_the_engine_is_an_exception() -> None:
    assert [place for place in LONGER if place.startswith("src/")] == []


def _calendars(module: Module) -> set[str]:
    """What the module calls `datetime`, and its classes."""
    found = {"datetime"}
    for node in module.nodes:
        if isinstance(node, ast.ImportFrom) and node.module == "datetime":
            found |= {alias.asname or alias.name for alias in node.names}
    return found


def _asks_the_day(call: ast.Call, calendars: set[str]) -> bool:
    match call.func:
        case ast.Attribute(attr=attribute, value=ast.Name(id=name) | ast.Attribute(attr=name)):
            return attribute in CLOCK and name in calendars
        case _:
            return False


def test_the_engine_never_asks_what_day_it_is() -> None:
    asking = [
        f"{module.place}:{call.lineno}"
        for module in _engine()
        for calendars in [_calendars(module)]
        for call in module.calls()
        if _asks_the_day(call, calendars)
    ]

    assert asking == []


def test_the_engine_never_looks_at_the_clock() -> None:
    looking = [
        module.place
        for module in _engine()
        if module.place not in TAKES_THE_TIME and "time" in module.imports()
    ]

    assert looking == []


def test_the_engine_takes_no_number_by_chance() -> None:
    by_chance = [
        m.place
        for m in _engine()
        if CHANCE & {n.split(".")[0] for n in m.imports()} and m.place not in MAKES_SECRETS
    ]
    unseeded = [
        f"{module.place}:{call.lineno}"
        for module in _engine()
        for call in module.calls()
        if called(call) in {"default_rng", "PCG64", "Philox", "SeedSequence"}
        and not (call.args or call.keywords)
    ]

    assert by_chance + unseeded == []


def test_only_the_command_line_prints() -> None:
    printing = [
        f"{module.place}:{call.lineno}"
        for module in _engine()
        for call in module.calls()
        if isinstance(call.func, ast.Name) and call.func.id == "print"
    ]
    streams = [
        f"{module.place}:{node.lineno}"
        for module in _engine()
        for node in module.nodes
        if isinstance(node, ast.Attribute)
        and node.attr in {"stdout", "stderr", "stdin"}
        and isinstance(node.value, ast.Name)
        and node.value.id == "sys"
    ]

    assert printing + streams == []
