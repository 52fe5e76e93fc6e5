"""What the project stands on: each library is declared with a reason, and is really used."""

from __future__ import annotations

import re
import sys
import tomllib
from typing import Any

from .source import ROOT, modules

LINE = re.compile(r'^\s*"(?P<name>[A-Za-z0-9-]+)[^"]*",?\s*(?P<rest>.*)$')
IMPORTED_AS = {"cel-python": "celpy", "ruamel-yaml": "ruamel", "pyyaml": "yaml"}
COMES_WITH = {
    "lark": "cel-python",
    "pydantic_core": "pydantic",
    "click": "typer",
    "markupsafe": "jinja2",
}
"""Imported packages that a declared one brings and whose version it fixes."""


def _project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def _declared() -> set[str]:
    """Names of all dependencies, optional ones and groups included."""
    project = _project()
    groups = [project["project"]["dependencies"], *project["dependency-groups"].values()]
    groups += project["project"].get("optional-dependencies", {}).values()
    return {re.split(r"[^A-Za-z0-9-]", text)[0] for group in groups for text in group}


def test_every_dependency_says_why_it_is_there() -> None:
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    found = [match for line in lines if (match := LINE.match(line))]
    reasons: dict[str, list[str]] = {}
    for match in found:
        reasons.setdefault(match["name"], []).append(match["rest"])

    silent = [
        name
        for name in _declared()
        if name not in reasons or not all(re.match(r"# \S.{10,}", rest) for rest in reasons[name])
    ]

    assert silent == []


def test_every_library_that_is_imported_is_declared() -> None:
    declared = {IMPORTED_AS.get(name, name).replace("-", "_") for name in _declared()}
    imported = {name.split(".")[0] for module in modules() for name in module.imports()}
    foreign = imported - set(sys.stdlib_module_names) - {"jingzhun", "__future__"}

    assert foreign - declared - set(COMES_WITH) == set()


def test_every_library_the_engine_declares_is_imported() -> None:
    names = [re.split(r"[^A-Za-z0-9-]", text)[0] for text in _project()["project"]["dependencies"]]
    imported = {name.split(".")[0] for module in modules() for name in module.imports()}

    unused = [n for n in names if IMPORTED_AS.get(n, n).replace("-", "_") not in imported]

    assert unused == []
