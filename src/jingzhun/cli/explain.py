"""`jingzhun explain`: why one household passes or fails, and what would change it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Literal

import polars as pl
import typer

from jingzhun.cli import console
from jingzhun.evaluate.explain import explain as explain_household
from jingzhun.evaluate.wording import as_data, lines
from jingzhun.evaluate.yardstick import yardstick
from jingzhun.frames.workspace import Workspace
from jingzhun.policy.pack import load_pack
from jingzhun.run.stages import period_for
from jingzhun.run.subject import subject


def explain(
    workspace: Annotated[Path, typer.Argument(help="Workspace folder.", show_default=False)],
    household_id: Annotated[str, typer.Argument(help="Household number.", show_default=False)],
    on: Annotated[str, typer.Option("--on", help="Date of the evaluation, YYYY-MM-DD.")],
    profile: Annotated[
        str, typer.Option(help="Exit profile; the pack's default if not named.")
    ] = "",
    period: Annotated[int | None, typer.Option(help="Year of the register.")] = None,
    language: Annotated[
        Literal["both", "en", "zh"], typer.Option(help="Language of the text.")
    ] = "both",
    format: Annotated[Literal["text", "json"], typer.Option(help="Text or JSON.")] = "text",
) -> None:
    """Explain one household: each indicator with its source, and the smallest changes that flip it."""
    ws = Workspace.open(workspace)
    day = console.day(on)
    pack = load_pack(ws.pack)
    stick = yardstick(pack, profile or pack.default_profile, day)
    found = subject(ws, household_id, period or period_for(ws, day))
    explanation = explain_household(pack, stick, found, backend=pl)
    if format == "json":
        print(json.dumps(as_data(explanation), ensure_ascii=False, indent=2))
        return
    for number, tongue in enumerate(("en", "zh") if language == "both" else (language,)):
        print(
            "\n".join(["", *lines(explanation, tongue)] if number else lines(explanation, tongue))
        )
