"""The command line says what it does, and the documents name commands and options that exist."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

from .commands import commands, real_commands
from .source import ROOT

READMES = ("README.md", "README.zh-Hans.md")


def _documents() -> list[Path]:
    return [*(ROOT / name for name in READMES), *sorted((ROOT / "docs").rglob("*.md"))]


def _lines(document: Path) -> Iterator[tuple[str, list[str]]]:
    """Every line of a document that is a command of ours: the line, and its words."""
    for line in document.read_text(encoding="utf-8").splitlines():
        if not re.match(r"^\s*(\$ )?jingzhun [a-z]", line):
            continue
        text = re.split(r"\s#|\s{3,}|[>|<\[]", line.strip().removeprefix("$ "))[0]
        yield f"{document.name}: {line.strip()}", shlex.split(text)[1:]


def _named(words: list[str]) -> str:
    both = " ".join(words[:2])
    return both if words[0] == "pack" or both in commands() else words[0]


def test_every_command_says_what_it_does() -> None:
    assert [
        name for name, command in real_commands() if len((command.help or "").strip()) < 20
    ] == []


def test_every_option_and_argument_says_what_it_is_for() -> None:
    silent = [
        f"{name} {parameter.name}"
        for name, command in real_commands()
        for parameter in command.params
        if not (getattr(parameter, "help", None) or "").strip()
    ]

    assert silent == []


def test_every_command_is_named_in_both_readmes() -> None:
    missing = [
        f"{readme}: {name}"
        for readme in READMES
        for name, _ in real_commands()
        if not re.search(rf"jingzhun {name}\b", (ROOT / readme).read_text(encoding="utf-8"))
    ]

    assert missing == []


def test_every_command_in_the_documents_exists() -> None:
    unknown = [
        line
        for document in _documents()
        for line, words in _lines(document)
        if commands().get(_named(words)) is None
    ]

    assert unknown == []


def test_every_option_in_the_documents_exists() -> None:
    unknown = []
    for document in _documents():
        for line, words in _lines(document):
            command = commands().get(_named(words))
            known = {o for p in command.params for o in p.opts} if command else set()
            unknown += [line for w in words if w.startswith("--") and w.split("=")[0] not in known]

    assert unknown == []


def test_the_readmes_are_really_read_for_commands() -> None:
    # Guards the tests above: lines that are not recognised would not be found wrong.
    assert all(len(list(_lines(ROOT / name))) >= 10 for name in READMES)


def test_make_targets_in_the_readmes_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, flags=re.MULTILINE))

    named = {
        target
        for readme in READMES
        for target in re.findall(r"`make ([a-z-]+)|^make ([a-z-]+)", _text(readme), re.MULTILINE)
        for target in target
        if target
    }

    assert {"demo", "test"} <= named
    assert named - targets == set()


def _text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")
