"""The house stands as docs/architecture.md says: layers, and what each may touch."""

from __future__ import annotations

import configparser
import re
import subprocess
import sys

from .source import PACKAGE, ROOT, modules


def _contracts() -> configparser.ConfigParser:
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter", encoding="utf-8")
    return contracts


def _floors() -> list[str]:
    layers = _contracts()["importlinter:contract:layers"]["layers"].split("\n")
    return [name.strip() for line in layers for name in line.split("|") if name.strip()]


def test_every_import_contract_is_kept() -> None:
    program = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"

    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr


def test_every_part_of_the_package_stands_on_a_floor() -> None:
    parts = {module.floor for module in modules() if module.floor != "__init__"}

    assert parts - set(_floors()) == set()


def test_every_floor_of_the_contract_exists() -> None:
    missing = [
        f for f in _floors() if not (PACKAGE / f).exists() and not (PACKAGE / f"{f}.py").exists()
    ]

    assert missing == []


def test_the_design_names_every_part_of_the_package() -> None:
    design = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    parts = {module.floor for module in modules() if module.floor != "__init__"}

    unnamed = [part for part in sorted(parts) if not re.search(rf"\b{part}(/|\.py)", design)]

    assert unnamed == []


def test_spark_is_imported_in_frames_only() -> None:
    elsewhere = [
        module.place
        for module in modules()
        if module.floor != "frames" and any(n.split(".")[0] == "pyspark" for n in module.imports())
    ]

    assert elsewhere == []
