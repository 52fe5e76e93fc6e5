"""YAML as data that still knows where every part stands: one parse through libyaml, YAML 1.2 scalars.

PyYAML alone would read `on:` and `no` as true and false (YAML 1.1) and keep the last of two equal keys;
neither may happen in a file that officers write.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from jingzhun.errors import PackError, Place

LARGEST_FILE = 5_000_000
"""Bytes; a hand-written file never comes near."""

Step: TypeAlias = str | int
_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):  # type: ignore[misc]
    """libyaml's parser with the scalar forms of YAML 1.2 (core schema) and plain dates."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012


def _scalar(tag: str, pattern: str, first: str) -> None:
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(pattern), list(first))


_scalar("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF")
_scalar("timestamp", r"^\d{4}-\d{2}-\d{2}$", "0123456789")
_scalar("int", r"^[-+]?[0-9]+$", "-+0123456789")
_scalar("float", r"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$", "-+.0123456789")
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:null", re.compile(r"^(?:~|null|Null|NULL|)$"), ["~", "n", "N", ""]
)

_CJK = "\u3000-\u303f\u3400-\u9fff\uff00-\uffef\u201c\u201d\u2014"
_FOLD = re.compile(f"(?<=[{_CJK}]) (?=[{_CJK}0-9])|(?<=[0-9]) (?=[{_CJK}])")


@dataclass(frozen=True)
class YamlFile:
    """A file as plain data (`data`), and the places of its parts."""

    path: Path
    shown: str
    """The path as errors print it."""
    data: Any
    text: str = field(repr=False)
    root: Any = field(repr=False)

    def place(self, steps: Sequence[Step], *, of_key: bool = False) -> Place:
        """Where the value at `steps` stands; as near as possible when the last steps do not exist.

        With `of_key`, the place of the last key instead of its value.
        """
        node, key = self._walk(steps)
        mark = (key if of_key and key is not None else node).start_mark
        return Place(self.shown, mark.line + 1, mark.column + 1)

    def place_in_text(self, steps: Sequence[Step], line: int, column: int) -> Place:
        """Where line and column of the text at `steps` (from 1, as parsed) stand in the file."""
        node, _ = self._walk(steps)
        if not isinstance(node, yaml.ScalarNode):
            return self.place(steps)
        before = _visible_before(node.value, line, column)
        offset = self._offset(node.start_mark.line, node.start_mark.column)
        found = _skip_visible(self.text, offset, node.style, before)
        return Place(
            self.shown,
            self.text.count("\n", 0, found) + 1,
            found - (self.text.rfind("\n", 0, found) + 1) + 1,
        )

    def _walk(self, steps: Sequence[Step]) -> tuple[Any, Any]:
        node, key = self.root, None
        for step in steps:
            child, child_key = _child(node, step)
            if child is None:
                break
            node, key = child, child_key
        return node, key

    def _offset(self, line: int, column: int) -> int:
        start = 0
        for _ in range(line):
            start = self.text.index("\n", start) + 1
        return start + column


def _child(node: Any, step: Step) -> tuple[Any, Any]:
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step], None
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(step):
                return value, key
    return None, None


def _visible_before(value: str, line: int, column: int) -> int:
    """How many characters other than blanks stand before (line, column) of a text."""
    lines = value.split("\n")
    head = "\n".join([*lines[: line - 1], (lines[line - 1 : line] or [""])[0][: column - 1]])
    return sum(1 for character in head if not character.isspace())


def _skip_visible(text: str, offset: int, style: str | None, count: int) -> int:
    """Offset in the source of the character after `count` visible ones of a scalar's value."""
    if style in ("|", ">"):
        offset = text.index("\n", offset) + 1
    elif style in ("'", '"'):
        offset += 1
    while offset < len(text):
        if text[offset].isspace():
            offset += 1
            continue
        if count == 0:
            return offset
        escaped = (style == '"' and text[offset] == "\\") or (
            style == "'" and text[offset : offset + 2] == "''"
        )
        offset += 2 if escaped else 1
        count -= 1
    return offset


def read_yaml(path: Path, *, shown: str | None = None) -> YamlFile:
    """A YAML file as data with places. PackError names line and column of what can't be read."""
    name = shown or str(path)
    text = _text(path, name)
    try:
        root = _Loader(text).get_single_node()
    except yaml.YAMLError as error:
        raise _unreadable(error, name, text) from error
    if root is None:
        raise PackError("The file is empty", where=Place(name), do="Delete it or fill it in")
    return YamlFile(path, name, _Reader(name).value(root), text, root)


def _text(path: Path, name: str) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise PackError(
            "The file can't be opened", where=Place(name), why=str(error.strerror)
        ) from error
    if len(raw) > LARGEST_FILE:
        raise PackError(
            f"The file has {len(raw)} bytes, more than {LARGEST_FILE}", where=Place(name)
        )
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise PackError(
            "The file is not UTF-8", where=Place(name, line), do="Save it with encoding UTF-8"
        ) from error


def _unreadable(error: yaml.YAMLError, name: str, text: str) -> PackError:
    mark = getattr(error, "problem_mark", None)
    where = Place(name) if mark is None else Place(name, mark.line + 1, mark.column + 1)
    problem = str(getattr(error, "problem", None) or "this is no YAML")
    return PackError(f"The file can't be read here: {problem}", where=where, do=_hint(mark, text))


def _hint(mark: Any, text: str) -> str:
    lines = text.splitlines() or [""]
    line = "" if mark is None else lines[min(mark.line, len(lines) - 1)]
    if "\t" in line[: len(line) - len(line.lstrip())]:
        return "Indent with blanks, not with tabs"
    if any(sign in line for sign in ("? ", "&&", "||", "has(", '"')):
        return "Put an expression in single quotes, or below a line that ends in  >-"
    return "Texts with a colon, comma or bracket need double quotes; parts of one list need the same indent"


@dataclass
class _Reader:
    """Makes plain data from nodes; each node once, so that anchors can't multiply."""

    shown: str
    made: dict[int, Any] = field(default_factory=dict)

    def value(self, node: Any) -> Any:
        """The data of a node."""
        if id(node) not in self.made:
            self.made[id(node)] = self._make(node)
        return self.made[id(node)]

    def _make(self, node: Any) -> Any:
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node)
        if isinstance(node, yaml.SequenceNode):
            # Claimed before its parts are read: what contains itself ends here.
            items: list[Any] = []
            self.made[id(node)] = items
            items.extend(self.value(item) for item in node.value)
            return items
        return self._scalar(node)

    def _mapping(self, node: Any) -> dict[Any, Any]:
        self.made[id(node)] = found = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise self._error(key_node, "A key must be a single word")
            key = self._scalar(key_node)
            if key in found:
                raise self._error(
                    key_node, f"The key '{key_node.value}' stands twice", do="Keep one of the two"
                )
            value = self.value(value_node)
            found[key] = _FOLD.sub("", value) if key == "zh" and isinstance(value, str) else value
        return found

    def _scalar(self, node: Any) -> Any:
        kind = node.tag.removeprefix("tag:yaml.org,2002:")
        try:
            return _MAKERS.get(kind, str)(node.value)
        except ValueError as error:
            raise self._error(node, f"'{node.value}' is no {_NAMES.get(kind, kind)}") from error

    def _error(self, node: Any, what: str, do: str = "") -> PackError:
        mark = node.start_mark
        return PackError(what, where=Place(self.shown, mark.line + 1, mark.column + 1), do=do)


_NAMES = {"timestamp": "date of the calendar", "int": "whole number", "float": "number"}
_MAKERS: dict[str, Any] = {
    "null": lambda _: None,
    "bool": lambda text: text.lower() == "true",
    "int": int,
    "float": float,
    "timestamp": date.fromisoformat,
}
