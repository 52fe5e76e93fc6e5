"""`jingzhun pack show | check | test | new`: what stands in a policy pack, and whether it is right."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console

from jingzhun.cli import console
from jingzhun.cli.pack_cases import CaseResult, run_cases
from jingzhun.cli.pack_rules import rule_data, rules_named, rules_view
from jingzhun.cli.pack_tables import overview, overview_data, profile_data, profile_view
from jingzhun.errors import PackError
from jingzhun.policy.crosscheck_rules import CrossCheck
from jingzhun.policy.new_pack import new_pack
from jingzhun.policy.pack import Pack, load_pack
from jingzhun.policy.problems import PackProblemsError

Language = Annotated[Literal["en", "zh"], typer.Option(help="Language of labels and texts.")]
Name = Annotated[str, typer.Argument(help="Name of a pack, or its folder.", show_default=False)]
_WIDTH = 120
"""Columns of a table when the output is no terminal."""

group = typer.Typer(
    name="pack", help="Policy packs: show, check, test, start a new one.", no_args_is_help=True
)


@group.command()
def show(
    pack: Name,
    profile: Annotated[
        str,
        typer.Argument(
            help="Exit profile, or rule of the cross-check such as X01; the whole pack if none.",
            show_default=False,
        ),
    ] = "",
    on: Annotated[
        str, typer.Option("--on", help="Date, YYYY-MM-DD; else when it was reviewed.")
    ] = "",
    area: Annotated[str, typer.Option(help="Division code, for values that differ by area.")] = "",
    language: Language = "en",
    format: Annotated[Literal["table", "json"], typer.Option(help="Tables or JSON.")] = "table",
) -> None:
    """Show a pack, a profile or a rule on a date: lines with sources, weights, defaults marked."""
    found = load_pack(pack)
    day = console.day(on) if on else found.info.reviewed
    if rules := rules_named(found, profile):
        _show_rules(found, rules, day, area, language, as_data=format == "json")
        return
    if format == "json":
        data = (
            profile_data(found, profile, day, area) if profile else overview_data(found, day, area)
        )
        print(json.dumps(data, ensure_ascii=False, indent=2))
        return
    out = _console()
    view = profile_view(found, profile, day, area, language) if profile else None
    for part in view or overview(found, day, area, language):
        out.print(part)


def _show_rules(
    pack: Pack,
    rules: Sequence[CrossCheck],
    on: date,
    area: str,
    language: str,
    *,
    as_data: bool,
) -> None:
    if as_data:
        data = [rule_data(pack, rule, on, area) for rule in rules]
        print(json.dumps(data[0] if len(data) == 1 else data, ensure_ascii=False, indent=2))
        return
    out = _console()
    for part in rules_view(pack, rules, on, area, language):
        out.print(part)


@group.command()
def check(pack: Name) -> None:
    """Read every file and expression of a pack; list everything that is wrong, with file and line."""
    try:
        found = load_pack(pack)
    except PackProblemsError as problems:
        for error in problems.errors:
            print(error.sentence, file=sys.stderr)
        number = len(problems.errors)
        raise PackError(f"The pack has {number} problem{'s' if number > 1 else ''}") from problems
    print(
        f"{found.id} {found.version}: {len(found.parameters)} parameters, {len(found.definitions)} definitions, "
        f"{len(found.profiles)} profiles, {len(found.checks)} checks, "
        f"{len(found.crosschecks)} cross-check rules, {len(found.cases)} cases; nothing wrong"
    )


@group.command("test")
def run_tests(pack: Name, language: Language = "en") -> None:
    """Run the cases of a pack through both evaluators; exit code 1 when one comes out otherwise."""
    found = load_pack(pack)
    results = run_cases(found, found.cases)
    failed = [result for result in results if not result.passed]
    for result in failed:
        print("\n".join(_failure(result, language)))
    print(_verdict(found, len(results), len(failed)))
    if failed:
        raise typer.Exit(1)


def _failure(result: CaseResult, language: str) -> list[str]:
    lines = [f"{result.case.id}: {result.case.text.text(language)}"]
    if result.error:
        return [*lines, f"  could not be run: {result.error}"]
    return lines + [
        f"  {d.what}: expected {d.expected}, got {d.got} (by the {d.evaluator})"
        for d in result.differences
    ]


def _verdict(pack: Pack, total: int, failed: int) -> str:
    if total == 0:
        return f"{pack.id} {pack.version} has no cases; add some in cases/*.yaml"
    if failed:
        return f"{pack.id} {pack.version}: {failed} of {total} cases failed"
    return f"{pack.id} {pack.version}: all {total} cases came out as expected, in both evaluators"


@group.command()
def new(
    folder: Annotated[
        Path, typer.Argument(help="Folder to make; its name becomes the id.", show_default=False)
    ],
) -> None:
    """Write a small valid pack with comments, to start from."""
    for path in new_pack(folder):
        print(path)
    print(f"Next: jingzhun pack check {folder}; jingzhun pack test {folder}", file=sys.stderr)


def _console() -> Console:
    out = Console()
    return out if out.is_terminal else Console(width=_WIDTH)
