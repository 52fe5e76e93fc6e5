"""The report: one HTML file that needs no network, from a run's summary."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from jingzhun.report.client import as_script_data, client_data
from jingzhun.report.maps import read_drawing
from jingzhun.report.measures import measures
from jingzhun.report.names import AreaNames
from jingzhun.report.numbers import count, day, hidden_mark
from jingzhun.report.public import FEW, public_summary
from jingzhun.report.texts import Both, both, catalogue, say
from jingzhun.report.views import crosscheck, evaluation, headline, people, places, quality

Row = dict[str, Any]
STYLES = ("report.css", "map.css")
SCRIPTS = ("core.js", "map.js", "county.js", "charts.js", "main.js")
CHARTS = "echarts.min.js"


def write_report(summary: Mapping[str, Any], *, pack_dir: Path, out: Path) -> Path:
    """Write the report of a run, in English and zh-Hans, and return its path.

    `summary` is the content of summary.json; every figure passes disclosure control here. `pack_dir` may hold
    `counties.geojson` (the map) and `names_en.csv`. The file appears in one step. Raises InputError when the
    summary has another format or the map can't be read.
    """
    page = render(summary, pack_dir=pack_dir)
    part = out.with_name(out.name + ".part")
    part.write_text(page, encoding="utf-8", newline="\n")
    part.replace(out)
    return out


def render(summary: Mapping[str, Any], *, pack_dir: Path) -> str:
    """The page as text; the same summary gives the same text."""
    public = public_summary(summary)
    names = AreaNames.read(pack_dir)
    chosen = measures(public)
    first = chosen[0] if chosen else None
    area, texts = both(public["pack"]["label"]), catalogue()
    title = Both(f"{area.en} · {texts['title_short'].en}", f"{area.zh} · {texts['title_short'].zh}")
    scripts = scripts_of_page()
    shown = {
        "answers": headline.answers(public, names),
        "cards": headline.cards(public),
        "measures": chosen,
        "map": places.map_view(public, read_drawing(pack_dir / "counties.geojson"), first, names),
        "counties": places.county_table(public, first, names),
        "causes": people.causes(public),
        "cause_table": people.cause_table(public),
        "groups": people.groups(public),
        "income": people.income(public, names),
        "evaluation": evaluation.evaluation(public),
        "exits": places.exits(public, names),
        "concentration": places.concentration(public, names),
        "change": people.change(public),
        "crosscheck": crosscheck.crosscheck(public, names),
        "quality": quality.quality(public),
        "method": quality.method(public),
    }
    return (
        environment()
        .get_template("report.html.j2")
        .render(
            **shown,
            public=public,
            texts=texts,
            verdict_names=crosscheck.verdict_names(),
            area=area,
            as_of=say("as_of", on=day(public["on"])),
            sections=sections(shown),
            hidden_note=hidden_note(public),
            footer=say("footer", version=public["engine_version"]),
            style=Markup("\n".join(_static(name) for name in STYLES)),  # noqa: S704 - own file
            scripts=scripts,
            policy=policy(scripts),
            data=as_script_data(client_data(public, chosen, names, title)),
        )
    )


def hidden_note(public: Row) -> Both:
    """What is hidden, and why."""
    few = public["too_few"]
    return say(
        "hidden_note_few" if few else "hidden_note",
        mark=hidden_mark(),
        limit=public["suppression_limit"] * (FEW if few else 1),
        n=count(public["hidden_figures"]),
    )


def sections(shown: Row) -> list[str]:
    """The parts of the page that have figures, in reading order."""
    needed = {
        "where": "counties",
        "why": "causes",
        "who": "groups",
        "income": "income",
        "exit": "evaluation",
        "places": "exits",
        "first": "concentration",
        "change": "change",
        "crosscheck": "crosscheck",
        "quality": "quality",
        "method": "method",
    }
    has_exits = any(shown["exits"].values())
    return [i for i, key in needed.items() if (has_exits if key == "exits" else shown[key])]


def scripts_of_page() -> list[Markup]:
    """The charts, where they were built, and the page's own script."""
    own = "\n".join(_static(name) for name in SCRIPTS)
    found = [Markup(f'(() => {{\n"use strict";\n{own}\n}})();')]  # noqa: S704 - own files
    charts = files(__package__).joinpath(f"static/{CHARTS}")
    if charts.is_file():
        found.insert(0, Markup(charts.read_text(encoding="utf-8")))  # noqa: S704 - built from the lock
    return found


def policy(scripts: list[Markup]) -> str:
    """What the browser may do with the page: no network at all, and no script but these, told by their hashes."""
    hashes = [
        "'sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() + "'"
        for script in scripts
    ]
    return (
        f"default-src 'none'; script-src {' '.join(hashes)}; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


@cache
def environment() -> Environment:
    """Templates with escaping on; an unknown name is an error."""
    return Environment(
        loader=PackageLoader("jingzhun.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _static(name: str) -> str:
    return files(__package__).joinpath(f"static/{name}").read_text(encoding="utf-8")
